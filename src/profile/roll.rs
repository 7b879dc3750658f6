//! ROLL's tool for Python and its code rewards.

use super::gem::{extract_first, observe_result};
use super::rules::clean::{cut_at, strip_after_last};
use super::rules::find::{FENCE, find_all, stripped};
use super::rules::lines::keep_lines;
use super::{ExtractOptions, Extracted, Profile, Program};
use crate::python::search::{contains, find, replace};
use crate::python::text::{count, strip, strip_end, text_from, text_to};

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

/// Every fence with one of the languages; `python3` is `python` and a `3` in the code.
const TAGGED: &str = "```(cpp|python|java|ruby|go)\\s*(.*?)```";

fn extract_blocks(whole: &str, options: &ExtractOptions) -> Extracted {
    let text = solution(whole);
    let mut blocks: Vec<(&str, &str)> = find_all(text, TAGGED)
        .iter()
        .map(|found| (found.head, strip(found.body)))
        .collect();
    if blocks.is_empty() {
        let codes = match contains(text, FENCE) {
            true => stripped(&find_all(text, "```\\s*(.*?)```")),
            false if count(text) <= 4_000 => vec![strip(text)],
            false => vec![],
        };
        blocks.extend(codes.into_iter().map(|code| ("python", code)));
    }
    if blocks.is_empty() {
        return Extracted::reply("No code block found");
    }
    // `extract_code_blocks` gives all of them, and `single_code_test`, which asks it, takes `codes[-1]`.
    if options.last_only.unwrap_or(true) {
        blocks = blocks.split_off(blocks.len() - 1);
    }
    let asked = options.prompt.as_deref().unwrap_or_default();
    let is_tested = options.case_type.as_deref().unwrap_or("input") != "input"
        && contains(asked, "```python\ndef ");
    let programs = blocks.into_iter().map(|(language, code)| {
        let tested = is_tested.then(|| remove_entry_points(code, language));
        Program::new(whole, tested.as_deref().unwrap_or(code), Some(language))
    });
    Extracted::programs(programs.collect())
}

/// Cuts before the main part; of Python only functions stay, and every line that is indented.
fn remove_entry_points(code: &str, language: &str) -> String {
    let without_package;
    let code = match language {
        "python" if contains(code, "if __name__ == \"__main__\":") => {
            cut_at(code, "if __name__ == \"__main__\":")
        }
        "python" => cut_at(code, "if __name__ == '__main__':"),
        "cpp" => cut_at(code, "int main()"),
        "go" => {
            without_package = replace(code, "package main", "");
            &without_package
        }
        _ => code,
    };
    let code = cut_at(code, "# Example usage");
    if language != "python" || !contains(code, "def") {
        return code.to_owned();
    }
    let is_kept = |line: &str| line.starts_with(' ') || line.starts_with("def ");
    let kept = keep_lines(strip(code), &is_kept);
    // Nothing but the blank lines at the end is left out beyond that.
    let end = strip_end(&kept).len();
    let last = find(text_from(&kept, end), "\n").map_or(kept.len(), |line| end + line);
    let kept = if end > 0 { text_to(&kept, last) } else { "" };
    kept.to_owned() + "\n"
}

fn extract_generation(whole: &str) -> Extracted {
    let text = solution(whole);
    if !contains(text, FENCE) {
        return Extracted::python(whole, strip(text));
    }
    let blocks = find_all(text, "```[\\w+#.-]*\\s*(.*?)```");
    let function = blocks.iter().find(|found| contains(found.body, "def "));
    let block = function.or_else(|| blocks.first());
    Extracted::python_or_nothing(whole, block.map(|found| found.body))
}
