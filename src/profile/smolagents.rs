//! smolagents' agent that writes code.

use super::rules::clean::dedent;
use super::rules::find::{CLOSE_FENCE_LINE, FENCE, Head, Pattern, find_pairs, one_of, stripped};
use super::rules::glance::parses;
use super::rules::truncate::keep_ends_and_say_so;
use super::{ExtractOptions, Extracted, Profile, Program, Raised};
use crate::python::json::{JsonError, loads_lax};
use crate::python::search::{contains, find, find_last, join};
use crate::python::text::{slice, strip, text_to};
use crate::python::value::Value;

/// The opening of the style `markdown`, as a pattern.
const MARKDOWN_OPEN: &str = "```(?:python|py)";
const MARKDOWN_CLOSE: &str = "\n```";

/// How much of the last value is shown, in code points.
const VALUE_LENGTH: isize = 20_000;

/// The profiles of smolagents.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "smolagents",
    source: "huggingface/smolagents src/smolagents/utils.py, src/smolagents/agents.py",
    version: "e3a5b8994b30",
    description: "all <code> tags joined, else all ```py or ```python fences, else the text where Python parses it",
    extract: Some(extract),
    observe: Some(|result, _| {
        let run = result.run.as_ref().or(result.compile.as_ref());
        let logs = run.map_or_else(String::new, |run| format!("{}{}", run.stdout, run.stderr));
        let value = keep_ends_and_say_so("None", VALUE_LENGTH);
        format!("Observation:\nExecution logs:\n{logs}Last output from code snippet:\n{value}")
    }),
}];

const PY_OR_PYTHON: Head = |rest| one_of(rest, &["python", "py"]);

/// All code between these tags, joined; `None` where there are no tags. Tags are patterns in the
/// original: known are texts without special characters, and the style `markdown`.
#[must_use]
pub fn find_code(text: &str, open: &str, close: &str) -> Option<String> {
    let found = if open == MARKDOWN_OPEN {
        let fenced = Pattern {
            open: FENCE,
            head: PY_OR_PYTHON,
            close: CLOSE_FENCE_LINE,
        };
        fenced.find_all(text)
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
        let stands = find(text, &code).and_then(|at| text.get(at..at + code.len()));
        return Extracted::programs(vec![Program::new(
            text,
            stands.unwrap_or(&code),
            Some("python"),
        )]);
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
    let position = match loads_lax(blob) {
        Ok(value) => return Ok((value, before)),
        Err(JsonError::Decode { position, .. }) => position,
        Err(error) => return Err(Raised::new(error.type_name(), error.to_string())),
    };
    let error = loads_lax(blob)
        .err()
        .map_or_else(String::new, |error| error.to_string());
    let place = isize::try_from(position).unwrap_or(isize::MAX);
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
        format!(
            "The JSON blob you used is invalid due to the following error: {error}.\nJSON blob was: \
             {text}, decoding failed on that specific part of the blob:\n'{}'.",
            around(4, 5)
        )
    };
    Err(Raised::new("ValueError", message))
}

/// The original's help text.
fn explain(text: &str, open: &str, close: &str) -> String {
    let margin = |lines: &[&str], indent: usize| {
        let end = format!("\n{}", " ".repeat(indent));
        format!("{end}{}{end}", join(lines, &end))
    };
    let pattern = format!(
        "Your code snippet is invalid, because the regex pattern {open}(.*?){close} was not found in it."
    );
    let snippet = "Here is your code snippet:";
    let message = if contains(text, "final") && contains(text, "answer") {
        let hint =
            "It seems like you're trying to return the final answer, you can do it as follows:";
        margin(
            &[
                &pattern,
                snippet,
                text,
                hint,
                open,
                "final_answer(\"YOUR FINAL ANSWER HERE\")",
                close,
            ],
            16,
        )
    } else {
        let hint = "Make sure to include code with the correct pattern, for instance:";
        margin(
            &[
                &pattern,
                snippet,
                text,
                hint,
                "Thoughts: Your thoughts",
                open,
                "# Your python code here",
                close,
            ],
            12,
        )
    };
    strip(&dedent(&message)).to_owned()
}
