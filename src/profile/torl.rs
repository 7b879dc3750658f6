//! ToRL and its kin: programs in the way of tool-integrated reasoning, shown with the end of their
//! output.

use super::rules::lines::scan_programs;
use super::rules::show::{fill, show_whole};
use super::rules::truncate::join_ends;
use super::{ExtractOptions, Extracted, ObserveOptions, Profile, Raised};
use crate::catalogue::prose;
use crate::python::search::{contains, join, last_of};
use crate::python::text::strip;
use crate::python::value::Value;
use crate::response::RunResult;

/// What ToRL shows instead of an empty output.
const TIMED_OUT: &str = "timeout_decorator.timeout_decorator.TimeoutError: 'Timed Out'";

/// The profiles of ToRL.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "torl",
    source: prose("GAIR-NLP/ToRL verl/workers/rollout/vllm_rollout/vllm_rollout_spmd.py"),
    version: prose("cb78cf1c494c"),
    description: prose(
        "last program by lines, none when one is left open; output in an ```output fence",
    ),
    extract: Some(extract_programs),
    observe: Some(observe),
}];

/// The last program of a text, or all of them as one.
pub(super) fn extract_programs(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let programs = scan_programs(text);
    let Some(last) = programs.last() else {
        return;
    };
    if options.last_only == Some(false) {
        let separator = "\n# ========\n";
        extracted.python(text, &[separator, &join(&programs, separator)].concat());
    } else if !last.is_empty() {
        extracted.python(text, last);
    }
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
    let shown = join_ends(shown, 255, 128, "...", -128);
    (fill("```output\n{}\n```\n", &[&shown]), passed)
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

/// The items of a list, a tuple, a set, a text or of bytes; none of anything else.
pub(super) fn items_of(value: &Value) -> Vec<Value> {
    let mut items = Vec::new();
    match value {
        Value::List(all) | Value::Tuple(all) | Value::Set(all) => items.clone_from(all),
        Value::Str(text) | Value::Bytes(text) => {
            for character in text.to_string_lossy().chars() {
                items.push(match value {
                    Value::Str(_) => Value::Str(String::from(character).into()),
                    _ => Value::Int(show_whole(u32::from(character).into())),
                });
            }
        }
        _ => {}
    }
    items
}

/// [`observe_report`] of whatever the original took for an output and a report: the first and the
/// last item of anything with items.
///
/// # Errors
///
/// The original's error for an output that cannot be searched.
pub(super) fn observe_reported(reported: &Value) -> Result<Value, Raised> {
    let items = items_of(reported);
    let error = Value::Str("Error".into());
    let last = items.last().unwrap_or(&error);
    let passed = last.as_str() == Some("Done");
    let shown = if passed {
        items.first().unwrap_or(&error)
    } else {
        last
    };
    let Some(text) = shown.to_text() else {
        let (class, template) = match shown {
            Value::List(_) | Value::Dict(_) => {
                ("AttributeError", "'{}' object has no attribute 'strip'")
            }
            _ => ("TypeError", "argument of type '{}' is not iterable"),
        };
        return Err(Raised::filled(class, template, &[shown.type_name()]));
    };
    let (text, passed) = observe_report(&text, if passed { "Done" } else { &text });
    Ok(Value::List(vec![
        Value::Str(text.into()),
        Value::Int(show_whole(passed.into())),
    ]))
}
