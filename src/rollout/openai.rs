//! Messages as `OpenAI`'s API takes them, a conversation a line: `messages`, a `prompt` with a `completion`
//! as verifiers writes them, `conversations` as `ShareGPT` does, or a bare list.

use super::json::find_member;
use super::messages::{is_message, read_messages};
use super::turns::{Role, Turn, join_turns};
use super::{LogFormat, ReadOptions, Rollout};
use crate::python::value::Value;

pub(super) const LISTS: [&str; 3] = ["messages", "conversations", "conversation"];

pub(super) fn is_conversation(value: &Value) -> bool {
    // A list of nothing says nothing about what it lists.
    let is_list = |messages: &[Value]| !messages.is_empty() || value.get("messages").is_some();
    find_messages(value)
        .is_some_and(|messages| is_list(messages) && messages.iter().all(is_message))
}

fn find_messages(value: &Value) -> Option<&[Value]> {
    let list = || find_member(value, &LISTS)?.as_list();
    value
        .as_list()
        .or_else(list)
        .or_else(|| value.get("completion")?.as_list())
}

pub(super) fn read(value: Value, options: &ReadOptions) -> Rollout {
    let mut turns = Vec::new();
    let messages = find_messages(&value).unwrap_or_default();
    if find_member(&value, &LISTS).is_none() && value.as_list().is_none() {
        match value.get("prompt") {
            Some(Value::List(prompt)) => turns = read_messages(prompt),
            Some(Value::Str(prompt)) => {
                turns.push(Turn::new(Role::User, prompt.to_string_lossy(), true));
            }
            _ => {}
        }
        for turn in &mut turns {
            turn.given = true;
        }
    }
    turns.extend(read_messages(messages));
    read_turns(LogFormat::OpenAi, turns, value, options)
}

/// A rollout of messages: what was given, as a chat template would write it.
pub(super) fn read_turns(
    format: LogFormat,
    turns: Vec<Turn>,
    source: Value,
    options: &ReadOptions,
) -> Rollout {
    let input = join_turns(turns.iter().filter(|turn| turn.given));
    Rollout {
        input,
        ..Rollout::new(format, turns, source, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout::read_line;

    fn read_json(json: &str) -> Rollout {
        read_line(json, &ReadOptions::default()).unwrap()
    }

    fn facts(rollout: &Rollout) -> Vec<(Option<&str>, Option<&str>)> {
        let code = |step: &'_ super::super::Step| step.program.is_some();
        assert!(rollout.steps.iter().any(code));
        rollout
            .steps
            .iter()
            .map(|step| {
                (
                    step.program.as_ref().map(|program| program.code.as_str()),
                    step.recorded.as_deref(),
                )
            })
            .collect()
    }

    #[test]
    fn answers_find_their_calls_by_identifier() {
        let rollout = read_json(
            r#"{"messages": [{"role": "user", "content": "q"},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "c", "arguments": "{\"code\": \"1\"}"}},
                {"id": "b", "type": "function", "function": {"name": "c", "arguments": "{\"code\": \"2\"}"}}]},
            {"role": "tool", "tool_call_id": "b", "content": "two"},
            {"role": "tool", "tool_call_id": "a", "content": [{"type": "text", "text": "o"}, {"type": "text", "text": "ne"}]},
            {"role": "assistant", "content": "Done"}], "reward": 0.5}"#,
        );
        assert_eq!(
            facts(&rollout),
            [
                (Some("1"), Some("one")),
                (Some("2"), Some("two")),
                (None, None)
            ]
        );
        assert_eq!(
            (rollout.score, rollout.input.as_str()),
            (Some(0.5), "user\nq\n")
        );
    }

    #[test]
    fn code_in_text_is_answered_by_the_tools_turn() {
        let rollout = read_json(
            r#"[{"role": "assistant", "content": "```python\n1\n```"}, {"role": "tool", "content": "1"}, {"from": "gpt", "value": "x"}]"#,
        );
        assert_eq!(facts(&rollout), [(Some("1\n"), Some("1")), (None, None)]);
    }

    #[test]
    fn a_prompt_and_a_completion_are_one_conversation() {
        let rollout = read_json(
            r#"{"prompt": [{"role": "system", "content": "s"}, {"role": "assistant", "content": "shot"}],
            "completion": [{"role": "assistant", "content": "```python\n1\n```"}]}"#,
        );
        assert_eq!(facts(&rollout), [(Some("1\n"), None)]);
    }

    #[test]
    fn a_tool_that_runs_python_may_take_bare_code() {
        let rollout = read_json(
            r#"[{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "python", "arguments": "print(1)"}}]}, {"role": "tool", "content": "1"}]"#,
        );
        assert_eq!(facts(&rollout), [(Some("print(1)"), Some("1"))]);
    }

    #[test]
    fn results_among_parts_are_answers() {
        let rollout = read_json(
            r#"[{"role": "assistant", "content": [{"type": "text", "text": "t"}, {"type": "tool_use", "id": "i", "name": "python", "input": {"code": "1"}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "i", "content": "one"}]}]"#,
        );
        assert_eq!(facts(&rollout), [(Some("1"), Some("one"))]);
    }
}
