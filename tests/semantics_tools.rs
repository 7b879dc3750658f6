//! Tool calls and the answers to them against what the original functions gave: the vectors in
//! `tests/vectors/semantics`, run natively. `npm run vectors` runs them through the package.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a vector that cannot be read fails its test"
)]

use std::path::Path;

use fencerun::python::json::loads;
use fencerun::python::repr::repr;
use fencerun::python::string::PythonString;
use fencerun::python::value::Value;
use fencerun::tool_call::reply::{
    LoopOptions, Outcome, Side, Wording, describe_missing_get, read_function_result, reply,
    truncate, write_gpt_oss_replies,
};
use fencerun::tool_call::{Exception, Format, Options, Parsed, Tool, ToolCall, parse_tool_calls};

type Answer = Result<Value, Exception>;

/// Runs every case of a function and shows the first that differs.
fn check(function: &str, answer: impl Fn(&Value, &Value) -> Answer) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors/semantics")
        .join(format!("{function}.jsonl"));
    let lines = std::fs::read_to_string(path).unwrap();
    let mut differing = Vec::new();
    let total = lines.lines().count();
    for line in lines.lines() {
        let case = loads(line).unwrap();
        let got = answer(case.get("input").unwrap(), case.get("kwargs").unwrap());
        let expected = match case.get("raises") {
            None => Ok(case.get("output").unwrap().clone()),
            Some(raises) => Err((raises.get("type").unwrap(), raises.get("message").unwrap())),
        };
        let same = match (&got, &expected) {
            (Ok(got), Ok(expected)) => got == expected,
            (Err(got), Err((kind, message))) => {
                kind.as_str() == Some(got.type_name) && **message == Value::Str(got.message.clone())
            }
            _ => false,
        };
        if !same {
            let input = repr(case.get("input").unwrap());
            differing.push(format!(
                "input {input:?}\nexpected {expected:?}\ngot {got:?}"
            ));
        }
    }
    let count = differing.len();
    assert!(
        count == 0,
        "{function}: {count} of {total} differ\n{}",
        differing[0]
    );
    assert!(total > 0, "{function} has no cases");
}

fn str(text: impl Into<PythonString>) -> Value {
    Value::Str(text.into())
}

fn dict(entries: Vec<(&str, Value)>) -> Value {
    Value::Dict(
        entries
            .into_iter()
            .map(|(key, value)| (str(key), value))
            .collect(),
    )
}

fn parse(format: &str, input: &Value, kwargs: &Value) -> Parsed {
    let options = Options {
        tools: kwargs.get("tools").map_or_else(Vec::new, |tools| {
            let json = fencerun::python::json_write::dumps(
                tools,
                fencerun::python::json_write::Escape::NonAscii,
            );
            Tool::read_all(json.unwrap().as_str().unwrap()).unwrap()
        }),
        pad_token: kwargs
            .get("pad_token")
            .map(|token| token.as_str().unwrap().to_owned()),
        robust: false,
    };
    let text = input.as_str().unwrap();
    let parsed = parse_tool_calls(text, Format::from_name(format).unwrap(), &options);
    for call in &parsed.calls {
        assert!(call.span().of(text).is_some(), "{call:?} leaves the text");
    }
    parsed
}

fn check_verl(function: &str, format: &str) {
    check(function, |input, kwargs| {
        let parsed = parse(format, input, kwargs);
        let calls = parsed.calls.iter().filter_map(|call| match call {
            ToolCall::Call {
                name,
                arguments,
                id,
                ..
            } => {
                let mut members = vec![
                    ("name", name.clone()),
                    ("arguments", str(arguments.clone())),
                ];
                members.extend(id.iter().map(|id| ("tool_call_id", str(id.as_str()))));
                Some(dict(members))
            }
            ToolCall::Unreadable {
                reply: Some(reply), ..
            } => Some(dict(vec![("error_response", str(reply.clone()))])),
            _ => None,
        });
        let calls = Value::List(calls.collect());
        Ok(dict(vec![
            ("content", str(parsed.content)),
            ("tool_calls", calls),
        ]))
    });
}

fn check_rllm(function: &str, format: &str) {
    check(function, |input, kwargs| {
        let parsed = parse(format, input, kwargs);
        if let Some(raised) = parsed.raised {
            return Err(raised);
        }
        let calls = parsed.calls.into_iter().filter_map(|call| match call {
            ToolCall::Call {
                name, arguments, ..
            } => Some(dict(vec![
                ("name", name),
                ("arguments_json", str(arguments)),
            ])),
            _ => None,
        });
        Ok(Value::List(calls.collect()))
    });
}

#[test]
fn tool_call_formats_read_what_verl_reads() {
    for (function, format) in [
        ("verl_hermes", "hermes"),
        ("verl_new_hermes", "hermes"),
        ("verl_gpt_oss", "gpt-oss"),
        ("verl_new_qwen3_coder", "qwen3_coder"),
        ("verl_new_glm", "glm"),
        ("verl_new_seed", "seed"),
        ("verl_new_minimax", "minimax"),
        ("verl_new_kimi", "kimi"),
        ("verl_new_deepseek_v4", "deepseek_v4"),
        ("verl_new_gemma4", "gemma4"),
        ("rstar_hermes", "rstar2_agent_hermes"),
    ] {
        check_verl(function, format);
    }
}

#[test]
fn tool_call_formats_read_what_rllm_reads() {
    check_rllm("rllm_qwen_tool_parser", "rllm_qwen");
    check_rllm("rllm_r1_tool_parser", "deepseek_r1");
}

fn whole(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Int(digits)) => digits.parse().unwrap(),
        _ => 256,
    }
}

fn text(value: Option<&Value>) -> Option<PythonString> {
    match value {
        Some(Value::Str(text)) => Some(text.clone()),
        _ => None,
    }
}

fn side(kwargs: &Value) -> Side {
    Side::from_name(
        kwargs
            .get("side")
            .and_then(Value::as_str)
            .unwrap_or("middle"),
    )
}

#[test]
fn the_agent_loop_answers_like_verl() {
    for (function, wording) in [
        ("verl_call_tool_old", Wording::Old),
        ("verl_call_tool_new", Wording::New),
    ] {
        check(function, |input, kwargs| {
            let tools = match kwargs.get("tools") {
                Some(tools) => tools
                    .as_list()
                    .unwrap()
                    .iter()
                    .map(|tool| text(Some(tool)).unwrap())
                    .collect(),
                None => vec!["code_interpreter".into()],
            };
            let options = LoopOptions {
                wording,
                tools,
                max_length: whole(kwargs.get("max_length")),
                side: side(kwargs),
            };
            let outcome = |arguments: &Value| {
                if let Some(raised) = text(kwargs.get("tool_raises")) {
                    return Outcome::Raised(raised);
                }
                match describe_missing_get(arguments) {
                    Some(raised) => Outcome::Raised(raised),
                    None => Outcome::Text(match text(kwargs.get("tool_text")) {
                        Some(text) => text,
                        None => match arguments.get("code") {
                            Some(code) => fencerun::python::repr::str(code),
                            None => PythonString::new(),
                        },
                    }),
                }
            };
            let name = text(input.get("name")).unwrap();
            let arguments = text(input.get("arguments")).unwrap();
            reply(&name, &arguments, &options, outcome)
                .map(str)
                .map_err(Exception::from)
        });
    }
}

#[test]
fn long_texts_are_cut_like_verl_cuts_them() {
    for (function, wording) in [
        ("verl_truncate_old", Wording::Old),
        ("verl_truncate_new", Wording::New),
    ] {
        check(function, |input, kwargs| {
            let input = text(Some(input)).unwrap();
            Ok(str(truncate(
                &input,
                whole(kwargs.get("max_length")),
                side(kwargs),
                wording,
            )))
        });
    }
}

#[test]
fn gpt_oss_reads_tool_texts_as_harmony_messages() {
    check("verl_gpt_oss_tool_response", |input, _| {
        let pairs: Vec<_> = input
            .as_list()
            .unwrap()
            .iter()
            .map(|pair| {
                let pair = pair.as_list().unwrap();
                (text(pair.first()).unwrap(), text(pair.get(1)).unwrap())
            })
            .collect();
        Ok(str(write_gpt_oss_replies(
            pairs.iter().map(|(name, text)| (name, text)),
        )))
    });
}

#[test]
fn return_values_of_functions_become_texts() {
    check("verl_normalize_function_tool_return", |input, _| {
        let tuple = input
            .get("tuple")
            .and_then(Value::as_list)
            .map(|items| Value::Tuple(items.to_vec()));
        let result = read_function_result(&tuple.unwrap_or_else(|| input.clone()))?;
        Ok(dict(vec![
            ("text", str(result.text)),
            ("reward", Value::Float(result.reward)),
            ("metrics", result.metrics),
        ]))
    });
}
