//! `AutoGen`'s agent that executes code.

use super::rules::find::find_all;
use super::rules::show::{fill, last_phase, show_whole};
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;
use crate::python::text::strip;

/// What the agent says to a text without code.
pub const NO_CODE: &str = "No code blocks found in the thread. Please provide at least one \
    markdown-encoded code block to execute (i.e., quoting code in ```python or ```sh code blocks).";

/// The profiles of `AutoGen`.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "autogen",
    source: prose(
        "microsoft/autogen python/packages/autogen-agentchat/src/autogen_agentchat/agents/_code_executor_agent.py",
    ),
    version: prose("027ecf0a379b"),
    description: prose(
        "every fence with `python` or `sh` and nothing else behind it, in order; a sentence about the exit",
    ),
    extract: Some(extract),
    observe: Some(|result, _| {
        last_phase(result).map_or_else(String::new, |run| {
            let output = [&*run.stderr, &run.stdout].concat();
            observe_exit(&output, run.exit_code.unwrap_or(124))
        })
    }),
}];

fn extract(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let mut languages = String::new();
    for language in &options.languages {
        languages.push('|');
        for character in language.chars() {
            if !character.is_ascii_alphanumeric() {
                languages.push('\\');
            }
            languages.push(character);
        }
        languages.push('\n');
    }
    let languages = languages.strip_prefix('|').unwrap_or("python\n|sh\n");
    let pattern = fill("(?i)```\\s*({})(.*?)```", &[languages]);
    for found in find_all(text, &pattern) {
        extracted.push(text, found.body, Some(strip(found.head)));
    }
    if extracted.programs.is_empty() {
        extracted.reply = Some(NO_CODE);
    }
}

/// What the model reads of an output and an exit code.
#[must_use]
pub fn observe_exit(output: &str, exit_code: i64) -> String {
    show_exit(output, &show_whole(exit_code))
}

pub(super) fn show_exit(output: &str, exit_code: &str) -> String {
    let template = match (strip(output), exit_code) {
        ("", _) => {
            "The script ran but produced no output to console. The POSIX exit code was: {}. \
             If you were expecting output, consider revising the script to ensure content is printed to stdout."
        }
        (_, "0") => return output.to_owned(),
        _ => "The script ran, then exited with an error (POSIX exit code: {})\nIts output was:\n{}",
    };
    fill(template, &[exit_code, output])
}
