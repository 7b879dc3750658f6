//! verl's rollout dump: `input`, `output`, `gts`, `score` and `step`, then reward extras and `uid`, one
//! object a line (`verl/trainer/ppo/ray_trainer.py`, `_dump_generations`, commit b178a3cd56f5).
//!
//! The text was decoded without special tokens, so a turn begins where its role stands alone on a
//! line.

use super::json::read_text;
use super::turns::{Role, split_turns};
use super::{LogFormat, ReadOptions, Rollout};
use crate::python::value::Value;

/// Whether `value` has a text `output`, and a text `input` too where it has messages as well.
pub(super) fn is_row(value: &Value) -> bool {
    let is_text = |name| matches!(value.get(name), Some(Value::Str(_)));
    is_text("output") && (is_text("input") || value.get("messages").is_none())
}

pub(super) fn read(value: Value, options: &ReadOptions) -> Rollout {
    let input = read_text(&value, "input").unwrap_or_default();
    let output = read_text(&value, "output").unwrap_or_default();
    let mut turns = split_turns(&input, Role::User, true);
    turns.extend(split_turns(&output, Role::Assistant, false));
    let rollout = Rollout::new(LogFormat::Verl, turns, value, options);
    let group = rollout.id.as_deref().map(group_of).map(str::to_owned);
    Rollout {
        input,
        group: rollout.source.get("uid").and(group).or(rollout.group),
        ..rollout
    }
}

/// The sample in a `uid`: in verl's v1 trainer it is `{sample}_{session}_{index}`, else the sample alone.
pub(super) fn group_of(uid: &str) -> &str {
    let mut parts = uid.rsplitn(3, '_');
    let mut is_number = || {
        let part = parts.next().unwrap_or_default();
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbers = is_number() && is_number();
    parts.next().filter(|_| numbers).unwrap_or(uid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout::read_line;

    fn read_json(json: &str) -> Rollout {
        read_line(json, &ReadOptions::default()).unwrap()
    }

    fn recorded(output: &str) -> Vec<Option<String>> {
        let value = crate::python::json::loads("{\"output\": 0}").unwrap();
        let Value::Dict(mut entries) = value else {
            return Vec::new();
        };
        entries[0].1 = Value::Str(output.into());
        let rollout = read(Value::Dict(entries), &ReadOptions::default());
        rollout
            .steps
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
        let rollout = read_json(r#"{"output": "x", "score": "0.5", "step": "3"}"#);
        assert_eq!(rollout.score, Some(0.5));
        assert_eq!(rollout.training_step, Some(3));
        let rollout = read_json(r#"{"output": ""}"#);
        assert_eq!(
            (rollout.score, rollout.training_step, rollout.steps.len()),
            (None, None, 1)
        );
    }

    #[test]
    fn the_prompt_is_cut_into_turns_that_were_given() {
        let rollout = read_json(r#"{"input": "system\nS\nuser\nQ\nassistant\n", "output": "A"}"#);
        let turns: Vec<_> = rollout
            .turns
            .iter()
            .map(|turn| (turn.role, turn.text.as_str(), turn.given))
            .collect();
        assert_eq!(
            turns,
            [
                (Role::System, "S\n", true),
                (Role::User, "Q\n", true),
                (Role::Assistant, "A", false)
            ]
        );
        assert_eq!(rollout.steps[0].turn, 2);
    }

    #[test]
    fn rollouts_of_a_sample_are_a_group() {
        assert_eq!(group_of("12_0_3"), "12");
        assert_eq!(group_of("a_b_7_1_0"), "a_b_7");
        assert_eq!(
            group_of("0b5c0cbe-2f0e-4f0e-9a57-1b3c"),
            "0b5c0cbe-2f0e-4f0e-9a57-1b3c"
        );
        assert_eq!(group_of("x_1"), "x_1");
    }

    #[test]
    fn reward_extras_are_kept() {
        let rollout = read_json(
            r#"{"input": "", "output": "", "gts": null, "score": NaN, "step": 1, "acc": 1.0, "pred": "7"}"#,
        );
        let names: Vec<_> = rollout
            .extras()
            .filter_map(|(key, _)| key.as_str())
            .collect();
        assert_eq!(names, ["gts", "acc", "pred"]);
        assert!(rollout.score.unwrap().is_nan());
    }
}
