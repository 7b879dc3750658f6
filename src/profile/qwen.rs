//! Qwen-Agent and Qwen2.5-Math.

use super::rules::find::{FENCE, find, remove_all, search};
use super::rules::lines::{keep_lines, numbered};
use super::rules::show::{add, fill, last_phase, show_member, show_whole};
use super::rules::truncate::keep_ends;
use super::torl::extract_programs;
use super::{ExtractOptions, Extracted, ObserveOptions, Profile};
use crate::catalogue::prose;
use crate::python::json_write::{Escape, dumps};
use crate::python::json5::loads;
use crate::python::search::{contains, last_of, split};
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
        source: prose(
            "QwenLM/Qwen-Agent qwen_agent/utils/utils.py, qwen_agent/tools/code_interpreter.py",
        ),
        version: prose(AGENT_VERSION),
        description: prose(
            "first fence of the tool's argument, else its `code`, else all of it; streams in fences",
        ),
        extract: Some(extract_argument),
        observe: Some(observe_interpreter),
    },
    Profile {
        name: "qwen-agent/tir",
        source: prose("QwenLM/Qwen-Agent qwen_agent/agents/tir_agent.py"),
        version: prose(AGENT_VERSION),
        description: prose("last program by lines, none when one is left open"),
        extract: Some(extract_programs),
        observe: Some(|result, options| {
            let (output, report) = output_and_report(result);
            let shown = strip(if report == "Done" { output } else { report });
            options.on_a_new_line(fill("```output\n{}\n```\n", &[shown]))
        }),
    },
    Profile {
        name: "qwen-math",
        source: prose(
            "QwenLM/Qwen2.5-Math evaluation/trajectory.py, evaluation/python_executor.py",
        ),
        version: prose("a45202bd16f1"),
        description: prose(
            "all programs so far as one, without their prints; failed ones for their imports",
        ),
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
fn extract_argument(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    if let Some(found) = find(text, "```[^\n]*\n") {
        let rest = text_from(text, found.end);
        let first = rest.chars().next().map_or(0, char::len_utf8);
        if let Some(body) = search(text_from(rest, first), FENCE) {
            return extracted.python(text, text_to(rest, first + body));
        }
    }
    // Code that is no text is handed on as the value it is.
    let argument = loads(text).unwrap_or(Value::None);
    let code = match argument.get("code") {
        None => return extracted.python(text, text),
        Some(Value::Str(code)) => code.to_string_lossy(),
        Some(value) => {
            extracted.kind = Some("json");
            let json = dumps(value, Escape::Surrogates).unwrap_or_default();
            json.to_string_lossy()
        }
    };
    extracted.python(text, &code);
}

/// The part of a trajectory that a line belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Rationale,
    Program,
    Output,
}

/// The programs of a text with their outputs, of which the last may have none. A text that does not
/// alternate between the two is no trajectory.
fn read_trajectory(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut programs = Vec::new();
    let (mut role, mut program, mut start) = (Role::Rationale, "", 0);
    for (at, line) in numbered(text) {
        let content = text_between(text, start, at);
        role = match (role, line) {
            (Role::Rationale, "```python") => Role::Program,
            (_, "```python") => return None,
            (Role::Program, FENCE) if content.is_empty() => return None,
            (Role::Program, FENCE) => {
                program = content;
                Role::Output
            }
            (Role::Output, FENCE) => {
                programs.push((program, content));
                Role::Rationale
            }
            (Role::Output, line) if !line.starts_with("```output") => continue,
            (Role::Output, _) if content.is_empty() => role,
            (Role::Output, _) => return None,
            _ => continue,
        };
        start = at + line.len() + 1;
    }
    let rest = text_from(text, start);
    match role {
        Role::Program if !rest.is_empty() => programs.push((rest, "")),
        Role::Output => programs.push((program, rest)),
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

fn extract_trajectory(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let Some(trajectory) = read_trajectory(text) else {
        return extracted.python(text, "raise ValueError('Invalid trajectory')");
    };
    let (mut imports, mut before, mut last) = (String::new(), String::new(), "");
    for (program, output) in trajectory {
        if !is_failure(output) {
            if !last.is_empty() {
                add(&mut before, "{}\n", &[&without_prints(last)]);
            }
            last = program;
            continue;
        }
        for line in split(program, "\n") {
            if line.starts_with("import") || line.starts_with("from") {
                add(&mut imports, "{}\n", &[line]);
            }
        }
    }
    // The imports belong to the first program.
    let code = [&imports, &before, last].concat();
    if code.is_empty() {
        return;
    }
    // What is the last program alone stands in the text.
    let is_last = code == last || !before.is_empty() && options.last_only == Some(true);
    extracted.python(text, if is_last { last } else { &code });
}

fn without_prints(program: &str) -> String {
    keep_lines(program, &|line| !strip(line).starts_with("print("))
}

/// Adds one message of the interpreter as it is shown: its kind and its text in a fence.
#[inline(never)]
fn add_message(shown: &mut String, kind: &str, text: &str) {
    if !text.is_empty() {
        add(shown, "\n\n{}:\n\n```\n{}\n```", &[kind, text]);
    }
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

/// Reads a message; `None` where something is missing, and `read` has what is known then.
fn read_message<'a>(message: &'a Value, read: &mut Message<'a>) -> Option<()> {
    read.kind = message.get("msg_type")?.as_str()?;
    let content = message.get("content");
    match read.kind {
        "status" => {
            let state = content?.get("execution_state");
            read.is_last = state.and_then(Value::as_str) == Some("idle");
        }
        "execute_result" | "display_data" => {
            let data = content?.get("data")?;
            read.has_image = data.get("image/png").is_some();
            let is_shown = !read.has_image || read.kind == "execute_result";
            if is_shown {
                read.text = show_member(data, "text/plain");
            }
        }
        "stream" => {
            read.kind = content?.get("name")?.as_str()?;
            content?.get("text")?;
            read.text = show_member(content?, "text");
        }
        "error" => {
            let mut lines = String::new();
            for line in content?.get("traceback")?.as_list()? {
                add(&mut lines, "\n{}", &[&line.to_text()?]);
            }
            read.text = remove_all(text_from(&lines, 1), ESCAPE).into_owned();
            if contains(&read.text, "M6_CODE_INTERPRETER_TIMEOUT") {
                TIMED_OUT.clone_into(&mut read.text);
            }
        }
        _ => {}
    }
    Some(())
}

/// The messages of a Jupyter kernel, up to the one that says it is idle, as the tool shows them.
pub(super) fn show_messages_of(messages: &Value) -> String {
    let mut shown = String::new();
    let mut images = 0;
    for message in messages.as_list().unwrap_or_default() {
        let mut read = Message {
            kind: "error",
            text: String::new(),
            has_image: false,
            is_last: false,
        };
        if read_message(message, &mut read).is_none() {
            // It is the last one, and the original says so in its place.
            UNEXPECTED.clone_into(&mut read.text);
            read.is_last = true;
        }
        add_message(&mut shown, read.kind, &read.text);
        if read.has_image {
            images += 1;
            let number = show_whole(images);
            let zeros = text_from("00", number.len() - 1);
            add(&mut shown, "\n\n![fig-{}{}](IMG)", &[zeros, &number]);
        }
        if read.is_last {
            return finish(&shown);
        }
    }
    // A kernel that says nothing more has run out of time.
    add_message(&mut shown, "error", TIMED_OUT);
    finish(&shown)
}

/// A terminal escape.
const ESCAPE: &str = "(?:\u{1b}[@-_]|[\u{80}-\u{9f}])[0-?]*[ -/]*[@-~]";

fn observe_interpreter(result: &RunResult, _: &ObserveOptions) -> String {
    let mut shown = String::new();
    let Some(run) = last_phase(result) else {
        add_message(&mut shown, "error", UNEXPECTED);
        return shown;
    };
    add_message(&mut shown, "stdout", &run.stdout);
    add_message(&mut shown, "stderr", &run.stderr);
    if run.status == PhaseStatus::TimeLimitExceeded {
        add_message(&mut shown, "error", TIMED_OUT);
    }
    finish(&shown)
}
