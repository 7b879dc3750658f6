//! ROLL's tool for Python and its code rewards.

use super::gem::{extract_first, observe_result};
use super::rules::clean::{cut_at, strip_after_last};
use super::rules::find::{CLOSE_FENCE, FENCE, Head, Pattern, length_while, one_of, space_length};
use super::rules::lines::keep_lines;
use super::{ExtractOptions, Extracted, Profile, Program};
use crate::python::search::{contains, find, replace};
use crate::python::text::{count, is_word, strip, strip_end, text_from};

const VERSION: &str = "8eb27cc2dc34";

/// The profiles of ROLL.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "roll",
        source: "alibaba/ROLL roll/pipeline/agentic/tools/python_code_tool.py",
        version: VERSION,
        description: "<code> tag or ```python fence, whichever ends first; the turn is cut there",
        extract: Some(|text, _| extract_first(text, "<code>", "</code>")),
        observe: Some(|result, _| observe_result(result)),
    },
    Profile {
        name: "roll/reward",
        source: "alibaba/ROLL roll/pipeline/rlvr/rewards/code_sandbox_reward_worker.py",
        version: VERSION,
        description: "behind </think>, the last fence in one of six languages, else the last fence, else all",
        extract: Some(extract_blocks),
        observe: None,
    },
    Profile {
        name: "roll/generation",
        source: "alibaba/ROLL roll/utils/local_code/extract_utils.py",
        version: VERSION,
        description: "behind </think>, first fence with `def ` in it, else first fence, else all",
        extract: Some(|text, _| extract_generation(text)),
        observe: None,
    },
];

/// What stands behind the markers of thinking.
fn solution(text: &str) -> &str {
    strip_after_last(strip_after_last(text, "<|begin_of_solution|>"), "</think>")
}

/// A tag and white space. `python3` is `python` and a `3` in the code, as the original tries the
/// tags in this order.
const TAG: Head = |rest| {
    let tag = one_of(rest, &["cpp", "python", "java", "ruby", "go"])?;
    Ok(tag + space_length(text_from(rest, tag)))
};

/// A word with `+`, `#`, `-` and `.`, and white space.
const ANY_TAG: Head = |rest| {
    let tag = length_while(rest, |character| {
        is_word(character) || matches!(character, '+' | '#' | '-' | '.')
    });
    Ok(tag + space_length(text_from(rest, tag)))
};

const fn fenced(head: Head) -> Pattern {
    Pattern {
        open: FENCE,
        head,
        close: CLOSE_FENCE,
    }
}

fn extract_blocks(whole: &str, options: &ExtractOptions) -> Extracted {
    let text = solution(whole);
    let mut blocks: Vec<(&str, &str)> = Vec::new();
    if contains(text, FENCE) {
        for found in fenced(TAG).find_all(text) {
            blocks.push((strip(found.head), strip(found.body)));
        }
        if blocks.is_empty() {
            for found in fenced(|rest| Ok(space_length(rest))).find_all(text) {
                blocks.push(("python", strip(found.body)));
            }
        }
    } else if count(text) <= 4_000 {
        blocks.push(("python", strip(text)));
    }
    if blocks.is_empty() {
        return Extracted {
            reply: Some("No code block found".to_owned()),
            ..Extracted::nothing()
        };
    }
    // `extract_code_blocks` gives all of them, and `single_code_test`, which asks it, takes `codes[-1]`.
    if options.last_only.unwrap_or(true) {
        blocks = blocks.split_off(blocks.len() - 1);
    }
    let asked = options.prompt.as_deref().unwrap_or_default();
    let is_tested = options.case_type.as_deref().unwrap_or("input") != "input";
    let programs = blocks.into_iter().map(|(language, code)| {
        if is_tested && contains(asked, "```python\ndef ") {
            return Program::new(whole, &remove_entry_points(code, language), Some(language));
        }
        Program::new(whole, code, Some(language))
    });
    Extracted::programs(programs.collect())
}

/// Cuts before the main part; of Python only functions stay, and every line that is indented.
fn remove_entry_points(code: &str, language: &str) -> String {
    let code = match language {
        "python" if contains(code, "if __name__ == \"__main__\":") => {
            cut_at(code, "if __name__ == \"__main__\":").to_owned()
        }
        "python" => cut_at(code, "if __name__ == '__main__':").to_owned(),
        "cpp" => cut_at(code, "int main()").to_owned(),
        "go" => replace(code, "package main", ""),
        _ => code.to_owned(),
    };
    let code = cut_at(&code, "# Example usage");
    if language != "python" || !contains(code, "def") {
        return code.to_owned();
    }
    let is_kept = |line: &str| line.starts_with(' ') || line.starts_with("def ");
    let kept = keep_lines(strip(code), &is_kept);
    // Nothing but the blank lines at the end is left out beyond that.
    let end = strip_end(&kept).len();
    let last = kept
        .get(end..)
        .and_then(|rest| find(rest, "\n"))
        .map_or(kept.len(), |line| end + line);
    let kept = kept.get(..last).filter(|_| end > 0).unwrap_or_default();
    format!("{kept}\n")
}

fn extract_generation(whole: &str) -> Extracted {
    let text = solution(whole);
    if !contains(text, FENCE) {
        return Extracted::python(whole, strip(text));
    }
    let blocks = fenced(ANY_TAG).find_all(text);
    let function = blocks.iter().find(|found| contains(found.body, "def "));
    Extracted::python_or_nothing(
        whole,
        function.or_else(|| blocks.first()).map(|found| found.body),
    )
}
