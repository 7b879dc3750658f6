//! A name in, a set of rules out: what each framework takes for code, which of it runs, and what
//! the model gets to read.
//!
//! Each framework has a file with its profiles. A profile is a value: what it is called, where it
//! comes from, and which rules of [`rules`] it is made of. Nothing here knows sandboxes.

pub mod rules;

pub mod apply;
pub mod areal;
pub mod autogen;
pub mod evalplus;
pub mod gem;
pub mod livecodebench;
pub mod lm_eval;
pub mod nemo;
pub mod open_r1;
pub mod qwen;
pub mod rllm;
pub mod roll;
pub mod rstar;
pub mod sandbox_fusion;
pub mod simpletir;
pub mod skyrl;
pub mod slime;
pub mod smolagents;
pub mod torl;
pub mod verifiers;
pub mod verl;
pub mod verl_tool;

mod extracted;
#[cfg(test)]
mod growth;
mod list;
mod options;

pub use extracted::{Extracted, Program, Raised};
pub use list::{find_profile, profiles};
pub use options::{ExtractOptions, ObserveOptions};

use rules::show::fill;

use crate::catalogue::Prose;
use crate::error::RunError;
use crate::observation::Observation;
use crate::response::RunResult;

/// A named set of rules, proven against the framework it is named after.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// The name to ask for it: the framework, and where that has several rules a word for each.
    pub name: &'static str,
    /// The repository and file of the original.
    pub source: Prose,
    /// The commit of the original that was compared with.
    pub version: Prose,
    /// What it does, in one line.
    pub description: Prose,
    /// How it finds the code that runs; `None` where the framework takes it from a tool call.
    pub extract: Option<Extract>,
    /// What the model gets to read of a run; `None` where the framework shows none.
    pub observe: Option<Observe>,
}

/// How a profile finds the code that runs: it fills in what is empty.
pub type Extract = fn(&mut Extracted, &str, &ExtractOptions);

/// What a profile lets the model read of a run.
pub type Observe = fn(&RunResult, &ObserveOptions) -> String;

/// Finds the code of `text` that the framework behind `profile` would run.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] for a name that is none, with the nearest one, and for a profile
/// that does not extract.
///
/// # Examples
///
/// ```
/// use fencerun::profile::{ExtractOptions, extract_with};
/// let text = "```python\nx = 1\nx + 1\n```";
/// let extracted = extract_with("verl/retool", text, &ExtractOptions::default()).unwrap();
/// assert_eq!(extracted.programs[0].code, "x = 1\nprint(x + 1)");
/// ```
pub fn extract_with(
    profile: &str,
    text: &str,
    options: &ExtractOptions,
) -> Result<Extracted, RunError> {
    let found = find_profile(profile)?;
    let Some(extract) = found.extract else {
        return Err(not_one_that("extracts code", profile));
    };
    let mut extracted = Extracted::default();
    extract(&mut extracted, text, options);
    Ok(extracted)
}

/// Whether the framework behind `profile` reads the argument of a tool call; the others read whole texts of models.
#[must_use]
pub fn reads_arguments(profile: &str) -> bool {
    OF_ARGUMENTS.contains(&profile)
}

const OF_ARGUMENTS: [&str; 6] = [
    "verl/tool",
    "verl/retool",
    "verl/daytona",
    "verl/tutorial",
    "skyrl/agent",
    "qwen-agent",
];

/// Writes what the framework behind `profile` would let the model read of `result`.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] for a name that is none, with the nearest one, and for a profile
/// that shows no results.
pub fn observe_with(
    profile: &str,
    result: &RunResult,
    options: &ObserveOptions,
) -> Result<Observation, RunError> {
    let found = find_profile(profile)?;
    let Some(observe) = found.observe else {
        return Err(not_one_that("shows results", profile));
    };
    let phases = [&result.run, &result.compile];
    let truncated = phases
        .into_iter()
        .flatten()
        .any(|phase| phase.stdout_truncated || phase.stderr_truncated);
    Ok(Observation {
        text: observe(result, options),
        truncated,
    })
}

#[cold]
fn not_one_that(does: &str, profile: &str) -> RunError {
    let template = "profile: expected one that {}, found `{}`";
    RunError::InvalidOptions {
        detail: fill(template, &[does, profile]),
    }
}
