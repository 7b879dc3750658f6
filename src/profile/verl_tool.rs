//! verl-tool's tools for Python, IPython and `SandboxFusion`.

use super::rules::find::{FENCE, find, find_all, find_pair, find_pairs, find_tag, stripped};
use super::rules::show::{fill, fill_if_any, streams};
use super::{Extracted, ObserveOptions, Profile, Raised};
use crate::python::fixed::fixed;
use crate::python::float::parse_float;
use crate::python::json::loads;
use crate::python::repr::str;
use crate::python::search::{contains, places};
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
        extract: Some(|text, _| extract_joined(text, &[PYTHON, "```\n?py(.*?)```"])),
        observe: Some(|result, options| {
            let (stdout, stderr) = streams(result);
            let shown = fill("{}\n{}", &[stdout, stderr]);
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

const PYTHON: &str = "```\n?python(.*?)```";

/// All tags, else all matches of the first pattern that has any.
fn extract_joined(text: &str, patterns: &[&str]) -> Extracted {
    let mut found = find_pairs(text, "<python>", "</python>");
    for pattern in patterns {
        if found.is_empty() {
            found = find_all(text, pattern);
        }
    }
    Extracted::joined(text, &stripped(&found), "\n")
}

fn extract_ipython(text: &str) -> Extracted {
    let extracted = extract_joined(text, &[PYTHON]);
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
        let template = "'{}' object has no attribute '{}'";
        let message = fill(template, &[value.type_name(), attribute]);
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

/// The first tag or fence with something in it, by three rules in turn. A rule that finds nothing
/// but white space still says what the language is.
fn extract_any(text: &str) -> Extracted {
    let rules = [
        find_tag(text, "[a-zA-Z0-9_]+"),
        find(text, "```([a-zA-Z0-9_]+)(.*?)```"),
        find(text, "```(.*?)```"),
    ];
    let mut language = "python".to_owned();
    let mut extracted = Extracted::nothing();
    for found in rules.iter().flatten() {
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
            extracted.push(text, code, Some(language));
            return extracted;
        }
    }
    extracted.reply = Some(NO_CODE);
    extracted
}

/// Puts an output between the marks that continue the turn it answers: a fence where the turn has
/// fences, a tool response behind a tool call, else a tag.
#[must_use]
pub fn wrap(action: &str, shown: &str, tag: &str) -> String {
    if contains(action, "```output") || contains(action, "```python") {
        if has_whole_fences(action) {
            return fill("\n```{}\n{}\n```\n", &[tag, shown]);
        }
        return fill("\n{}\n```\n", &[shown]);
    }
    if contains(action, "</tool_call>") {
        let template = "\n<tool_response>\n```{}\n{}\n```\n</tool_response>\n";
        return fill(template, &[tag, shown]);
    }
    if strip_of(action, " \n").ends_with(&fill("<{}>", &[tag])) {
        return fill("\n{}\n</{}>\n", &[shown, tag]);
    }
    fill("\n<{}>\n{}\n</{}>\n", &[tag, shown, tag])
}

/// Whether every fence is closed.
fn has_whole_fences(action: &str) -> bool {
    places(action, FENCE).count().is_multiple_of(2)
}

/// What IPython printed, between marks that depend on how the turn ends.
fn observe_ipython(result: &RunResult, options: &ObserveOptions) -> String {
    let (stdout, stderr) = streams(result);
    let shown = fill("{}{}", &[stdout, stderr]);
    let shown = strip_start_of(&shown, " \n");
    let action = options.action.as_str();
    let has = |part| contains(action, part);
    let fenced = "\n```output\n{}\n```\n";
    let tagged = "\n<output>\n{}\n</output>\n";
    let template = if action.ends_with("```output") {
        "\n{}\n```\n"
    } else if action.ends_with("</tool_call>") {
        "{}"
    } else if action.ends_with("<output>") {
        "\n{}\n</output>\n"
    } else if has("</python>") {
        tagged
    } else if has("<|calling system for feedback|>") {
        if has("```python") {
            fenced
        } else if has("<python>") {
            tagged
        } else {
            "\n{}\n"
        }
    } else if strip_of(action, " \n").ends_with(FENCE) || has("```python") {
        if has_whole_fences(action) {
            fenced
        } else {
            "output\n{}\n```\n"
        }
    } else {
        "\n{}\n"
    };
    fill(template, &[shown])
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
        if name == "run_result" && phase.get("execution_time").is_some_and(Value::is_none) {
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
    let mut report = "Execution results:\n\n".to_owned();
    if let Some(compile) = compile {
        report += &fill("Compilation: {}\n", &[&compile.status]);
        if compile.status != "Finished" {
            return Ok(report + &fill_if_any("Compilation errors:\n{}\n\n", &compile.stderr));
        }
    }
    if let Some(run) = read_run()? {
        let seconds = fixed(run.seconds, 4);
        report += &fill("Execution: {} (took {}s)\n", &[&run.status, &seconds]);
        report += &fill_if_any("\nOutput:\n{}", &run.stdout);
        report += &fill_if_any("\nErrors:\n{}", &run.stderr);
    }
    if let Some(status) = failed {
        report += &fill("\nStatus: {}", &[status]);
        report += &fill_if_any(" - {}", message);
    }
    Ok(report)
}
