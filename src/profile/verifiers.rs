//! verifiers: code comes from tool calls, and the model reads streams and values.

use super::Profile;
use super::rules::show::{add, add_if_any, streams};
use crate::catalogue::prose;
use crate::python::text::strip_end;

/// The profiles of verifiers.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "verifiers/python",
    source: prose("PrimeIntellect-ai/verifiers verifiers/legacy/envs/python_env.py"),
    version: prose("a60a606ecc4d"),
    description: prose(
        "output, then `stderr:`, then the traceback or `Out[n]:`; `(no output)` for none of them",
    ),
    extract: None,
    observe: Some(|result, _| {
        let (stdout, stderr) = streams(result);
        observe_parts(stdout, stderr, None)
    }),
}];

/// What the last line of a cell came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// A value and the number of its cell, as Python writes them.
    Value(&'a str, &'a str),
    /// An error, with its traceback.
    Error(&'a str),
}

/// What the model reads of a cell.
#[must_use]
pub fn observe_parts(stdout: &str, stderr: &str, outcome: Option<Outcome<'_>>) -> String {
    let mut shown = String::new();
    add_if_any(&mut shown, "{}\n", strip_end(stdout));
    add_if_any(&mut shown, "stderr:\n{}\n", strip_end(stderr));
    match outcome {
        Some(Outcome::Error("")) | None => {}
        Some(Outcome::Error(traceback)) => add(&mut shown, "{}\n", &[strip_end(traceback)]),
        Some(Outcome::Value(value, number)) => add(&mut shown, "Out[{}]: {}\n", &[number, value]),
    }
    // Each part ends its line.
    if shown.pop().is_none() {
        "(no output)".clone_into(&mut shown);
    }
    shown
}
