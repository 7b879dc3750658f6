//! `AutoGen`'s agent that executes code.

use super::rules::find::find_all;
use super::rules::show::{fill, last_phase};
use super::{ExtractOptions, Extracted, Profile, Program};
use crate::python::text::strip;

/// What the agent says to a text without code.
pub const NO_CODE: &str = "No code blocks found in the thread. Please provide at least one \
    markdown-encoded code block to execute (i.e., quoting code in ```python or ```sh code blocks).";

/// The profiles of `AutoGen`.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "autogen",
    source: "microsoft/autogen python/packages/autogen-agentchat/src/autogen_agentchat/agents/_code_executor_agent.py",
    version: "027ecf0a379b",
    description: "every fence with `python` or `sh` and nothing else behind it, in order; a sentence about the exit",
    extract: Some(extract),
    observe: Some(|result, _| {
        last_phase(result).map_or_else(String::new, |run| {
            let output = fill("{}{}", &[&run.stderr, &run.stdout]);
            observe_exit(&output, run.exit_code.unwrap_or(124))
        })
    }),
}];

fn extract(text: &str, options: &ExtractOptions) -> Extracted {
    let mut languages = String::new();
    for language in &options.languages {
        languages.push_str(if languages.is_empty() { "" } else { "|" });
        for character in language.chars() {
            if !character.is_ascii_alphanumeric() {
                languages.push('\\');
            }
            languages.push(character);
        }
        languages.push('\n');
    }
    if languages.is_empty() {
        languages.push_str("python\n|sh\n");
    }
    let pattern = fill("(?i)```\\s*({})(.*?)```", &[&languages]);
    let programs: Vec<Program> = find_all(text, &pattern)
        .iter()
        .map(|found| Program::new(text, found.body, Some(strip(found.head))))
        .collect();
    if programs.is_empty() {
        return Extracted::reply(NO_CODE);
    }
    Extracted::programs(programs)
}

/// What the model reads of an output and an exit code.
#[must_use]
pub fn observe_exit(output: &str, exit_code: i64) -> String {
    let template = match (strip(output), exit_code) {
        ("", _) => {
            "The script ran but produced no output to console. The POSIX exit code was: {}. \
             If you were expecting output, consider revising the script to ensure content is printed to stdout."
        }
        (_, 0) => return output.to_owned(),
        _ => "The script ran, then exited with an error (POSIX exit code: {})\nIts output was:\n{}",
    };
    fill(template, &[&exit_code.to_string(), output])
}
