//! verifiers: code comes from tool calls, and the model reads streams and values.

use super::Profile;
use super::rules::show::{fill, fill_if_any, streams};
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
    let outcome = match outcome {
        Some(Outcome::Error("")) | None => String::new(),
        Some(Outcome::Error(traceback)) => fill("{}\n", &[strip_end(traceback)]),
        Some(Outcome::Value(value, number)) => fill("Out[{}]: {}\n", &[number, value]),
    };
    let output = fill_if_any("{}\n", strip_end(stdout));
    let errors = fill_if_any("stderr:\n{}\n", strip_end(stderr));
    let shown = output + &errors + &outcome;
    shown.strip_suffix('\n').unwrap_or("(no output)").to_owned()
}
