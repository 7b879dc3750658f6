//! GEM's tool for Python, and ROLL's, which is made from it.

use super::rules::find::{find, find_pair};
use super::rules::show::{fill, last_phase};
use super::{Extracted, Profile};
use crate::python::text::{strip, strip_start_of, text_to};
use crate::response::RunResult;

/// The profiles of GEM.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "gem",
    source: "axon-rl/gem gem/tools/python_code_tool.py",
    version: "4069f2f8d45f",
    description: "<python> tag or ```python fence, whichever ends first; the turn is cut there",
    extract: Some(|text, _| extract_first(text, "<python>", "</python>")),
    observe: Some(|result, _| observe_result(result)),
}];

/// The pair of tags or the fence that ends first, and the text up to there.
pub(super) fn extract_first(text: &str, open: &str, close: &str) -> Extracted {
    let both = [
        find_pair(text, open, close),
        find(text, "```\n?python(.*?)```"),
    ];
    let first = both.into_iter().flatten().min_by_key(|found| found.end);
    let kept = first.map_or(text, |found| text_to(text, found.end));
    Extracted::python_or_nothing(text, first.map(|found| strip(found.body))).keeping(kept)
}

/// Output, and the errors below it where there are any.
pub(super) fn observe_result(result: &RunResult) -> String {
    let Some(run) = last_phase(result) else {
        return String::new();
    };
    let between = if run.stderr.is_empty() { "" } else { "\n" };
    let shown = fill("{}{}{}", &[&run.stdout, between, &run.stderr]);
    fill(
        "Code execution result: {}\n",
        &[strip_start_of(&shown, " \n")],
    )
}
