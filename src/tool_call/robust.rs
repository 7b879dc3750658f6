//! What goes beyond the originals: thinking, truncated calls, faulty JSON.

use super::reader::{Known, Reader};
use super::scan::{Cut, Mark, find, pairs, slice};
use super::{Format, Options, Parsed, ToolCall};
use crate::python::json::loads_leniently;
use crate::python::repair::{Repair, Repairs};
use crate::python::text::{skip_start, strip, strip_end};
use crate::python::value::Value;
use crate::span::Span;

const THINK: &str = "<think>";
const THINK_CLOSE: &str = "</think>";

/// The calls outside of thinking, and word of those inside and of the one that the text ends in. That
/// one is read if nothing but its closing tag is missing, and told otherwise.
pub(super) fn parse(text: &str, format: &Format, options: &Options) -> Parsed {
    let thinking = find_thinking(text, format);
    let mut in_thinking = Vec::new();
    for part in &thinking {
        let mut cut = Cut::new(slice(text, *part), &[]);
        for call in &format.read(&mut cut, Known::NOTHING, options).calls {
            let Span { start, end } = call.span();
            in_thinking.push(Span::new(part.start + start, part.start + end));
        }
    }
    let mut known = Known {
        in_thinking: &in_thinking,
        ..Known::NOTHING
    };
    let mut cut = Cut::new(text, &thinking);
    let mut closed = 0;
    for pair in pairs(&cut.text, &Mark::pair(format.open, format.close)) {
        closed = pair.span.end;
    }
    if let Some(open) = find(&cut.text, format.open, closed) {
        known.open = cut.place(open);
        let rest = strip_end(&cut.text);
        if rest.ends_with(format.last) {
            cut.text = [rest, format.close].concat();
            let parsed = format.read(&mut cut, known, options);
            let is_read = |call: &ToolCall| matches!(call, ToolCall::Call { span, .. } if span.end > known.open);
            if parsed.calls.iter().any(is_read) {
                return parsed;
            }
            cut = Cut::new(text, &thinking);
        }
        known.is_truncated = true;
    }
    format.read(&mut cut, known, options)
}

/// The parts of a text that are thinking. Tags inside of a call are the call's own.
fn find_thinking(text: &str, format: &Format) -> Vec<Span> {
    // Each with the place where it stands next.
    let mut tags = [
        (THINK, THINK_CLOSE),
        (THINK_CLOSE, THINK_CLOSE),
        (format.open, format.close),
    ]
    .map(|(open, close)| (0, open, close));
    let mut parts: Vec<Span> = Vec::new();
    let mut from = 0;
    loop {
        let mut first = (text.len(), "", "");
        for tag in &mut tags {
            let (place, open, _) = tag;
            if *place <= from {
                *place = find(text, open, from).unwrap_or(text.len());
            }
            if *place < first.0 {
                first = *tag;
            }
        }
        let (at, open, close) = first;
        if open.is_empty() {
            return parts;
        }
        let end = find(text, close, at).map(|end| end + close.len());
        from = end.unwrap_or(text.len());
        // The first may be the end of thinking that began in the prompt.
        let start = match open {
            THINK => at,
            THINK_CLOSE if parts.is_empty() => 0,
            _ => continue,
        };
        parts.push(Span::new(start, from));
    }
}

/// A faulty JSON text with one sensible reading, in a fence or not.
pub(super) fn read_json(body: &str, repairs: &mut Repairs) -> Option<Value> {
    let mut json = strip(body);
    let fenced = json
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"));
    if let Some(fenced) = fenced {
        json = strip(skip_start(fenced, &|c| c.is_ascii_alphanumeric()));
    }
    let (value, more) = loads_leniently(json)?;
    repairs.join(more);
    if fenced.is_some() {
        repairs.add(Repair::Fence);
    }
    Some(value)
}

/// Puts the object in the place of arguments that are a string with JSON in it.
pub(super) fn decode_arguments(reader: &mut Reader<'_>, arguments: &mut Value) {
    let repairs = reader.repairs;
    let decoded = arguments.as_str().map(|text| reader.read_json(text));
    if let Some(Ok(object @ Value::Dict(_))) = decoded {
        reader.repairs.add(Repair::ArgumentsInString);
        *arguments = object;
    } else {
        reader.repairs = repairs;
    }
}

/// Whether a value stays the text that it is, although that is JSON: the schema of the tool asks
/// for a text.
pub(super) fn keeps_text(reader: &mut Reader<'_>, parameter: &str) -> bool {
    let options = reader.options;
    let kind = options.type_of(reader.name, parameter);
    let keeps = options.robust && kind.is_some_and(|kind| kind.eq_ignore_ascii_case("string"));
    if keeps {
        reader.repairs.add(Repair::TextKept);
    }
    keeps
}

#[cfg(test)]
mod tests {
    use super::super::{FORMATS, Tool, parse_tool_calls};
    use super::*;

    /// What the calls of a text come to, one word or line each.
    fn read(format: &str, text: &str) -> Vec<String> {
        let tool = Tool {
            name: "f".to_owned(),
            parameters: vec![("code".to_owned(), Some("string".to_owned()))],
            required: Vec::new(),
        };
        let options = Options {
            tools: vec![tool],
            robust: true,
            ..Options::default()
        };
        let format = Format::from_name(format).unwrap();
        let parsed = parse_tool_calls(text, format, &options);
        let show = |call: &ToolCall| match call {
            ToolCall::Call {
                arguments, repairs, ..
            } => {
                let names: Vec<_> = repairs.names().collect();
                format!("{} {}", arguments.to_string_lossy(), names.join(" "))
            }
            ToolCall::Unreadable { reason, .. } => reason.to_string_lossy(),
            ToolCall::Truncated { span } => format!("truncated {}", slice(text, *span)),
            ToolCall::InThinking { span } => format!("thinking {}", slice(text, *span)),
        };
        parsed.calls.iter().map(show).collect()
    }

    fn hermes(arguments: &str) -> Vec<String> {
        let call =
            format!("<tool_call>\n{{\"name\": \"f\", \"arguments\": {arguments}}}\n</tool_call>");
        read("hermes", &call)
    }

    #[test]
    fn common_faults_of_json_are_repaired_and_told() {
        for (arguments, read) in [
            (r#"{"code": "1"}"#, r#"{"code": "1"} "#),
            (
                "{\"code\": \"a\n\tb\"}",
                r#"{"code": "a\n\tb"} control_character"#,
            ),
            (r#"{"code": "1",}"#, r#"{"code": "1"} trailing_comma"#),
            (r#"{"a": [1, 2,],}"#, r#"{"a": [1, 2]} trailing_comma"#),
            (r"{'code': 'it\'s'}", r#"{"code": "it's"} single_quotes"#),
            (
                r#"{"a": True, "b": None}"#,
                r#"{"a": true, "b": null} python_constant"#,
            ),
            (
                r#"{"code": "print("a", "b")"}"#,
                r#"{"code": "print(\"a\", \"b\")"} inner_quote"#,
            ),
            (
                r#"{"code": "d = {"k": 1}", "n": 2}"#,
                r#"{"code": "d = {\"k\": 1}", "n": 2} inner_quote"#,
            ),
            (
                r#""{\"code\": \"1\"}""#,
                r#"{"code": "1"} arguments_in_string"#,
            ),
            (r#""not json""#, r#""not json" "#),
        ] {
            assert_eq!(hermes(arguments), [read], "{arguments}");
        }
    }

    #[test]
    fn the_arguments_of_gpt_oss_stay_as_written_unless_repaired() {
        let message = |json: &str| {
            format!(
                "<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{json}<|call|>"
            )
        };
        assert_eq!(read("gpt-oss", &message("{\"a\":1}")), ["{\"a\":1} "]);
        assert_eq!(
            read("gpt-oss", &message("{\"a\":1,}")),
            ["{\"a\": 1} trailing_comma"]
        );
        let reason = "Expecting value: line 1 column 1 (char 0)";
        assert_eq!(read("gpt-oss", &message("print(1)")), [reason]);
    }

    #[test]
    fn json_in_a_fence_is_read() {
        let text = "<tool_call>\n```json\n{\"name\": \"f\", \"arguments\": {}}\n```\n</tool_call>";
        assert_eq!(read("hermes", text), ["{} fence"]);
    }

    #[test]
    fn what_has_no_one_reading_stays_unreadable() {
        let reason = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
        assert_eq!(read("hermes", "<tool_call>{name: 1}</tool_call>"), [reason]);
    }

    #[test]
    fn calls_in_thinking_are_told_apart() {
        let call = r#"<tool_call>{"name": "f", "arguments": {}}</tool_call>"#;
        let thinking = format!("thinking {call}");
        let cases = [
            (
                format!("<think>{call}</think>{call}"),
                vec![thinking.as_str(), "{} "],
            ),
            (
                format!("{call}</think>{call}"),
                vec![thinking.as_str(), "{} "],
            ),
            (
                format!("{call}<think>{call}"),
                vec!["{} ", thinking.as_str()],
            ),
        ];
        for (text, calls) in cases {
            assert_eq!(read("hermes", &text), calls, "{text}");
        }
    }

    #[test]
    fn tags_of_thinking_in_a_call_are_its_own() {
        let text = r#"<tool_call>{"name": "f", "arguments": {"code": "<think>"}}</tool_call>"#;
        assert_eq!(read("hermes", text), [r#"{"code": "<think>"} "#]);
    }

    #[test]
    fn a_call_without_nothing_but_its_end_is_read() {
        let text = r#"<tool_call>{"name": "f", "arguments": {"a": 1}}"#;
        assert_eq!(read("hermes", text), [r#"{"a": 1} missing_end"#]);
        let text = "<tool_call>\n<function=f>\n<parameter=code>\n1\n</parameter>\n</function>\n";
        assert_eq!(read("qwen3_coder", text), [r#"{"code": "1"} missing_end"#]);
        let text = "<tool_call>f\n<arg_key>n</arg_key>\n<arg_value>1</arg_value>\n";
        assert_eq!(read("glm", text), [r#"{"n": 1} missing_end"#]);
        let text = "<|tool_call>call:f{n:1}";
        assert_eq!(read("gemma4", text), [r#"{"n": 1} missing_end"#]);
        let text = "<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\": 1}";
        assert_eq!(read("gpt-oss", text), [r#"{"a": 1} missing_end"#]);
    }

    #[test]
    fn a_call_that_is_cut_off_is_told() {
        let cases = [
            ("hermes", r#"<tool_call>{"name": "f", "arguments": {"co"#),
            (
                "qwen3_coder",
                "<tool_call>\n<function=f>\n<parameter=code>\n1",
            ),
            ("glm", "<tool_call>f\n<arg_key>code</arg_key>\n<arg_value>1"),
            ("gemma4", "<|tool_call>call:f{n:1"),
            (
                "gpt-oss",
                "<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a",
            ),
        ];
        for (format, text) in cases {
            let open = Format::from_name(format).unwrap().open;
            let cut_off = text.find(open).and_then(|start| text.get(start..)).unwrap();
            assert_eq!(read(format, text), [format!("truncated {cut_off}")]);
        }
    }

    #[test]
    fn a_text_without_calls_has_none() {
        // ROLL alone answers such a text.
        for format in FORMATS
            .iter()
            .filter(|format| format.name != "roll_qwen3_coder")
        {
            assert_eq!(read(format.name, "no call <think>x</think> here"), [""; 0]);
        }
        let message = "<|start|>assistant<|channel|>final<|message|>done<|return|>";
        assert_eq!(read("gpt-oss", message), [""; 0]);
    }

    #[test]
    fn code_that_is_json_stays_a_text_where_the_schema_says_so() {
        let text = "<tool_call>f\n<arg_key>code</arg_key>\n<arg_value>1</arg_value>\n</tool_call>";
        assert_eq!(read("glm", text), [r#"{"code": "1"} text_kept"#]);
    }

    #[test]
    fn one_bad_call_takes_no_other_with_it() {
        let text =
            "<tool_call>{}</tool_call><tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>";
        assert_eq!(read("rllm_qwen", text), ["'name'", "{} "]);
    }
}
