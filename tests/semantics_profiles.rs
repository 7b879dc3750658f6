//! The profiles against what the original functions answered: `tests/vectors/semantics/`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a vector that cannot be read fails its test"
)]

use std::fs;
use std::path::PathBuf;

use fencerun::profile::apply::{Applied, apply};
use fencerun::profile::{ExtractOptions, Extracted, extract_with};
use fencerun::python::json::loads;
use fencerun::python::value::Value as Python;
use serde_json::{Value, json};

/// What a case comes to: an answer to compare, or the reason why it cannot be had.
enum Answer {
    Value(Value),
    Raised(String, String),
    NeedsPython,
}

fn folder() -> PathBuf {
    std::env::var_os("FENCERUN_SEMANTICS_VECTORS").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/vectors/semantics"
            ))
        },
        PathBuf::from,
    )
}

fn options(kwargs: &Value) -> ExtractOptions {
    let text = |key: &str| kwargs[key].as_str().map(str::to_owned);
    let flag = |key: &str| kwargs[key].as_bool().unwrap_or_default();
    ExtractOptions {
        language: text("language"),
        languages: serde_json::from_value(kwargs["languages"].clone()).unwrap_or_default(),
        first_block_only: flag("first_block_only"),
        code_block_index: kwargs["code_block_idx"]
            .as_i64()
            .and_then(|index| isize::try_from(index).ok()),
        exactly_match: flag("exactly_match"),
        is_fewshot_task: flag("is_fewshot_task"),
        remove_asserts: flag("remove_asserts"),
        no_removal: flag("no_removal"),
        inner_function_only: flag("inner_function_only"),
        is_unit_test: flag("is_ut"),
        entry_point: text("entry_point").or_else(|| text("entrypoint")),
        declaration: text("declaration"),
        last_only: kwargs["last_only"].as_bool(),
        code_block_tags: kwargs["code_block_tags"].as_array().map(|tags| {
            (
                tags[0].as_str().unwrap().to_owned(),
                tags[1].as_str().unwrap().to_owned(),
            )
        }),
        style: text("lmstyle"),
        prompt: text("prompt"),
        case_type: text("case_type"),
    }
}

/// How the original returns what a profile finds.
fn code_or(extracted: &Extracted, otherwise: Value) -> Value {
    extracted
        .programs
        .first()
        .map_or(otherwise, |program| json!(program.code))
}

fn extracted_answer(function: &str, extracted: &Extracted) -> Value {
    let codes = || {
        extracted
            .programs
            .iter()
            .map(|program| json!(program.code))
            .collect::<Vec<_>>()
    };
    let languages = || {
        extracted
            .programs
            .iter()
            .map(|program| json!(program.language))
            .collect::<Vec<_>>()
    };
    match function {
        "sf_extract_v1" | "sf_extract_v2" => {
            json!({"code": code_or(extracted, json!("")), "type": extracted.kind})
        }
        "gem_parse_action" | "roll_python_parse_action" => {
            json!([
                code_or(extracted, Value::Null),
                extracted.kept,
                !extracted.programs.is_empty()
            ])
        }
        "verltool_python_parse_action" | "verltool_ipython_parse_action" => {
            json!([
                code_or(extracted, json!("")),
                !extracted.programs.is_empty()
            ])
        }
        "verltool_sandbox_fusion_parse_action" => match extracted.programs.first() {
            Some(program) => json!([{"code": program.code, "language": program.language}, true]),
            None => json!([{}, false]),
        },
        "verl_sandbox_fusion_compute_score_extract" => match extracted.programs.first() {
            Some(program) => json!({"generation": program.code, "score": 1.0, "metadata": [{}]}),
            None => {
                json!({"generation": null, "score": 0.0, "metadata": [{"error": extracted.reply}]})
            }
        },
        "rllm_extract_code_from_model" | "smolagents_extract_code_from_text" => {
            code_or(extracted, Value::Null)
        }
        "qwenagent_extract_code" if extracted.kind.is_some() => {
            to_json(&loads(&extracted.programs[0].code).unwrap())
        }
        "lcb_extract_code" if extracted.kind.is_some() => Value::Null,
        "nemo_code_regex" => match extracted.programs.first() {
            Some(program) => json!([program.code, extracted.kept]),
            None => Value::Null,
        },
        "autogen_extract_markdown_code_blocks" => extracted
            .programs
            .iter()
            .map(|program| json!({"language": program.language, "code": program.code}))
            .collect(),
        "roll_reward_extract_code_blocks" => match &extracted.reply {
            Some(error) => json!([null, null, error]),
            None => json!([codes(), languages(), ""]),
        },
        "skyrl_searchcode_parse_action" => {
            let search = extracted.kind == Some("search");
            let group = if search {
                "SearchToolGroup"
            } else {
                "PythonCodeExecutorToolGroup"
            };
            let input = extracted
                .kept
                .clone()
                .map_or_else(|| code_or(extracted, Value::Null), Value::String);
            json!([group, extracted.kind, [input]])
        }
        "slime_postprocess_predictions" => match extracted.kind {
            Some("answer") => json!(["answer", extracted.kept]),
            kind => json!([kind, code_or(extracted, json!(""))]),
        },
        _ => code_or(extracted, json!("")),
    }
}

fn profile_of(function: &str) -> Option<&'static str> {
    Some(match function {
        "areal_extract_python_code" => "areal",
        "autogen_extract_markdown_code_blocks" => "autogen",
        "evalplus_code_extract" => "evalplus",
        "gem_parse_action" => "gem",
        "lcb_extract_code" => "livecodebench",
        "lcb_extract_test_output_code" => "livecodebench/test-output",
        "lcb_self_repair_extract_code" => "livecodebench/self-repair",
        "lmeval_mbpp_extract_code_blocks" => "lm-eval/mbpp",
        "nemo_code_regex" => "nemo-rl",
        "openr1_extract_code" => "open-r1",
        "qwenagent_extract_code" => "qwen-agent",
        "qwenagent_tir_extract_program" => "qwen-agent/tir",
        "qwenmath_extract_program" => "qwen-math",
        "rllm_extract_code_from_model" => "rllm",
        "roll_python_parse_action" => "roll",
        "roll_extract_code_generation" => "roll/generation",
        "roll_reward_extract_code_blocks" => "roll/reward",
        "sf_default_extract_helper" => "sandbox-fusion/default",
        "sf_extract_v1" => "sandbox-fusion/v1",
        "sf_extract_v2" => "sandbox-fusion/v2",
        "skyrl_agent_post_process_code" => "skyrl/agent",
        "skyrl_coder1_extract" => "skyrl/coder1",
        "skyrl_searchcode_parse_action" => "skyrl/searchcode",
        "slime_postprocess_predictions" => "slime",
        "smolagents_parse_code_blobs" => "smolagents",
        "torl_extract_program" => "torl",
        "verl_prime_code_extract" => "verl/prime-code",
        "verl_retool_code" => "verl/retool",
        "verl_retool_daytona_normalize_code" => "verl/daytona",
        "verl_sandbox_fusion_compute_score_extract" => "verl/score",
        "verl_tutorial_sandbox_code" => "verl/tutorial",
        "verltool_ipython_parse_action" => "verl-tool/ipython",
        "verltool_python_parse_action" => "verl-tool/python",
        "verltool_sandbox_fusion_parse_action" => "verl-tool/sandbox-fusion",
        _ => return None,
    })
}

fn rule_of(function: &str) -> Option<&'static str> {
    Some(match function {
        "areal_process_tool_result" => "areal/show-result",
        "autogen_code_result_text" => "autogen/observe-exit",
        "nemo_format_result" => "nemo-rl/show-value",
        "qwenagent_execute_code_text" => "qwen-agent/show-messages",
        "qwenmath_truncate" => "qwen-math/truncate",
        "rllm_ensure_return_value" => "rllm/return-value",
        "rstar_result_text" => "rstar/observe-report",
        "sf_extract_fenced_code" => "sandbox-fusion/extract-fenced",
        "sf_extract_heuristic_code" => "sandbox-fusion/extract-heuristic",
        "sf_extract_incomplete_fenced_code" => "sandbox-fusion/extract-incomplete",
        "sf_find_java_public_class_name" => "sandbox-fusion/find-public-class",
        "sf_remove_entripoints" => "sandbox-fusion/remove-entry-points",
        "slime_check_code_safety" => "slime/check-code",
        "smolagents_extract_code_from_text" => "smolagents/find-code",
        "smolagents_parse_json_blob" => "smolagents/read-json-blob",
        "smolagents_truncate_content" => "smolagents/truncate",
        "torl_postproc_observation" => "torl/observe-report",
        "verifiers_python_format_response" => "verifiers/observe-parts",
        "verl_base_sandbox_tool_code" => "verl/read-arguments",
        "verl_process_single_case" => "verl/grade",
        "verl_sandbox_tool_observation" => "verl/observe-answer",
        "verltool_python_postprocess_observation" => "verl-tool/wrap",
        "verltool_sandbox_fusion_format_result" => "verl-tool/report",
        _ => return None,
    })
}

/// A value of Python as JSON. Numbers that JSON cannot write stand in the vectors as
/// `{"__float__": …}`, and surrogates in neither.
fn to_json(value: &Python) -> Value {
    match value {
        Python::Float(number) if !number.is_finite() => {
            json!({"__float__": number.to_string().to_lowercase()})
        }
        Python::Float(number) => json!(number),
        Python::Int(digits) => serde_json::from_str(digits).unwrap(),
        Python::Str(text) => json!(text.to_string_lossy()),
        Python::List(items) => items.iter().map(to_json).collect(),
        Python::Dict(entries) => {
            let entry = |(key, value): &(Python, Python)| {
                (to_json(key).as_str().unwrap().to_owned(), to_json(value))
            };
            Value::Object(entries.iter().map(entry).collect())
        }
        Python::Bool(value) => json!(value),
        Python::None => Value::Null,
        other => panic!("{other:?}"),
    }
}

fn applied(rule: &str, input: &Python, kwargs: &Python) -> Answer {
    match apply(rule, input, kwargs).unwrap() {
        Applied::Value(value) => Answer::Value(to_json(&value)),
        Applied::Raised(raised) => Answer::Raised(raised.kind.to_owned(), raised.message),
        Applied::NeedsPython => Answer::NeedsPython,
    }
}

fn read(value: &Value) -> Python {
    loads(&value.to_string()).unwrap()
}

/// Functions that go all the way from the text to what the model reads of it.
fn turn_answer(function: &str, text: &str, kwargs: &Value) -> Option<Answer> {
    let extract = |profile: &str| extract_with(profile, text, &ExtractOptions::default()).unwrap();
    let stream = |name: &str| json!(kwargs[name].as_str().unwrap_or_default());
    Some(Answer::Value(match function {
        "simpletir_execute_predictions" => {
            let extracted = extract("simpletir");
            let streams = json!({"stdout": stream("stdout"), "stderr": stream("stderr")});
            let shown = applied("simpletir/observe-streams", &read(&streams), &Python::None);
            let Answer::Value(observed) = shown else {
                return None;
            };
            let is_void = extracted.reply.is_some();
            let printed = kwargs["stdout"]
                .as_str()
                .is_some_and(|text| text.contains("\\boxed{"));
            let has_code = !extracted.programs.is_empty();
            let is_done = is_void || extracted.kind.is_some() || has_code && printed;
            let observed = if has_code {
                observed
            } else {
                json!(extracted.reply.unwrap_or_default())
            };
            json!({
                "sent_code": code_or(&extracted, Value::Null),
                "obs": observed,
                "done": i32::from(is_done),
                "void": i32::from(is_void),
            })
        }
        "slime_execute_predictions" => {
            let extracted = extract("slime");
            let is_answer = extracted.kind == Some("answer");
            let result = match extracted.programs.first() {
                Some(program) if program.code.trim().is_empty() => {
                    Some("Error: No Python code found")
                }
                Some(_) => Some("RESULT"),
                None => None,
            };
            let shown = result.map(|result| {
                match applied("slime/show", &read(&json!(result)), &Python::None) {
                    Answer::Value(value) => value,
                    _ => Value::Null,
                }
            });
            let next = shown.unwrap_or_else(|| json!(extracted.reply.unwrap_or_default()));
            json!({"next_obs": next, "done": is_answer})
        }
        "slime_postprocess_responses" => json!(fencerun::profile::slime::kept_turn(text)),
        "evalplus_sanitize" => {
            let extracted = extract("evalplus");
            let is_blank = extracted
                .programs
                .iter()
                .all(|program| program.code.trim().is_empty());
            if extracted.needs_python || !is_blank {
                return Some(Answer::NeedsPython);
            }
            code_or(&extracted, json!(""))
        }
        _ => return None,
    }))
}

/// The functions of [`turn_answer`].
const TURNS: [&str; 4] = [
    "simpletir_execute_predictions",
    "slime_execute_predictions",
    "slime_postprocess_responses",
    "evalplus_sanitize",
];

fn answer(function: &str, case: &Python) -> Option<Answer> {
    let (input, kwargs) = (case.get("input").unwrap(), case.get("kwargs").unwrap());
    if let Some(rule) = rule_of(function) {
        return Some(applied(rule, input, kwargs));
    }
    if profile_of(function).is_none() && !TURNS.contains(&function) {
        // Another test has it.
        return None;
    }
    let (input, kwargs) = (&to_json(input), &to_json(kwargs));
    let text = match input {
        Value::String(text) => text.as_str(),
        // A tool's arguments instead of its text.
        arguments => match arguments.get("code") {
            Some(Value::String(code)) => code,
            Some(Value::Null) => return Some(wrong_code("NoneType")),
            Some(Value::Array(_)) => return Some(wrong_code("list")),
            Some(Value::Object(_)) => return Some(wrong_code("dict")),
            Some(Value::Bool(_)) => return Some(wrong_code("bool")),
            Some(Value::Number(number)) => {
                return Some(wrong_code(if number.is_f64() { "float" } else { "int" }));
            }
            None => return Some(Answer::Raised("KeyError".to_owned(), "'code'".to_owned())),
        },
    };
    if let Some(answer) = turn_answer(function, text, kwargs) {
        return Some(answer);
    }
    let profile = profile_of(function)?;
    if function == "openr1_extract_code" && kwargs.get("language") == Some(&Value::Null) {
        return Some(Answer::Value(json!("")));
    }
    let mut options = options(kwargs);
    if profile == "roll/reward" {
        // The caller of the original takes the last.
        options.last_only = Some(false);
    }
    let extracted = extract_with(profile, text, &options).unwrap();
    for program in &extracted.programs {
        if let Some(span) = program.span {
            assert_eq!(
                span.of(text),
                Some(program.code.as_str()),
                "{profile}: the span of the code"
            );
        }
    }
    if extracted.needs_python {
        return Some(Answer::NeedsPython);
    }
    if let Some(raised) = &extracted.raised {
        return Some(Answer::Raised(
            raised.kind.to_owned(),
            raised.message.clone(),
        ));
    }
    Some(Answer::Value(extracted_answer(function, &extracted)))
}

fn wrong_code(kind: &str) -> Answer {
    let message = format!("expected string or bytes-like object, got '{kind}'");
    Answer::Raised("TypeError".to_owned(), message)
}

#[test]
fn every_answer_is_the_originals() {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut failed = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "jsonl"))
    {
        let function = file.file_stem().unwrap().to_str().unwrap();
        let (mut passed, mut skipped, mut total, mut first) = (0, 0, 0, None);
        for line in fs::read_to_string(file).unwrap().lines() {
            let case = loads(line).unwrap();
            let Some(answer) = answer(function, &case) else {
                break;
            };
            let case = to_json(&case);
            total += 1;
            let expected = match case.get("raises") {
                Some(raises) => json!({"raises": raises}),
                None => json!(case["output"]),
            };
            let found = match answer {
                Answer::NeedsPython => {
                    skipped += 1;
                    continue;
                }
                Answer::Value(value) => value,
                Answer::Raised(kind, message) => {
                    json!({"raises": {"type": kind, "message": message}})
                }
            };
            if found == expected {
                passed += 1;
            } else if first.is_none() {
                first = Some(format!(
                    "{}\n   kwargs {}\n   wanted {expected}\n   found  {found}",
                    case["input"], case["kwargs"]
                ));
            }
        }
        println!("{function} {passed}/{total} skipped {skipped}");
        if let Some(first) = first {
            failed.push(format!("{function} {passed}/{total}: {first}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
