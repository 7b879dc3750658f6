//! smolagents' agent that writes code.

use super::rules::clean::dedent;
use super::rules::find::{find_all, find_pairs, stripped};
use super::rules::glance::parses;
use super::rules::show::{fill, fill_streams};
use super::{ExtractOptions, Extracted, Profile, Raised};
use crate::catalogue::prose;
use crate::python::json::{JsonError, loads_lax};
use crate::python::search::{contains, find, find_last, join, replace};
use crate::python::text::{slice, strip, text_between, text_to};
use crate::python::value::Value;

/// The opening of the style `markdown`, as a pattern.
const MARKDOWN_OPEN: &str = "```(?:python|py)";
const MARKDOWN_CLOSE: &str = "\n```";

/// The profiles of smolagents.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "smolagents",
    source: prose("huggingface/smolagents src/smolagents/utils.py, src/smolagents/agents.py"),
    version: prose("e3a5b8994b30"),
    description: prose(
        "all <code> tags joined, else all ```py or ```python fences, else the text where Python parses it",
    ),
    extract: Some(extract),
    observe: Some(|result, _| {
        let template = "Observation:\nExecution logs:\n{}{}Last output from code snippet:\nNone";
        fill_streams(template, result)
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

fn extract(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let (open, close) = match &options.code_block_tags {
        Some((open, close)) => (open.as_str(), close.as_str()),
        None => ("<code>", "</code>"),
    };
    for (open, close) in [(open, close), (MARKDOWN_OPEN, MARKDOWN_CLOSE)] {
        let code = find_code(text, open, close).unwrap_or_default();
        if !code.is_empty() {
            // One block stands in the text as it is.
            let stands = find(text, &code).map(|at| text_between(text, at, at + code.len()));
            return extracted.python(text, stands.unwrap_or(&code));
        }
    }
    let parses = parses(text);
    if parses == Some(true) {
        return extracted.python(text, text);
    }
    extracted.needs_python = parses.is_none();
    extracted.raise(Raised::new("ValueError", explain(text, open, close)));
}

/// `parse_json_blob`: the JSON between the first brace and the last, and what stands before it.
///
/// # Errors
///
/// The original's `ValueError`, for a text without JSON and for JSON that cannot be read.
pub fn read_json_blob(text: &str) -> Result<(Value, &str), Raised> {
    let Some(last) = find_last(text, "}") else {
        let message = "The model output does not contain any JSON blob.";
        return Err(Raised::filled("ValueError", message, &[]));
    };
    // Without an opening brace the original slices from the last character on.
    let last_character = || text.len() - slice(text, Some(-1), None).len();
    let start = find(text, "{").unwrap_or_else(last_character);
    let error = match loads_lax(text.get(start..=last).unwrap_or_default()) {
        Ok(value) => return Ok((value, text_to(text, start))),
        Err(error) => error,
    };
    let JsonError::Decode { position, .. } = error else {
        return Err(Raised::of_json(&error));
    };
    let place = position.cast_signed();
    let message = if slice(text, Some(place - 1), Some(place + 2)) == "},\n" {
        "JSON is invalid: you probably tried to provide multiple tool calls in one action. PROVIDE \
         ONLY ONE TOOL CALL."
    } else {
        "The JSON blob you used is invalid due to the following error: {}.\nJSON blob was: {}, \
         decoding failed on that specific part of the blob:\n'{}'."
    };
    let part = slice(text, Some(place - 4), Some(place + 5));
    let parts = [&*error.message(), text, part];
    Err(Raised::filled("ValueError", message, &parts))
}

/// The original's help text, whose margin is taken off as the original does it: off the text of the
/// model, too.
fn explain(text: &str, open: &str, close: &str) -> String {
    let is_answer = contains(text, "final") && contains(text, "answer");
    let (margin, advice) = if is_answer {
        (
            "\n                ",
            "It seems like you're trying to return the final answer, you can do it as follows:\n\
             {}\nfinal_answer(\"YOUR FINAL ANSWER HERE\")\n{}\n",
        )
    } else {
        (
            "\n            ",
            "Make sure to include code with the correct pattern, for instance:\n\
             Thoughts: Your thoughts\n{}\n# Your python code here\n{}\n",
        )
    };
    let template = [
        "\nYour code snippet is invalid, because the regex pattern {}(.*?){} was not found in it.\n\
         Here is your code snippet:\n{}\n",
        advice,
    ];
    let template = replace(&template.concat(), "\n", margin);
    let explained = fill(&template, &[open, close, text, open, close]);
    strip(&dedent(&explained)).to_owned()
}
