//! verl's rollout dump: `input`, `output`, `score` and `step`, one object a line
//! (`verl/trainer/ppo/ray_trainer.py`, `_dump_generations`, commit b178a3cd56f5).
//!
//! The text was decoded without special tokens, so a turn begins where its role stands alone on a
//! line: `assistant`, `tool`, `user`, `system`.

use super::json::read_number;
use super::steps::{Step, read_turn};
use super::{LogFormat, Rollout};
use crate::python::value::Value;
use crate::select::Choice;

/// `None` when `value` is not of this format.
pub(super) fn read(value: &Value) -> Option<Rollout> {
    let output = value.get("output")?.to_text()?;
    let step = value.get("step").and_then(read_number);
    #[expect(clippy::cast_possible_truncation, reason = "a count of training steps")]
    let training_step = step.filter(|step| step.is_finite()).map(|step| step as i64);
    Some(Rollout {
        format: LogFormat::Verl,
        input: value
            .get("input")
            .and_then(Value::to_text)
            .unwrap_or_default(),
        score: value.get("score").and_then(read_number),
        training_step,
        steps: read_steps(&output),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Assistant,
    Tool,
    User,
    System,
}

impl Role {
    fn from_line(line: &str) -> Option<Self> {
        match line.trim_end() {
            "assistant" => Some(Self::Assistant),
            "tool" => Some(Self::Tool),
            "user" => Some(Self::User),
            "system" => Some(Self::System),
            _ => None,
        }
    }
}

/// Cuts a text where a role stands alone on a line; what stands before the first is the model's.
fn split_turns(text: &str) -> Vec<(Role, &str)> {
    let mut turns = Vec::new();
    let mut role = Role::Assistant;
    let (mut start, mut position) = (0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(next) = Role::from_line(line) {
            turns.push((role, text.get(start..position).unwrap_or_default()));
            role = next;
            start = position + line.len();
        }
        position += line.len();
    }
    turns.push((role, text.get(start..).unwrap_or_default()));
    turns.retain(|(role, turn)| *role == Role::Tool || !turn.trim().is_empty());
    turns
}

fn read_steps(output: &str) -> Vec<Step> {
    let turns = split_turns(output);
    let mut steps = Vec::new();
    let mut turns = turns.iter().peekable();
    while let Some((role, turn)) = turns.next() {
        if *role != Role::Assistant {
            continue;
        }
        let answer = turns
            .peek()
            .and_then(|(role, turn)| read_answer(*role, turn));
        steps.extend(read_turn(turn, Choice::First, answer));
    }
    if steps.is_empty() {
        steps.extend(read_turn("", Choice::First, None));
    }
    steps
}

/// The observation in the turn after the model's: a `tool` turn whole, a `user` turn only when it
/// is one of the wrappers in which chat templates put a tool's answer.
fn read_answer(role: Role, turn: &str) -> Option<&str> {
    let wrapped = ["tool_response", "interpreter"]
        .iter()
        .find_map(|tag| unwrap_tag(turn, tag));
    match role {
        Role::Tool => Some(wrapped.unwrap_or(turn)),
        Role::User => wrapped,
        Role::Assistant | Role::System => None,
    }
}

/// The text between the first `<tag>` line and the `</tag>` after it.
fn unwrap_tag<'a>(turn: &'a str, tag: &str) -> Option<&'a str> {
    let body = turn.trim_start().strip_prefix(&format!("<{tag}>"))?;
    let (body, _) = body.split_once(&format!("</{tag}>"))?;
    Some(body.strip_prefix('\n').unwrap_or(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json::loads;

    fn recorded(output: &str) -> Vec<Option<String>> {
        read_steps(output)
            .into_iter()
            .map(|step| step.recorded)
            .collect()
    }

    #[test]
    fn a_tool_turn_is_the_observation_of_the_turn_before_it() {
        let output = "assistant\nhm\n```python\n1\n```\ntool\n220000.0\n\nassistant\nDone";
        assert_eq!(recorded(output), [Some("220000.0\n\n".to_owned()), None]);
    }

    #[test]
    fn an_empty_tool_turn_is_an_empty_observation() {
        assert_eq!(
            recorded("a\ntool\nassistant\nb"),
            [Some(String::new()), None]
        );
    }

    #[test]
    fn a_wrapped_user_turn_is_an_observation_and_another_is_not() {
        let output = "a\nuser\n<tool_response>\n7\n</tool_response>\nassistant\nb\nuser\nthanks\nassistant\nc";
        assert_eq!(recorded(output), [Some("7\n".to_owned()), None, None]);
    }

    #[test]
    fn fields_may_be_missing_or_numbers_written_as_texts() {
        let rollout =
            read(&loads(r#"{"output": "x", "score": "0.5", "step": "3"}"#).unwrap()).unwrap();
        assert_eq!(rollout.score, Some(0.5));
        assert_eq!(rollout.training_step, Some(3));
        let rollout = read(&loads(r#"{"output": ""}"#).unwrap()).unwrap();
        assert_eq!(
            (rollout.score, rollout.training_step, rollout.steps.len()),
            (None, None, 1)
        );
    }
}
