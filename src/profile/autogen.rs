//! `AutoGen`'s agent that executes code.

use super::rules::find::{CLOSE_FENCE, FENCE, Miss, Pattern, space_length};
use super::{ExtractOptions, Extracted, Profile, Program};
use crate::python::text::{strip, strip_word_of_any_case, text_from};

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
        let Some(run) = result.run.as_ref().or(result.compile.as_ref()) else {
            return String::new();
        };
        observe_exit(
            &format!("{}{}", run.stderr, run.stdout),
            run.exit_code.unwrap_or(124),
        )
    }),
}];

/// What the agent runs unless it is told otherwise.
const LANGUAGES: [&str; 2] = ["python", "sh"];

fn extract(text: &str, options: &ExtractOptions) -> Extracted {
    let asked = options.languages.iter().map(String::as_str);
    let languages: Vec<&str> = if options.languages.is_empty() {
        LANGUAGES.to_vec()
    } else {
        asked.collect()
    };
    // White space, one of the languages in any case, and the end of the line.
    let head = |rest: &str| {
        let after = text_from(rest, space_length(rest));
        let mut tagged = languages
            .iter()
            .filter_map(|language| strip_word_of_any_case(after, language)?.strip_prefix('\n'));
        let after = tagged.next().ok_or(Miss::Here)?;
        Ok(rest.len() - after.len())
    };
    let fenced = Pattern {
        open: FENCE,
        head,
        close: CLOSE_FENCE,
    };
    let blocks = fenced.find_all(text).into_iter();
    let programs: Vec<Program> = blocks
        .map(|found| Program::new(text, found.body, Some(strip(found.head))))
        .collect();
    let reply = programs.is_empty().then(|| NO_CODE.to_owned());
    Extracted {
        reply,
        ..Extracted::programs(programs)
    }
}

/// What the model reads of an output and an exit code.
#[must_use]
pub fn observe_exit(output: &str, exit_code: i64) -> String {
    if strip(output).is_empty() {
        return format!(
            "The script ran but produced no output to console. The POSIX exit code was: {exit_code}. \
             If you were expecting output, consider revising the script to ensure content is printed to stdout."
        );
    }
    if exit_code != 0 {
        return format!(
            "The script ran, then exited with an error (POSIX exit code: {exit_code})\nIts output was:\n{output}"
        );
    }
    output.to_owned()
}
