//! rStar: code comes from tool calls, and the model reads a report.

use super::Profile;
use crate::python::fixed::fixed;
use crate::python::search::join;

/// The profiles of rStar.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "rstar",
    source: "microsoft/rStar rstar2_agent/tools/code_judge_utils.py",
    version: "ecbfb943e202",
    description: "`Tool call success` or `failure`, the streams that are not empty, and the time",
    extract: None,
    observe: Some(|result, _| {
        let Some(run) = result.run.as_ref().or(result.compile.as_ref()) else {
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
    let mut parts = match failure {
        None => vec!["Tool call success".to_owned()],
        Some(reason) => vec!["Tool call failure".to_owned(), format!("reason: {reason}")],
    };
    for (name, stream) in [("stdout", stdout), ("stderr", stderr)] {
        if !stream.is_empty() {
            parts.push(format!("{name}: {stream}"));
        }
    }
    parts.push(format!("execution time: {}s", fixed(seconds, 2)));
    join(&parts, "\n")
}
