//! Templates and what stands in them in, observations out.

pub use crate::python::format::{add, add_if_any, fill, show_value, show_whole};
use crate::python::value::Value;
use crate::response::{PhaseResult, RunResult};

/// [`show_value`] of a member of a dict; nothing where it is missing or `None`.
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
