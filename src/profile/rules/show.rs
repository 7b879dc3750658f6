//! Templates and what stands in them in, observations out.

use crate::python::repr::str;
use crate::python::search::split;
use crate::python::value::Value;
use crate::response::{PhaseResult, RunResult};

/// `template` with `parts` in the places of its `{}`, one after the other: what `format!` does, by
/// one function for all texts.
#[inline(never)]
#[must_use]
pub fn fill(template: &str, parts: &[&str]) -> String {
    let mut filled = String::new();
    add(&mut filled, template, parts);
    filled
}

/// Adds the same to `text`.
#[inline(never)]
pub fn add(text: &mut String, template: &str, parts: &[&str]) {
    let mut parts = parts.iter();
    for (at, piece) in split(template, "{}").enumerate() {
        if at > 0 {
            text.push_str(parts.next().unwrap_or(&""));
        }
        text.push_str(piece);
    }
}

/// Adds the same with one part to `text`; nothing where that is empty.
#[inline(never)]
pub fn add_if_any(text: &mut String, template: &str, part: &str) {
    if !part.is_empty() {
        add(text, template, &[part]);
    }
}

/// `str(number)`, by one function for all numbers.
#[inline(never)]
#[must_use]
pub fn show_whole(number: i64) -> String {
    number.to_string()
}

/// `str(value)`, with U+FFFD for every surrogate.
#[inline(never)]
#[must_use]
pub fn show_value(value: &Value) -> String {
    str(value).to_string_lossy()
}

/// The same of a member of a dict; nothing where it is missing or `None`.
#[inline(never)]
#[must_use]
pub fn show_member(dict: &Value, name: &str) -> String {
    dict.member(name).map_or_else(String::new, show_value)
}

/// The phase that a run ended with: that of the program, or of the compiler where there is none.
#[inline(never)]
#[must_use]
pub fn last_phase(result: &RunResult) -> Option<&PhaseResult> {
    result.run.as_ref().or(result.compile.as_ref())
}

/// The streams of the last phase, empty where there is none.
#[inline(never)]
#[must_use]
pub fn streams(result: &RunResult) -> (&str, &str) {
    last_phase(result).map_or(("", ""), |phase| (&phase.stdout, &phase.stderr))
}

/// `template` with the streams of the last phase, that of the output first.
#[inline(never)]
#[must_use]
pub fn fill_streams(template: &str, result: &RunResult) -> String {
    let (stdout, stderr) = streams(result);
    fill(template, &[stdout, stderr])
}
