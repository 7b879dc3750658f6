//! rStar: code comes from tool calls, and the model reads a report.

use super::Profile;
use super::rules::show::{add, add_if_any, fill, last_phase};
use crate::catalogue::prose;
use crate::python::fixed::fixed;

/// The profiles of rStar.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "rstar",
    source: prose("microsoft/rStar rstar2_agent/tools/code_judge_utils.py"),
    version: prose("ecbfb943e202"),
    description: prose(
        "`Tool call success` or `failure`, the streams that are not empty, and the time",
    ),
    extract: None,
    observe: Some(|result, _| {
        let Some(run) = last_phase(result) else {
            return observe_report(Some(&result.message), "", "", 0.0);
        };
        let failed = run.exit_code != Some(0);
        let seconds = run.execution_time_ms.unwrap_or_default() / 1_000.0;
        observe_report(
            failed.then_some(result.message.as_str()),
            &run.stdout,
            &run.stderr,
            seconds,
        )
    }),
}];

/// What the model reads of a run, and of the reason why it failed if it did.
#[must_use]
pub fn observe_report(failure: Option<&str>, stdout: &str, stderr: &str, seconds: f64) -> String {
    let status = match failure {
        None => "Tool call success",
        Some(_) => "Tool call failure\nreason: {}",
    };
    let mut report = fill(status, &[failure.unwrap_or_default()]);
    add_if_any(&mut report, "\nstdout: {}", stdout);
    add_if_any(&mut report, "\nstderr: {}", stderr);
    add(&mut report, "\nexecution time: {}s", &[&fixed(seconds, 2)]);
    report
}
