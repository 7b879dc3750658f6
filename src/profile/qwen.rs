//! Qwen-Agent and Qwen2.5-Math.

use super::rules::find::{FENCE, find, remove_all, search};
use super::rules::lines::{keep_lines, numbered};
use super::rules::show::{fill, last_phase};
use super::rules::truncate::keep_ends;
use super::torl::extract_programs;
use super::{ExtractOptions, Extracted, ObserveOptions, Profile};
use crate::python::json_write::{Escape, dumps};
use crate::python::json5::loads;
use crate::python::repr::str;
use crate::python::search::{contains, join, last_of, split};
use crate::python::text::{strip, strip_start_of, text_between, text_from, text_to};
use crate::python::value::Value;
use crate::response::{PhaseStatus, RunResult};

const AGENT_VERSION: &str = "31a4d36d1236";

/// What the code interpreter says where its time ran out.
const TIMED_OUT: &str = "Timeout: Code execution exceeded the time limit.";

/// What it says of a message that it cannot read.
const UNEXPECTED: &str = "The code interpreter encountered an unexpected error.";

/// The profiles of Qwen-Agent and Qwen2.5-Math.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "qwen-agent",
        source: "QwenLM/Qwen-Agent qwen_agent/utils/utils.py, qwen_agent/tools/code_interpreter.py",
        version: AGENT_VERSION,
        description: "first fence of the tool's argument, else its `code`, else all of it; streams in fences",
        extract: Some(|text, _| extract_argument(text)),
        observe: Some(observe_interpreter),
    },
    Profile {
        name: "qwen-agent/tir",
        source: "QwenLM/Qwen-Agent qwen_agent/agents/tir_agent.py",
        version: AGENT_VERSION,
        description: "last program by lines, none when one is left open",
        extract: Some(|text, options| extract_programs(text, options, true)),
        observe: Some(|result, options| {
            let (output, report) = output_and_report(result);
            let shown = strip(if report == "Done" { output } else { report });
            options.on_a_new_line(fill("```output\n{}\n```\n", &[shown]))
        }),
    },
    Profile {
        name: "qwen-math",
        source: "QwenLM/Qwen2.5-Math evaluation/trajectory.py, evaluation/python_executor.py",
        version: "a45202bd16f1",
        description: "all programs so far as one, without their prints; failed ones for their imports",
        extract: Some(extract_trajectory),
        observe: Some(|result, _| {
            let (output, report) = output_and_report(result);
            let (output, report) = (keep_ends(strip(output), 400), keep_ends(strip(report), 400));
            let shown = if output.is_empty() { report } else { output };
            fill("\n```output\n{}\n```\n", &[strip(&shown)])
        }),
    },
];

/// What the executor makes of a run: its output with `Done`, or the last line of the error.
pub(super) fn output_and_report(result: &RunResult) -> (&str, &str) {
    let Some(run) = last_phase(result) else {
        return ("", "Internal Error");
    };
    match (run.status, run.exit_code) {
        (PhaseStatus::TimeLimitExceeded, _) => ("", "Timeout Error"),
        (_, Some(0)) => (&run.stdout, "Done"),
        _ => ("", last_of(strip(&run.stderr), "\n")),
    }
}

/// The first match of ```` ```[^\n]*\n(.+?)``` ````, whose body has at least one character.
fn extract_argument(text: &str) -> Extracted {
    if let Some(found) = find(text, "```[^\n]*\n") {
        let rest = text_from(text, found.end);
        let first = rest.chars().next().map_or(0, char::len_utf8);
        if let Some(body) = search(text_from(rest, first), FENCE) {
            return Extracted::python(text, text_to(rest, first + body));
        }
    }
    // Code that is no text is handed on as the value it is.
    match loads(text).as_ref().and_then(|value| value.get("code")) {
        None => Extracted::python(text, text),
        Some(Value::Str(code)) => Extracted::python(text, &code.to_string_lossy()),
        Some(value) => {
            let json = dumps(value, Escape::Surrogates).unwrap_or_default();
            Extracted::python(text, &json.to_string_lossy()).of_kind("json")
        }
    }
}

/// The part of a trajectory that a line belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Rationale,
    Program,
    Output,
}

/// The programs of a text with their outputs, `None` for the last one when it has none. A text
/// that does not alternate between the two is no trajectory.
fn read_trajectory(text: &str) -> Option<Vec<(&str, Option<&str>)>> {
    let mut programs: Vec<(&str, Option<&str>)> = Vec::new();
    let mut role = Role::Rationale;
    let mut start = 0;
    for (at, line) in numbered(text) {
        let content = text_between(text, start, at);
        match (role, line) {
            (Role::Rationale, "```python") => role = Role::Program,
            (_, "```python") => return None,
            (Role::Program, FENCE) => {
                if content.is_empty() {
                    return None;
                }
                programs.push((content, None));
                role = Role::Output;
            }
            (Role::Output, line) if line.starts_with("```output") => {
                if !content.is_empty() {
                    return None;
                }
            }
            (Role::Output, FENCE) => {
                if let Some((_, output)) = programs.last_mut() {
                    *output = Some(content);
                }
                role = Role::Rationale;
            }
            _ => continue,
        }
        start = at + line.len() + 1;
    }
    let rest = text_from(text, start);
    let rest = Some(rest).filter(|rest| !rest.is_empty());
    match (role, rest) {
        (Role::Program, Some(program)) => programs.push((program, None)),
        (Role::Output, Some(output)) => {
            if let Some((_, shown)) = programs.last_mut() {
                *shown = Some(output);
            }
        }
        _ => {}
    }
    Some(programs)
}

/// Whether an output says that the program failed.
fn is_failure(output: &str) -> bool {
    let output = strip(output).to_ascii_lowercase();
    let words = [
        "error",
        "exception",
        "no algorithms",
        "cannot",
        "nan",
        "...",
    ];
    words.iter().any(|word| contains(&output, word))
}

fn extract_trajectory(text: &str, options: &ExtractOptions) -> Extracted {
    let Some(trajectory) = read_trajectory(text) else {
        return Extracted::python(text, "raise ValueError('Invalid trajectory')");
    };
    let mut imports = String::new();
    let mut programs: Vec<&str> = Vec::new();
    for &(program, output) in &trajectory {
        if !output.is_some_and(is_failure) {
            programs.push(program);
            continue;
        }
        for line in split(program, "\n") {
            if line.starts_with("import") || line.starts_with("from") {
                imports = imports + line + "\n";
            }
        }
    }
    // The imports belong to the first program.
    let last = programs.pop().unwrap_or_default();
    let last_only = options.last_only == Some(true);
    let mut code = match programs.as_slice() {
        [_, ..] if last_only => String::new(),
        _ => imports,
    };
    for program in programs.iter().filter(|_| !last_only) {
        code = code + &without_prints(program) + "\n";
    }
    code.push_str(last);
    if code.is_empty() {
        return Extracted::nothing();
    }
    // Where it is the last of all programs alone, it stands in the text.
    let stands = trajectory.last().map(|(program, _)| *program);
    let stands = stands.filter(|program| *program == code);
    Extracted::python(text, stands.unwrap_or(&code))
}

fn without_prints(program: &str) -> String {
    keep_lines(program, &|line| !strip(line).starts_with("print("))
}

/// One message of the interpreter as it is shown: its kind and its text in a fence.
fn show_message(kind: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    fill("\n\n{}:\n\n```\n{}\n```", &[kind, text])
}

/// All messages as the tool shows them.
fn finish(shown: &str) -> String {
    let shown = strip_start_of(shown, "\n");
    let is_blank = strip(shown).is_empty();
    if is_blank {
        "Finished execution."
    } else {
        shown
    }
    .to_owned()
}

/// What a message of a Jupyter kernel comes to.
struct Message<'a> {
    kind: &'a str,
    text: String,
    has_image: bool,
    is_last: bool,
}

/// Reads a message; what cannot be read is the last one, and the original says so in its place.
fn read_message(message: &Value) -> Message<'_> {
    let mut kind = "error";
    read_content(message, &mut kind).unwrap_or_else(|| Message {
        kind,
        text: UNEXPECTED.to_owned(),
        has_image: false,
        is_last: true,
    })
}

/// `kind` becomes what is known when something is missing.
fn read_content<'a>(message: &'a Value, kind: &mut &'a str) -> Option<Message<'a>> {
    *kind = message.get("msg_type")?.as_str()?;
    let (mut text, mut has_image, mut is_last) = (String::new(), false, false);
    let content = || message.get("content");
    let shown = |value: Option<&Value>| match value {
        None | Some(Value::None) => String::new(),
        Some(value) => str(value).to_string_lossy(),
    };
    match *kind {
        "status" => {
            is_last = content()?.get("execution_state").and_then(Value::as_str) == Some("idle");
        }
        "execute_result" | "display_data" => {
            let data = content()?.get("data")?;
            has_image = data.get("image/png").is_some();
            if !has_image || *kind == "execute_result" {
                text = shown(data.get("text/plain"));
            }
        }
        "stream" => {
            *kind = content()?.get("name")?.as_str()?;
            text = shown(Some(content()?.get("text")?));
        }
        "error" => {
            let lines = content()?.get("traceback")?.as_list()?.iter();
            let lines: Vec<String> = lines.map(Value::to_text).collect::<Option<_>>()?;
            text = remove_all(&join(&lines, "\n"), ESCAPE).into_owned();
            if contains(&text, "M6_CODE_INTERPRETER_TIMEOUT") {
                TIMED_OUT.clone_into(&mut text);
            }
        }
        _ => {}
    }
    Some(Message {
        kind,
        text,
        has_image,
        is_last,
    })
}

/// The messages of a Jupyter kernel, up to the one that says it is idle, as the tool shows them.
pub(super) fn show_messages_of(messages: &Value) -> String {
    let mut shown = String::new();
    let mut images = 0_u32;
    for message in messages.as_list().unwrap_or_default() {
        let message = read_message(message);
        shown += &show_message(message.kind, &message.text);
        if message.has_image {
            images += 1;
            let number = images.to_string();
            let zeros = text_from("00", number.len() - 1);
            shown += &fill("\n\n![fig-{}{}](IMG)", &[zeros, &number]);
        }
        if message.is_last {
            return finish(&shown);
        }
    }
    // A kernel that says nothing more has run out of time.
    shown += &show_message("error", TIMED_OUT);
    finish(&shown)
}

/// A terminal escape.
const ESCAPE: &str = "(?:\u{1b}[@-_]|[\u{80}-\u{9f}])[0-?]*[ -/]*[@-~]";

fn observe_interpreter(result: &RunResult, _: &ObserveOptions) -> String {
    let Some(run) = last_phase(result) else {
        return show_message("error", UNEXPECTED);
    };
    let mut shown = show_message("stdout", &run.stdout) + &show_message("stderr", &run.stderr);
    if run.status == PhaseStatus::TimeLimitExceeded {
        shown += &show_message("error", TIMED_OUT);
    }
    finish(&shown)
}
