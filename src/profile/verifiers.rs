//! verifiers: code comes from tool calls, and the model reads streams and values.

use super::Profile;
use crate::python::search::join;
use crate::python::text::strip_end;

/// The profiles of verifiers.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "verifiers/python",
    source: "PrimeIntellect-ai/verifiers verifiers/legacy/envs/python_env.py",
    version: "a60a606ecc4d",
    description: "output, then `stderr:`, then the traceback or `Out[n]:`; `(no output)` for none of them",
    extract: None,
    observe: Some(|result, _| {
        let run = result.run.as_ref().or(result.compile.as_ref());
        run.map_or_else(
            || observe_parts("", "", None),
            |run| observe_parts(&run.stdout, &run.stderr, None),
        )
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
    let mut parts = Vec::new();
    let (stdout, stderr) = (strip_end(stdout), strip_end(stderr));
    if !stdout.is_empty() {
        parts.push(stdout.to_owned());
    }
    if !stderr.is_empty() {
        parts.push(format!("stderr:\n{stderr}"));
    }
    match outcome {
        Some(Outcome::Error("")) | None => {}
        Some(Outcome::Error(traceback)) => parts.push(strip_end(traceback).to_owned()),
        Some(Outcome::Value(value, number)) => parts.push(format!("Out[{number}]: {value}")),
    }
    if parts.is_empty() {
        parts.push("(no output)".to_owned());
    }
    join(&parts, "\n")
}
