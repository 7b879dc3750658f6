//! verl-tool's tools for Python, IPython and `SandboxFusion`.

use super::apply::{dict, text};
use super::rules::find::{FENCE, find, find_all_of, find_tag, stripped};
use super::rules::show::{add, add_if_any, fill, fill_streams, show_member, show_value};
use super::{ExtractOptions, Extracted, ObserveOptions, Profile, Raised};
use crate::catalogue::prose;
use crate::python::fixed::fixed;
use crate::python::json::loads;
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
        source: prose("TIGER-AI-Lab/verl-tool verl_tool/servers/tools/python_code.py"),
        version: prose(VERSION),
        description: prose(
            "all <python> tags, else all ```python fences, else all ```py fences, joined; output by the shape of the turn",
        ),
        extract: Some(|extracted, text, _| {
            extract_joined(extracted, text, &[TAGGED, PYTHON, "```\n?py(.*?)```"]);
        }),
        observe: Some(|result, options| {
            let shown = fill_streams("{}\n{}", result);
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
        source: prose("TIGER-AI-Lab/verl-tool verl_tool/servers/tools/ipython_code.py"),
        version: prose(VERSION),
        description: prose(
            "all <python> tags, else all ```python fences, else the code of a tool call `python`",
        ),
        extract: Some(extract_ipython),
        observe: Some(observe_ipython),
    },
    Profile {
        name: "verl-tool/sandbox-fusion",
        source: prose("TIGER-AI-Lab/verl-tool verl_tool/servers/tools/sandbox_fusion.py"),
        version: prose(VERSION),
        description: prose(
            "first closed tag of any name, taken for the language, else first fence; a report",
        ),
        extract: Some(extract_any),
        observe: Some(|result, _| report(result)),
    },
];

const TAGGED: &str = "<python>(.*?)</python>";

const PYTHON: &str = "```\n?python(.*?)```";

/// All matches of the first pattern that has any.
fn extract_joined(extracted: &mut Extracted, text: &str, patterns: &[&str]) {
    let found = find_all_of(text, patterns);
    match found.as_slice() {
        [_, _, ..] => extracted.python(text, &join(&stripped(&found), "\n")),
        found => extracted.python_in(text, found.first()),
    }
}

fn extract_ipython(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    extract_joined(extracted, text, &[TAGGED, PYTHON]);
    if !extracted.programs.is_empty() {
        return;
    }
    let Some(call) = find(text, "<tool_call>(.*?)</tool_call>") else {
        return;
    };
    match read_call(strip(call.body)) {
        Ok(Some(code)) => extracted.python(text, strip(&code)),
        Ok(None) => {}
        Err(raised) => extracted.raise(raised),
    }
}

/// The code of a call of `python`. Nothing is caught here: a call that cannot be read is an error.
fn read_call(body: &str) -> Result<Option<String>, Raised> {
    let call = loads(body).map_err(|error| Raised::of_json(&error))?;
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
        Raised::filled("AttributeError", template, &[value.type_name(), attribute])
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
fn extract_any(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let rules = [
        find_tag(text, "[a-zA-Z0-9_]+"),
        find(text, "```([a-zA-Z0-9_]+)(.*?)```"),
        find(text, "```(.*?)```"),
    ];
    let mut tag = "python";
    for found in rules.iter().flatten() {
        if !found.head.is_empty() {
            tag = found.head;
        }
        let code = strip(found.body);
        if !code.is_empty() {
            let tag = tag.to_ascii_lowercase();
            let language = match &*tag {
                "js" => "javascript",
                "py" => "python",
                "ts" => "typescript",
                "rb" => "ruby",
                "sh" => "bash",
                other => other,
            };
            return extracted.push(text, code, Some(language));
        }
    }
    extracted.reply = Some(NO_CODE);
}

/// Puts an output between the marks that continue the turn it answers: a fence where the turn has
/// fences, a tool response behind a tool call, else a tag.
#[must_use]
pub fn wrap(action: &str, shown: &str, tag: &str) -> String {
    let is_fenced = contains(action, "```output") || contains(action, "```python");
    let (opening, closing) = if is_fenced && has_whole_fences(action) {
        ("\n```{}", "\n```\n")
    } else if is_fenced {
        ("", "\n```\n")
    } else if contains(action, "</tool_call>") {
        ("\n<tool_response>\n```{}", "\n```\n</tool_response>\n")
    } else if strip_of(action, " \n").ends_with(&fill("<{}>", &[tag])) {
        ("", "\n</{}>\n")
    } else {
        ("\n<{}>", "\n</{}>\n")
    };
    let mut wrapped = fill(opening, &[tag]);
    add(&mut wrapped, "\n{}", &[shown]);
    add(&mut wrapped, closing, &[tag]);
    wrapped
}

/// Whether every fence is closed.
fn has_whole_fences(action: &str) -> bool {
    places(action, FENCE).count().is_multiple_of(2)
}

/// What IPython printed, between marks that depend on how the turn ends.
fn observe_ipython(result: &RunResult, options: &ObserveOptions) -> String {
    let shown = fill_streams("{}{}", result);
    let shown = strip_start_of(&shown, " \n");
    let action = options.action.as_str();
    let has = |part| contains(action, part);
    let fenced = "\n```output\n{}\n```\n";
    let tagged = "\n<output>\n{}\n</output>\n";
    let ends = [
        ("```output", "\n{}\n```\n"),
        ("</tool_call>", "{}"),
        ("<output>", "\n{}\n</output>\n"),
    ];
    let template = if let Some((_, template)) = ends.iter().find(|(end, _)| action.ends_with(end)) {
        template
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

/// The report of a result: that of the answer which a server would have sent.
fn report(result: &RunResult) -> String {
    let status = match result.status {
        RunStatus::Success => "Success",
        RunStatus::Failed => "Failed",
    };
    let answer = dict(&mut [
        ("status", text(status)),
        ("message", text(&result.message)),
        ("compile_result", write_phase(result.compile.as_ref())),
        ("run_result", write_phase(result.run.as_ref())),
    ]);
    report_answer(&answer).unwrap_or_default()
}

#[inline(never)]
fn write_phase(phase: Option<&PhaseResult>) -> Value {
    let Some(phase) = phase else {
        return Value::None;
    };
    let status = match phase.status {
        PhaseStatus::Finished => "Finished",
        PhaseStatus::Error => "Error",
        PhaseStatus::TimeLimitExceeded => "TimeLimitExceeded",
    };
    let seconds = phase.execution_time_ms.unwrap_or_default() / 1_000.0;
    dict(&mut [
        ("status", text(status)),
        ("execution_time", Value::Float(seconds)),
        ("stdout", text(&phase.stdout)),
        ("stderr", text(&phase.stderr)),
    ])
}

/// The report of an answer as a server sent it: the phases, their streams and the status as one text.
/// What cannot be read of a run is no error where compiling failed.
pub(super) fn report_answer(answer: &Value) -> Result<String, Raised> {
    let mut report = "Execution results:\n\n".to_owned();
    if let Some(compile) = read_phase(answer, "compile_result") {
        let status = read_status(compile)?;
        add(&mut report, "Compilation: {}\n", &[&status]);
        if status != "Finished" {
            add_member(
                &mut report,
                "Compilation errors:\n{}\n\n",
                compile,
                "stderr",
            );
            return Ok(report);
        }
    }
    if let Some(run) = read_phase(answer, "run_result") {
        let status = read_status(run)?;
        let seconds = run.get("execution_time").unwrap_or(&Value::Bool(false));
        if matches!(seconds, Value::None) {
            let message = "unsupported format string passed to NoneType.__format__";
            return Err(Raised::filled("TypeError", message, &[]));
        }
        let seconds = fixed(seconds.as_number().unwrap_or_default(), 4);
        add(
            &mut report,
            "Execution: {} (took {}s)\n",
            &[&status, &seconds],
        );
        add_member(&mut report, "\nOutput:\n{}", run, "stdout");
        add_member(&mut report, "\nErrors:\n{}", run, "stderr");
    }
    let status = show_value(answer.get("status").unwrap_or(&Value::None));
    if status != "Success" {
        add(&mut report, "\nStatus: {}", &[&status]);
        add_member(&mut report, " - {}", answer, "message");
    }
    Ok(report)
}

/// Adds what is under a key, if anything is.
#[inline(never)]
fn add_member(report: &mut String, template: &str, dict: &Value, name: &str) {
    add_if_any(report, template, &show_member(dict, name));
}

/// A phase that says anything.
fn read_phase<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let phase = answer.get(name)?;
    let is_one = matches!(phase, Value::Dict(entries) if !entries.is_empty());
    is_one.then_some(phase)
}

fn read_status(phase: &Value) -> Result<String, Raised> {
    match phase.get("status") {
        Some(status) => Ok(show_value(status)),
        None => Err(Raised::filled("KeyError", "'status'", &[])),
    }
}
