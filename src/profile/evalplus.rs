//! evalplus, as far as it needs no parser for Python.

use super::rules::find::remove_all;
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;
use crate::python::search::{contains, first_of};
use crate::python::text::strip;

/// The profiles of evalplus.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "evalplus",
    source: prose("evalplus/evalplus evalplus/sanitize.py"),
    version: prose("26d6d00bb1fd"),
    description: prose("the longest run of lines that Python parses; of a single line, that line"),
    extract: Some(extract),
    observe: None,
}];

/// Only runs of two lines and more are tried, and blank lines do not count: where no run can have a
/// line that counts, the first line is the answer.
fn extract(extracted: &mut Extracted, whole: &str, _: &ExtractOptions) {
    // Without terminal escapes.
    let text = remove_all(whole, "\u{1b}(?:[@-Z\\\\-_]|\\[[0-?]*[ -/]*[@-~])");
    let first = first_of(&text, "\n");
    let is_settled = !contains(&text, "\n") || strip(&text).is_empty();
    extracted.needs_python = !is_settled;
    extracted.python(whole, first);
}
