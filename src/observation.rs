//! A result in, the text for the model out.

use crate::profile::rules::show::{fill_streams, last_phase};
use crate::response::{PhaseResult, RunResult};

/// What the model gets to read about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The text, as the program wrote it.
    pub text: String,
    /// Whether the sandbox cut one of the streams at its bound.
    pub truncated: bool,
}

/// Joins `stdout` and `stderr` with nothing added and nothing interpreted, as verl's
/// `SandboxFusionTool` does for a finished run (`verl/tools/sandbox_fusion_tools.py`, commit
/// b178a3cd56f5). Partial output of a run that was stopped is kept. When compiling failed there
/// is no run, and the compiler's streams are the observation.
#[must_use]
pub fn observe(result: &RunResult) -> Observation {
    let is_truncated = |phase: &PhaseResult| phase.stdout_truncated || phase.stderr_truncated;
    Observation {
        text: fill_streams("{}{}", result),
        truncated: last_phase(result).is_some_and(is_truncated),
    }
}
