//! A line of a rollout log in, the rollout's steps out: one file a log format.
//!
//! A step is one thing the model wrote up to the point where a tool would answer, the code in it
//! that a sandbox runs, and the observation that the log recorded. Nothing here runs anything.

mod compare;
mod json;
mod steps;
mod tora;
mod verl;

use std::fmt;

use crate::python::json::loads;

pub use self::compare::is_identical;
pub use self::steps::Step;

/// The log formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// verl's rollout dump: an object with `input`, `output`, `score` and `step`.
    Verl,
    /// `ToRA`'s inference log: an object whose `code` is a list of texts.
    Tora,
}

/// One rollout of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// The format that the line was read as.
    pub format: LogFormat,
    /// What the model was given.
    pub input: String,
    /// The reward; `None` when the log has none. May be NaN or infinite.
    pub score: Option<f64>,
    /// The training step that the rollout was dumped at.
    pub training_step: Option<i64>,
    /// What the model wrote, cut at each observation, in order. Never empty.
    pub steps: Vec<Step>,
}

/// Why a line is no rollout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineError {
    /// The line is not JSON.
    NotJson {
        /// What the parser found.
        detail: String,
    },
    /// The line is JSON, but not a rollout of a known format.
    UnknownFormat,
}

impl fmt::Display for LineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { detail } => write!(formatter, "not JSON: {detail}"),
            Self::UnknownFormat => formatter.write_str(
                "expected an object with a text `output` (verl) or a list of texts `code` (ToRA)",
            ),
        }
    }
}

impl std::error::Error for LineError {}

/// Reads one line of a log. Bare `NaN` and `Infinity`, which Python writes, are read; the format
/// is seen from the fields.
///
/// # Errors
///
/// [`LineError`] when the line is not JSON or of no known format.
///
/// # Complexity
///
/// Linear in the length of the line, plus the extraction of each text in it.
pub fn read_line(line: &str) -> Result<Rollout, LineError> {
    let value = loads(line).map_err(|error| LineError::NotJson {
        detail: error.to_string(),
    })?;
    verl::read(&value)
        .or_else(|| tora::read(&value))
        .ok_or(LineError::UnknownFormat)
}
