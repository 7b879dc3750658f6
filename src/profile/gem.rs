//! GEM's tool for Python, and ROLL's, which is made from it.

use super::rules::find::{Found, find};
use super::rules::show::{fill, last_phase};
use super::{Extracted, Profile};
use crate::catalogue::prose;
use crate::python::text::{strip_start_of, text_to};
use crate::response::RunResult;

/// The profiles of GEM.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "gem",
    source: prose("axon-rl/gem gem/tools/python_code_tool.py"),
    version: prose("4069f2f8d45f"),
    description: prose(
        "<python> tag or ```python fence, whichever ends first; the turn is cut there",
    ),
    extract: Some(|extracted, text, _| extract_first(extracted, text, "<python>(.*?)</python>")),
    observe: Some(|result, _| observe_result(result)),
}];

/// The pair of tags or the fence that ends first, and the text up to there.
pub(super) fn extract_first(extracted: &mut Extracted, text: &str, tags: &str) {
    let (tag, fence) = (find(text, tags), find(text, "```\n?python(.*?)```"));
    let end_of = |found: &Option<Found<'_>>| found.map_or(text.len(), |found| found.end);
    let is_tag = fence.is_none() || tag.is_some() && end_of(&tag) <= end_of(&fence);
    let first = if is_tag { tag } else { fence };
    extracted.keep(text_to(text, end_of(&first)));
    extracted.python_in(text, first.as_ref());
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
