//! One message of a conversation in, turns out, whatever a log calls its members.

use super::json::find_member;
use super::turns::{Call, Role, Turn};
use crate::python::json_write::{Escape, dumps};
use crate::python::value::Value;

pub(super) const CONTENTS: [&str; 3] = ["content", "value", "message"];
const THOUGHTS: [&str; 4] = [
    "reasoning_content",
    "reasoning",
    "reasoningContent",
    "thinking",
];

/// Whether a value has what a message has: a role, or `from` as `ShareGPT`'s logs call it.
pub(super) fn is_message(value: &Value) -> bool {
    matches!(find_member(value, &["role", "from"]), Some(Value::Str(_)))
}

/// The turns in a list of messages. What stands before the first that the model wrote was given.
pub(super) fn read_messages(messages: &[Value]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut given = true;
    for message in messages {
        let role = find_member(message, &["role", "from"]).and_then(Value::as_str);
        let role = Role::from_message(role.unwrap_or_default());
        given &= role != Role::Assistant;
        read_message(message, role, given, &mut turns);
    }
    turns
}

/// Reads one message: its text, its thoughts, its calls. A result of a tool that stands among the parts of
/// its content is a turn of the tool.
pub(super) fn read_message(message: &Value, role: Role, given: bool, turns: &mut Vec<Turn>) {
    let mut turn = Turn::new(role, String::new(), given);
    let mut results = Vec::new();
    let content = find_member(message, &CONTENTS);
    match content {
        Some(Value::List(parts)) => {
            for part in parts {
                read_part(part, &mut turn, &mut results);
            }
        }
        Some(Value::Str(text)) => turn.text = text.to_string_lossy(),
        _ => {}
    }
    let thinking = find_member(message, &THOUGHTS).and_then(Value::to_text);
    turn.thinking = thinking.or(turn.thinking);
    let calls = find_member(message, &["tool_calls", "toolCalls"]).and_then(Value::as_list);
    turn.calls
        .extend(calls.unwrap_or_default().iter().map(read_call));
    // `OpenAI`'s API before there were several calls.
    turn.calls
        .extend(message.member("function_call").map(read_call));
    turn.call_id = find_member(message, &["tool_call_id", "toolCallId"]).and_then(Value::to_text);
    if results.is_empty() || !turn.text.is_empty() || !turn.calls.is_empty() {
        turns.push(turn);
    }
    turns.extend(results);
}

/// A part of a content: a text, a thought, a call or a result of one. Others, as images, have no text.
fn read_part(part: &Value, turn: &mut Turn, results: &mut Vec<Turn>) {
    match part.get("type").and_then(Value::as_str) {
        Some("thinking") => turn.thinking = part.get("thinking").and_then(Value::to_text),
        Some("tool_use") => turn.calls.push(read_call(part)),
        Some("tool_result") => {
            let mut answer = Vec::new();
            read_message(part, Role::Tool, turn.given, &mut answer);
            for mut answer in answer {
                answer.call_id = part.get("tool_use_id").and_then(Value::to_text);
                results.push(answer);
            }
        }
        _ => {
            let text = part.to_text().or_else(|| part.get("text")?.to_text());
            turn.text.push_str(&text.unwrap_or_default());
        }
    }
}

/// A call: `function` with `name` and `arguments`, or those members themselves.
pub(super) fn read_call(call: &Value) -> Call {
    let function = call
        .member("function")
        .filter(|function| matches!(function, Value::Dict(_)));
    let function = function.unwrap_or(call);
    let name = find_member(function, &["name", "function_name"]).and_then(Value::to_text);
    let arguments = find_member(function, &["arguments", "input"]);
    Call {
        id: find_member(call, &["id", "tool_call_id"]).and_then(Value::to_text),
        name: name.unwrap_or_default(),
        arguments: arguments.cloned().unwrap_or(Value::None),
    }
}

/// The arguments of a call as JSON text: as a rule they are logged as that.
pub(super) fn write_arguments(arguments: &Value) -> String {
    match arguments {
        Value::Str(text) => text.to_string_lossy(),
        other => dumps(other, Escape::Surrogates)
            .unwrap_or_default()
            .to_string_lossy(),
    }
}
