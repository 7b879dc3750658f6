//! slime's example of retool.

use super::rules::find::{Found, find, find_all, find_all_of, find_from};
use super::rules::show::{add_if_any, fill, last_phase};
use super::{ExtractOptions, Extracted, Profile, Raised};
use crate::catalogue::prose;
use crate::python::json::{JsonError, loads};
use crate::python::search::{find as find_text, find_last, replace, split};
use crate::python::text::{strip, text_between, text_from, text_to};
use crate::python::value::Value;

const VERSION: &str = "624b824a898a";

/// What the model reads where a turn has neither code nor an answer.
pub const INVALID: &str = "\nMy previous action is invalid. If I want to execute code, I should put the code between \
    <code> and </code>. If I want to give the final answer, I should use the format \
    'Answer: \\boxed{answer}'. Let me try again.\n";

/// What the tool says to code that is blank.
pub const NO_CODE: &str = "Error: No Python code found";

/// The profiles of slime.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "slime",
    source: prose(
        "THUDM/slime examples/retool/generate_with_retool.py, examples/retool/tool_sandbox.py",
    ),
    version: prose(VERSION),
    description: prose(
        "an answer in a box, else a tool call, else a <code> tag, else a ```python fence; <interpreter> tags",
    ),
    extract: Some(extract),
    observe: Some(|result, _| {
        let Some(run) = last_phase(result) else {
            return show("Error: Process exited with code None\n");
        };
        let mut shown = String::new();
        add_if_any(&mut shown, "Output:\n{}", &run.stdout);
        add_if_any(&mut shown, "\nErrors:\n{}", &run.stderr);
        show(strip(&shown))
    }),
}];

/// What no code may hold, as the original's patterns.
const DANGEROUS: &str = r"import\s+os
import\s+sys
import\s+subprocess
import\s+shutil
import\s+glob
import\s+pathlib
__import__
eval\s*\(
exec\s*\(
open\s*\(
file\s*\(
input\s*\(
raw_input\s*\(
compile\s*\(
execfile\s*\(
getattr\s*\(
setattr\s*\(
delattr\s*\(
hasattr\s*\(
globals\s*\(
locals\s*\(
vars\s*\(
dir\s*\(
type\s*\(
isinstance\s*\(
issubclass\s*\(
super\s*\(
property\s*\(
staticmethod\s*\(
classmethod\s*\(
__\w+__";

/// The modules that code may import.
const ALLOWED: &str =
    "math random datetime collections itertools functools operator statistics decimal fractions";

/// Whether the tool runs this code, with its reason: `_check_code_safety`.
///
/// Of several imports that are not allowed, the first is named; the original names any.
#[must_use]
pub fn check_code(code: &str) -> (bool, String) {
    if let Some(pattern) = split(DANGEROUS, "\n").find(|pattern| is_dangerous(code, pattern)) {
        let template = "Code contains dangerous pattern: {}";
        return (false, fill(template, &[pattern]));
    }
    for pattern in [r"import\s+(\w+)", r"from\s+(\w+)"] {
        for Found { head: name, .. } in find_all(code, pattern) {
            if !split(ALLOWED, " ").any(|allowed| allowed == name) {
                return (false, fill("Import of '{}' is not allowed", &[name]));
            }
        }
    }
    (true, "Code is safe".to_owned())
}

/// Whether one of [`DANGEROUS`] matches somewhere, without regard to case.
fn is_dangerous(code: &str, pattern: &str) -> bool {
    if pattern == r"__\w+__" {
        // The word takes underscores, too, and would have to give back two.
        return find_all(code, r"__\w+").iter().any(|found| {
            let word = text_between(code, found.start, found.end);
            find_last(word, "__").is_some_and(|last| last > 2)
        });
    }
    find(code, &fill("(?i){}", &[pattern])).is_some()
}

/// What the model reads of a result.
#[must_use]
pub fn show(result: &str) -> String {
    fill("\n\n<interpreter>\n{}\n</interpreter>\n\n", &[result])
}

/// The answer in a box, whose braces may hold braces once: `((?:[^{}]|\{[^{}]*\})*)\}`. Every way
/// through it takes whole characters or whole pairs of braces, so it ends at the first brace that
/// closes nothing, or nowhere.
///
/// A box that is searched to the end in vain closes all boxes inside it, and those match.
fn find_answer(text: &str, from: usize) -> Option<Found<'_>> {
    let mut from = from;
    loop {
        let open = find_from(text, r"Answer:\s*\\boxed{", from)?;
        from = open.end;
        if let Some(length) = box_length(text_from(text, from)) {
            return Some(Found {
                body: text_between(text, from, from + length),
                end: from + length + 1,
                ..open
            });
        }
    }
}

fn box_length(body: &str) -> Option<usize> {
    let mut inside = false;
    for (at, byte) in body.bytes().enumerate() {
        inside = match (byte, inside) {
            (b'{', false) => true,
            (b'}', true) => false,
            (b'}', false) => return Some(at),
            (b'{', true) => return None,
            _ => inside,
        };
    }
    None
}

/// A tool call; the original has the outer braces in the body.
const TOOL_CALL: &str = r"<tool_call>\s*{(.*?)}\s*</tool_call>";

const CODE_END: &str = "</code>";

/// A tag.
const TAGGED: &str = "<code>(.*?)</code>";

/// A fence.
const FENCED: &str = "```python(.*?)```";

/// The code of a call: line ends in the JSON text are escaped first, so that those inside of texts
/// pass and those between members do not.
fn read_call(body: &str) -> Result<Option<String>, Raised> {
    let body = replace(body, "\n", "\\n");
    let call = match loads(&fill("{{}}", &[&body])) {
        Err(JsonError::Decode { .. }) => return Ok(None),
        Err(error) => return Err(Raised::of_json(&error)),
        Ok(call) => call,
    };
    let is_ours = call.get("name").and_then(Value::as_str) == Some("code_interpreter");
    let arguments = call.get("arguments").unwrap_or(&Value::None);
    let code = arguments.get("code").and_then(Value::to_text);
    Ok(code.filter(|code| is_ours && !strip(code).is_empty()))
}

fn extract(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    if let Some(found) = find_answer(text, 0) {
        extracted.kind = Some("answer");
        return extracted.keep(strip(found.body));
    }
    if let Some(found) = find(text, TOOL_CALL) {
        match read_call(found.body) {
            Ok(None) => {}
            Ok(Some(code)) => extracted.python(text, &code),
            Err(raised) => return extracted.raise(raised),
        }
    }
    if extracted.programs.is_empty() {
        let found = find_all_of(text, &[TAGGED, FENCED]);
        extracted.python_in(text, found.first());
    }
    if extracted.programs.is_empty() {
        extracted.reply = Some(INVALID);
    } else {
        extracted.kind = Some("code");
    }
    extracted.keep(kept_turn(text));
}

/// `postprocess_responses`: the turn up to the end of the last tool call, else of the first code
/// tag, else of the last fence, else of the last answer.
#[must_use]
pub fn kept_turn(text: &str) -> &str {
    let last_end = |pattern| find_all(text, pattern).last().map(|found| found.end);
    let first_tag = || Some(find_text(text, CODE_END)? + CODE_END.len());
    let last_answer = || {
        let mut last = None;
        while let Some(found) = find_answer(text, last.unwrap_or(0)) {
            last = Some(found.end);
        }
        last
    };
    let end = last_end(TOOL_CALL)
        .or_else(first_tag)
        .or_else(|| last_end(FENCED))
        .or_else(last_answer);
    end.map_or(text, |end| text_to(text, end))
}
