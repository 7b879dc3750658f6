//! The hermes format: a JSON object `{"name": …, "arguments": …}` between `<tool_call>` and
//! `</tool_call>`, as verl's `HermesToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit b178a3cd56f5).

use serde_json::Value;

use super::ToolCall;
use crate::span::Span;

const OPEN: &str = "<tool_call>";
const CLOSE: &str = "</tool_call>";

/// Finds every closed pair of tags in `text`, in order. A call without its closing tag is not a
/// call yet.
#[must_use]
pub fn extract_hermes(text: &str) -> Vec<ToolCall> {
    let mut calls = Vec::new();
    let mut from = 0;
    while let Some((start, body)) = text.get(from..).and_then(|rest| find_pair(rest, from)) {
        from = body.end + CLOSE.len();
        let span = Span::new(start, from);
        calls.push(match read_body(body.of(text).unwrap_or_default()) {
            Ok((name, arguments)) => ToolCall::Call {
                name,
                arguments,
                span,
            },
            Err(reason) => ToolCall::Unreadable { reason, span },
        });
    }
    calls
}

/// The start of the first call in `rest` and the span of its body, both counted from `offset`.
fn find_pair(rest: &str, offset: usize) -> Option<(usize, Span)> {
    let start = rest.find(OPEN)?;
    let body = start + OPEN.len();
    let length = rest.get(body..)?.find(CLOSE)?;
    Some((
        offset + start,
        Span::new(offset + body, offset + body + length),
    ))
}

fn read_body(body: &str) -> Result<(String, Value), String> {
    let mut value: Value =
        serde_json::from_str(body.trim()).map_err(|error| format!("not JSON: {error}"))?;
    let name = value.get("name").and_then(Value::as_str).map(str::to_owned);
    let arguments = value.get_mut("arguments").map(Value::take);
    match (name, arguments) {
        (Some(name), Some(arguments)) => Ok((name, arguments)),
        (None, _) => Err("expected a `name` that is a text".to_owned()),
        (_, None) => Err("expected `arguments`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn calls_are_read_with_their_spans() {
        let text =
            "é<tool_call>\n{\"name\": \"a\", \"arguments\": {\"code\": \"1\"}}\n</tool_call>!";
        let calls = extract_hermes(text);
        let span = Span::new(2, text.len() - 1);
        let expected = ToolCall::Call {
            name: "a".into(),
            arguments: json!({"code": "1"}),
            span,
        };
        assert_eq!(calls, [expected]);
    }

    #[test]
    fn a_call_that_cannot_be_read_is_a_value() {
        let reasons: Vec<_> = ["{", "{\"arguments\": {}}", "{\"name\": \"a\"}"]
            .iter()
            .flat_map(|body| extract_hermes(&format!("<tool_call>{body}</tool_call>")))
            .map(|call| match call {
                ToolCall::Unreadable { reason, .. } => reason,
                ToolCall::Call { .. } => panic!("{call:?}"),
            })
            .collect();
        assert_eq!(
            reasons,
            [
                "not JSON: EOF while parsing an object at line 1 column 1",
                "expected a `name` that is a text",
                "expected `arguments`",
            ]
        );
    }

    #[test]
    fn an_unclosed_call_is_not_a_call_yet() {
        assert_eq!(
            extract_hermes("<tool_call>{\"name\": \"a\", \"arguments\": {}}"),
            []
        );
    }
}
