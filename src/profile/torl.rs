//! ToRL and its kin: programs in the way of tool-integrated reasoning, shown with the end of their
//! output.

use super::rules::lines::{Scanned, scan_programs};
use super::{ExtractOptions, Extracted, ObserveOptions, Profile, Program, Raised};
use crate::python::search::{contains, last_of};
use crate::python::text::{count, slice, strip};
use crate::python::value::Value;
use crate::response::RunResult;

/// What ToRL shows instead of an empty output.
const TIMED_OUT: &str = "timeout_decorator.timeout_decorator.TimeoutError: 'Timed Out'";

/// The profiles of ToRL.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "torl",
    source: "GAIR-NLP/ToRL verl/workers/rollout/vllm_rollout/vllm_rollout_spmd.py",
    version: "cb78cf1c494c",
    description: "last program by lines, none when one is left open; output in an ```output fence",
    extract: Some(|text, options| extract_programs(text, options, true)),
    observe: Some(observe),
}];

/// The last program of a text, or all of them as one.
pub(super) fn extract_programs(text: &str, options: &ExtractOptions, last_only: bool) -> Extracted {
    let programs = scan_programs(text);
    if options.last_only.unwrap_or(last_only) {
        let last = programs.last().filter(|Scanned(code)| !code.is_empty());
        return Extracted::python_or_nothing(text, last.map(|Scanned(code)| *code));
    }
    if programs.is_empty() {
        return Extracted::nothing();
    }
    let all: String = programs
        .iter()
        .flat_map(|Scanned(code)| ["\n# ========\n", code])
        .collect();
    Extracted::programs(vec![Program::new(text, &all, Some("python"))])
}

/// What the model reads of an output and a report: the output when the report is `Done`, else the
/// report. Of an error, the last line. The second value says whether the run counts as passed.
#[must_use]
pub fn observe_report(output: &str, report: &str) -> (String, bool) {
    let passed = report == "Done";
    let mut shown = if passed { output } else { report };
    if contains(shown, "Error") {
        shown = last_of(strip(shown), "\n");
    }
    if strip(shown).is_empty() {
        shown = TIMED_OUT;
    }
    let shown = strip(shown);
    // Here a text of exactly 256 characters is cut, too.
    let shown = match count(shown) {
        0..256 => shown.to_owned(),
        _ => format!(
            "{}...{}",
            slice(shown, None, Some(128)),
            slice(shown, Some(-128), None)
        ),
    };
    (format!("```output\n{shown}\n```\n"), passed)
}

fn observe(result: &RunResult, options: &ObserveOptions) -> String {
    let (output, report) = match &result.run {
        Some(run) if run.exit_code == Some(0) || !run.stdout.is_empty() => {
            (run.stdout.as_str(), "Done")
        }
        Some(run) => (run.stdout.as_str(), strip(&run.stderr)),
        None => ("Error", "UnknownError"),
    };
    let (text, _) = observe_report(output, report);
    options.on_a_new_line(text)
}

/// [`observe_report`] of whatever the original took for an output and a report: the first and the
/// last item of anything with items.
///
/// # Errors
///
/// The original's `TypeError` for an output that cannot be searched.
pub(super) fn observe_reported(reported: &Value) -> Result<Value, Raised> {
    let items: Vec<Value> = match reported {
        Value::List(items) | Value::Tuple(items) => items.clone(),
        Value::Str(text) => {
            let text = text.to_string_lossy();
            text.chars()
                .map(|item| Value::Str(item.to_string().into()))
                .collect()
        }
        _ => vec![],
    };
    let error = Value::Str("Error".into());
    let (first, last) = (
        items.first().unwrap_or(&error),
        items.last().unwrap_or(&error),
    );
    let passed = last.as_str() == Some("Done");
    let Value::Str(shown) = (if passed { first } else { last }) else {
        let kind = if passed { first } else { last }.type_name();
        let message = match kind {
            "list" | "dict" => format!("'{kind}' object has no attribute 'strip'"),
            _ => format!("argument of type '{kind}' is not iterable"),
        };
        let class = if message.starts_with('\'') {
            "AttributeError"
        } else {
            "TypeError"
        };
        return Err(Raised::new(class, message));
    };
    let shown = shown.to_string_lossy();
    let (text, passed) = if passed {
        observe_report(&shown, "Done")
    } else {
        observe_report("", &shown)
    };
    Ok(Value::List(vec![
        Value::Str(text.into()),
        Value::Int(u8::from(passed).to_string()),
    ]))
}
