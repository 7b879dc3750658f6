//! smolagents' agent that writes code.

use super::rules::clean::dedent;
use super::rules::find::{find_all, find_pairs, stripped};
use super::rules::glance::parses;
use super::rules::show::{fill, streams};
use super::{ExtractOptions, Extracted, Profile, Raised};
use crate::python::json::{JsonError, loads_lax};
use crate::python::search::{contains, find, find_last, join};
use crate::python::text::{slice, strip, text_between, text_to};
use crate::python::value::Value;

/// The opening of the style `markdown`, as a pattern.
const MARKDOWN_OPEN: &str = "```(?:python|py)";
const MARKDOWN_CLOSE: &str = "\n```";

/// The profiles of smolagents.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "smolagents",
    source: "huggingface/smolagents src/smolagents/utils.py, src/smolagents/agents.py",
    version: "e3a5b8994b30",
    description: "all <code> tags joined, else all ```py or ```python fences, else the text where Python parses it",
    extract: Some(extract),
    observe: Some(|result, _| {
        let (stdout, stderr) = streams(result);
        fill(
            "Observation:\nExecution logs:\n{}{}Last output from code snippet:\nNone",
            &[stdout, stderr],
        )
    }),
}];

/// All code between these tags, joined; `None` where there are no tags. Tags are patterns in the
/// original: known are texts without special characters, and the style `markdown`.
#[must_use]
pub fn find_code(text: &str, open: &str, close: &str) -> Option<String> {
    let found = if open == MARKDOWN_OPEN {
        find_all(text, "```(?:python|py)(.*?)\n```")
    } else {
        find_pairs(text, open, close)
    };
    let codes = stripped(&found);
    (!codes.is_empty()).then(|| join(&codes, "\n\n"))
}

fn extract(text: &str, options: &ExtractOptions) -> Extracted {
    let tags = options.code_block_tags.as_ref();
    let (open, close) = tags.map_or(("<code>", "</code>"), |(open, close)| {
        (open.as_str(), close.as_str())
    });
    let found = find_code(text, open, close).filter(|code| !code.is_empty());
    let found = found.or_else(|| find_code(text, MARKDOWN_OPEN, MARKDOWN_CLOSE));
    if let Some(code) = found.filter(|code| !code.is_empty()) {
        // One block stands in the text as it is.
        let stands = find(text, &code).map(|at| text_between(text, at, at + code.len()));
        return Extracted::python(text, stands.unwrap_or(&code));
    }
    match parses(text) {
        Some(true) => Extracted::python(text, text),
        parses => Extracted {
            needs_python: parses.is_none(),
            ..Extracted::raised("ValueError", explain(text, open, close))
        },
    }
}

/// `parse_json_blob`: the JSON between the first brace and the last, and what stands before it.
///
/// # Errors
///
/// The original's `ValueError`, for a text without JSON and for JSON that cannot be read.
pub fn read_json_blob(text: &str) -> Result<(Value, &str), Raised> {
    let Some(last) = find_last(text, "}") else {
        let message = "The model output does not contain any JSON blob.";
        return Err(Raised::new("ValueError", message));
    };
    // Without an opening brace the original slices from the last character on.
    let first = find(text, "{");
    let start = first
        .or_else(|| text.char_indices().next_back().map(|(at, _)| at))
        .unwrap_or_default();
    let blob = text.get(start..=last).unwrap_or_default();
    let before = match first {
        Some(first) => text_to(text, first),
        None => slice(text, None, Some(-1)),
    };
    let (error, place) = match loads_lax(blob) {
        Ok(value) => return Ok((value, before)),
        Err(error @ JsonError::Decode { position, .. }) => (error.message(), position),
        Err(error) => return Err(Raised::new(error.type_name(), error.message())),
    };
    let place = isize::try_from(place).unwrap_or(isize::MAX);
    let around = |before: isize, after: isize| {
        slice(
            text,
            Some(place.saturating_sub(before)),
            Some(place.saturating_add(after)),
        )
    };
    let message = if around(1, 2) == "},\n" {
        "JSON is invalid: you probably tried to provide multiple tool calls in one action. PROVIDE \
         ONLY ONE TOOL CALL."
            .to_owned()
    } else {
        fill(
            "The JSON blob you used is invalid due to the following error: {}.\nJSON blob was: \
             {}, decoding failed on that specific part of the blob:\n'{}'.",
            &[&error, text, around(4, 5)],
        )
    };
    Err(Raised::new("ValueError", message))
}

/// The original's help text, whose margin is taken off as the original does it: off the text of the
/// model, too.
fn explain(text: &str, open: &str, close: &str) -> String {
    let is_answer = contains(text, "final") && contains(text, "answer");
    let missing = fill(
        "Your code snippet is invalid, because the regex pattern {}(.*?){} was not found in it.",
        &[open, close],
    );
    let mut lines = vec!["", &missing, "Here is your code snippet:", text];
    let margin = if is_answer {
        lines.extend_from_slice(&[
            "It seems like you're trying to return the final answer, you can do it as follows:",
            open,
            "final_answer(\"YOUR FINAL ANSWER HERE\")",
        ]);
        "\n                "
    } else {
        lines.extend_from_slice(&[
            "Make sure to include code with the correct pattern, for instance:",
            "Thoughts: Your thoughts",
            open,
            "# Your python code here",
        ]);
        "\n            "
    };
    lines.extend_from_slice(&[close, ""]);
    strip(&dedent(&join(&lines, margin))).to_owned()
}
