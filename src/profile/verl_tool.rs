//! verl-tool's tools for Python, IPython and `SandboxFusion`.

use super::rules::find::{
    CLOSE_FENCE, FENCE, Head, LOOSE_PY, LOOSE_PYTHON, Miss, NO_HEAD, Pattern, find_pair,
    find_pairs, find_tag, length_while, stripped,
};
use super::{Extracted, ObserveOptions, Profile, Program, Raised};
use crate::python::fixed::fixed;
use crate::python::float::parse_float;
use crate::python::json::loads;
use crate::python::repr::str;
use crate::python::search::{contains, join, places};
use crate::python::text::{slice, strip, strip_of, strip_start_of};
use crate::python::value::Value;
use crate::response::{PhaseResult, PhaseStatus, RunResult, RunStatus};

const VERSION: &str = "980962b4b8af";

/// How much of the output of a run is kept, in code points.
const OUTPUT_LENGTH: isize = 100_000;

/// What the model reads where a turn for `SandboxFusion` has no code.
pub const NO_CODE: &str = "No valid code block found. Please provide code in markdown format \
    ```language\ncode\n``` or <language>code</language>.";

/// The profiles of verl-tool.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "verl-tool/python",
        source: "TIGER-AI-Lab/verl-tool verl_tool/servers/tools/python_code.py",
        version: VERSION,
        description: "all <python> tags, else all ```python fences, else all ```py fences, joined; output by the shape of the turn",
        extract: Some(|text, _| extract_joined(text, &[LOOSE_PYTHON, LOOSE_PY])),
        observe: Some(|result, options| {
            let run = result.run.as_ref().or(result.compile.as_ref());
            let shown =
                run.map_or_else(String::new, |run| format!("{}\n{}", run.stdout, run.stderr));
            let shown = slice(strip_of(&shown, " \n"), None, Some(OUTPUT_LENGTH));
            wrap(
                &options.action,
                shown,
                options.output_tag.as_deref().unwrap_or("result"),
            )
        }),
    },
    Profile {
        name: "verl-tool/ipython",
        source: "TIGER-AI-Lab/verl-tool verl_tool/servers/tools/ipython_code.py",
        version: VERSION,
        description: "all <python> tags, else all ```python fences, else the code of a tool call `python`",
        extract: Some(|text, _| extract_ipython(text)),
        observe: Some(observe_ipython),
    },
    Profile {
        name: "verl-tool/sandbox-fusion",
        source: "TIGER-AI-Lab/verl-tool verl_tool/servers/tools/sandbox_fusion.py",
        version: VERSION,
        description: "first closed tag of any name, taken for the language, else first fence; a report",
        extract: Some(|text, _| extract_any(text)),
        observe: Some(|result, _| report(result)),
    },
];

/// All tags, else all fences with the first head that finds any.
fn extract_joined(text: &str, heads: &[Head]) -> Extracted {
    let mut found = find_pairs(text, "<python>", "</python>");
    for &head in heads {
        if found.is_empty() {
            let fenced = Pattern {
                open: FENCE,
                head,
                close: CLOSE_FENCE,
            };
            found = fenced.find_all(text);
        }
    }
    Extracted::joined(text, &stripped(&found), "\n")
}

fn extract_ipython(text: &str) -> Extracted {
    let extracted = extract_joined(text, &[LOOSE_PYTHON]);
    let call = find_pair(text, "<tool_call>", "</tool_call>");
    let Some(call) = call.filter(|_| extracted.programs.is_empty()) else {
        return extracted;
    };
    match read_call(strip(call.body)) {
        Ok(Some(code)) => Extracted::python(text, strip(&code)),
        Ok(None) => extracted,
        Err(raised) => Extracted::raised(raised.kind, raised.message),
    }
}

/// The code of a call of `python`. Nothing is caught here: a call that cannot be read is an error.
fn read_call(body: &str) -> Result<Option<String>, Raised> {
    let call = loads(body).map_err(|error| Raised::new(error.type_name(), error.to_string()))?;
    let name = read_text(&call, "name")?;
    let none = Value::Dict(vec![]);
    let arguments = call.get("arguments").unwrap_or(&none);
    if strip(&name) != "python" {
        return Ok(None);
    }
    let code = read_text(arguments, "code")?;
    Ok(Some(code).filter(|code| !strip(code).is_empty()))
}

/// `value.get(key, "").strip()`, as far as it goes.
fn read_text(value: &Value, key: &str) -> Result<String, Raised> {
    let missing = |value: &Value, attribute: &str| {
        let message = format!(
            "'{}' object has no attribute '{attribute}'",
            value.type_name()
        );
        Raised::new("AttributeError", message)
    };
    if !matches!(value, Value::Dict(_)) {
        return Err(missing(value, "get"));
    }
    match value.get(key) {
        None => Ok(String::new()),
        Some(Value::Str(text)) => Ok(text.to_string_lossy()),
        Some(other) => Err(missing(other, "strip")),
    }
}

/// A word of ASCII letters, digits and `_`.
const NAME: Head = |rest| {
    let name = length_while(rest, is_name);
    (name > 0).then_some(name).ok_or(Miss::Here)
};

const fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The first tag or fence with something in it, by three rules in turn. A rule that finds nothing
/// but white space still says what the language is.
fn extract_any(text: &str) -> Extracted {
    let fence = |head| Pattern {
        open: FENCE,
        head,
        close: CLOSE_FENCE,
    };
    let rules = [
        find_tag(text, is_name),
        fence(NAME).find(text),
        fence(NO_HEAD).find(text),
    ];
    let mut language = "python".to_owned();
    for found in rules.into_iter().flatten() {
        if !found.head.is_empty() {
            language = found.head.to_ascii_lowercase();
        }
        let code = strip(found.body);
        if !code.is_empty() {
            let language = match language.as_str() {
                "js" => "javascript",
                "py" => "python",
                "ts" => "typescript",
                "rb" => "ruby",
                "sh" => "bash",
                other => other,
            };
            return Extracted::programs(vec![Program::new(text, code, Some(language))]);
        }
    }
    Extracted {
        reply: Some(NO_CODE.to_owned()),
        ..Extracted::nothing()
    }
}

/// Puts an output between the marks that continue the turn it answers: a fence where the turn has
/// fences, a tool response behind a tool call, else a tag.
#[must_use]
pub fn wrap(action: &str, shown: &str, tag: &str) -> String {
    if contains(action, "```output") || contains(action, "```python") {
        if places(action, FENCE).count().is_multiple_of(2) {
            return format!("\n```{tag}\n{shown}\n```\n");
        }
        return format!("\n{shown}\n```\n");
    }
    if contains(action, "</tool_call>") {
        return format!("\n<tool_response>\n```{tag}\n{shown}\n```\n</tool_response>\n");
    }
    if strip_of(action, " \n").ends_with(&format!("<{tag}>")) {
        return format!("\n{shown}\n</{tag}>\n");
    }
    format!("\n<{tag}>\n{shown}\n</{tag}>\n")
}

/// What IPython printed, between marks that depend on how the turn ends.
fn observe_ipython(result: &RunResult, options: &ObserveOptions) -> String {
    let run = result.run.as_ref().or(result.compile.as_ref());
    let shown = run.map_or_else(String::new, |run| format!("{}{}", run.stdout, run.stderr));
    let shown = strip_start_of(&shown, " \n");
    let action = options.action.as_str();
    let fenced = || format!("\n```output\n{shown}\n```\n");
    let tagged = || format!("\n<output>\n{shown}\n</output>\n");
    if action.ends_with("```output") {
        format!("\n{shown}\n```\n")
    } else if action.ends_with("</tool_call>") {
        shown.to_owned()
    } else if action.ends_with("<output>") {
        format!("\n{shown}\n</output>\n")
    } else if contains(action, "</python>") {
        tagged()
    } else if contains(action, "<|calling system for feedback|>") {
        if contains(action, "```python") {
            fenced()
        } else if contains(action, "<python>") {
            tagged()
        } else {
            format!("\n{shown}\n")
        }
    } else if strip_of(action, " \n").ends_with(FENCE) || contains(action, "```python") {
        if places(action, FENCE).count().is_multiple_of(2) {
            fenced()
        } else {
            format!("output\n{shown}\n```\n")
        }
    } else {
        format!("\n{shown}\n")
    }
}

const fn status_word(status: PhaseStatus) -> &'static str {
    match status {
        PhaseStatus::Finished => "Finished",
        PhaseStatus::Error => "Error",
        PhaseStatus::TimeLimitExceeded => "TimeLimitExceeded",
    }
}

/// What the report says of a phase.
struct Phase {
    status: String,
    seconds: f64,
    stdout: String,
    stderr: String,
}

impl From<&PhaseResult> for Phase {
    fn from(phase: &PhaseResult) -> Self {
        Self {
            status: status_word(phase.status).to_owned(),
            seconds: phase.execution_time_ms.unwrap_or_default() / 1_000.0,
            stdout: phase.stdout.clone(),
            stderr: phase.stderr.clone(),
        }
    }
}

/// The report of a result.
fn report(result: &RunResult) -> String {
    let failed = (result.status == RunStatus::Failed).then_some("Failed");
    let compile = result.compile.as_ref().map(Phase::from);
    let read_run = || Ok(result.run.as_ref().map(Phase::from));
    build_report(compile, &read_run, failed, &result.message).unwrap_or_default()
}

/// The report of an answer as a server sent it.
pub(super) fn report_answer(answer: &Value) -> Result<String, Raised> {
    let text = |value: Option<&Value>| match value {
        None | Some(Value::None) => String::new(),
        Some(value) => str(value).to_string_lossy(),
    };
    let phase = |name: &str| {
        let Some(phase @ Value::Dict(entries)) = answer.get(name) else {
            return Ok(None);
        };
        if entries.is_empty() {
            return Ok(None);
        }
        let Some(status) = phase.get("status") else {
            return Err(Raised::new("KeyError", "'status'"));
        };
        if name == "run_result" && phase.get("execution_time") == Some(&Value::None) {
            let message = "unsupported format string passed to NoneType.__format__";
            return Err(Raised::new("TypeError", message));
        }
        Ok(Some(Phase {
            status: str(status).to_string_lossy(),
            seconds: parse_float(&text(phase.get("execution_time"))).unwrap_or_default(),
            stdout: text(phase.get("stdout")),
            stderr: text(phase.get("stderr")),
        }))
    };
    let status = str(answer.get("status").unwrap_or(&Value::None)).to_string_lossy();
    let failed = (status != "Success").then_some(status.as_str());
    let read_run = || phase("run_result");
    build_report(
        phase("compile_result")?,
        &read_run,
        failed,
        &text(answer.get("message")),
    )
}

/// The phases, their streams and the status as one text. The run is read last: what cannot be read
/// of it is no error where compiling failed.
fn build_report(
    compile: Option<Phase>,
    read_run: &dyn Fn() -> Result<Option<Phase>, Raised>,
    failed: Option<&str>,
    message: &str,
) -> Result<String, Raised> {
    let mut parts = vec!["Execution results:\n\n".to_owned()];
    if let Some(compile) = compile {
        parts.push(format!("Compilation: {}\n", compile.status));
        if compile.status != "Finished" {
            if !compile.stderr.is_empty() {
                parts.push(format!("Compilation errors:\n{}\n\n", compile.stderr));
            }
            return Ok(join(&parts, ""));
        }
    }
    if let Some(run) = read_run()? {
        parts.push(format!(
            "Execution: {} (took {}s)\n",
            run.status,
            fixed(run.seconds, 4)
        ));
        for (name, stream) in [("Output", run.stdout), ("Errors", run.stderr)] {
            if !stream.is_empty() {
                parts.push(format!("\n{name}:\n{stream}"));
            }
        }
    }
    if let Some(status) = failed {
        parts.push(format!("\nStatus: {status}"));
        if !message.is_empty() {
            parts.push(format!(" - {message}"));
        }
    }
    Ok(join(&parts, ""))
}
