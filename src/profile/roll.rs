//! ROLL's tool for Python and its code rewards.

use super::gem::{extract_first, observe_result};
use super::rules::clean::{cut_at, strip_after_last};
use super::rules::find::{FENCE, Found, find_all, find_all_of};
use super::rules::lines::keep_lines;
use super::sandbox_fusion::{self, PYTHON_MAIN};
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;
use crate::python::search::{contains, find};
use crate::python::text::{count, strip, strip_end, text_from, text_to};

const VERSION: &str = "8eb27cc2dc34";

/// The profiles of ROLL.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "roll",
        source: prose("alibaba/ROLL roll/pipeline/agentic/tools/python_code_tool.py"),
        version: prose(VERSION),
        description: prose(
            "<code> tag or ```python fence, whichever ends first; the turn is cut there",
        ),
        extract: Some(|extracted, text, _| extract_first(extracted, text, "<code>(.*?)</code>")),
        observe: Some(|result, _| observe_result(result)),
    },
    Profile {
        name: "roll/reward",
        source: prose("alibaba/ROLL roll/pipeline/rlvr/rewards/code_sandbox_reward_worker.py"),
        version: prose(VERSION),
        description: prose(
            "behind </think>, the last fence in one of six languages, else the last fence, else all",
        ),
        extract: Some(extract_blocks),
        observe: None,
    },
    Profile {
        name: "roll/generation",
        source: prose("alibaba/ROLL roll/utils/local_code/extract_utils.py"),
        version: prose(VERSION),
        description: prose(
            "behind </think>, first fence with `def ` in it, else first fence, else all",
        ),
        extract: Some(extract_generation),
        observe: None,
    },
];

/// What stands behind the markers of thinking.
fn solution(text: &str) -> &str {
    strip_after_last(strip_after_last(text, "<|begin_of_solution|>"), "</think>")
}

/// Every fence with one of the languages; `python3` is `python` and a `3` in the code.
const TAGGED: &str = "```(cpp|python|java|ruby|go)\\s*(.*?)```";

fn extract_blocks(extracted: &mut Extracted, whole: &str, options: &ExtractOptions) {
    let text = solution(whole);
    let mut found = find_all_of(text, &[TAGGED, "```\\s*(.*?)```"]);
    let asked = options.prompt.as_deref().unwrap_or_default();
    let is_tested = options.case_type.as_deref().unwrap_or("input") != "input"
        && contains(asked, "```python\ndef ");
    if !contains(text, FENCE) && count(text) <= 4_000 {
        found.push(Found {
            head: "",
            body: text,
            start: 0,
            end: text.len(),
        });
    }
    if found.is_empty() {
        extracted.reply = Some("No code block found");
    }
    // `extract_code_blocks` gives all of them, and `single_code_test`, which asks it, takes `codes[-1]`.
    let first = match options.last_only {
        Some(false) => 0,
        _ => found.len().saturating_sub(1),
    };
    for found in found.get(first..).unwrap_or_default() {
        let language = match found.head {
            "" => "python",
            head => head,
        };
        let code = strip(found.body);
        let tested = is_tested.then(|| remove_entry_points(code, language));
        extracted.push(whole, tested.as_deref().unwrap_or(code), Some(language));
    }
}

/// Cuts before the main part; of Python only functions stay, and every line that is indented.
fn remove_entry_points(code: &str, language: &str) -> String {
    let code = match language {
        "python" if !contains(code, PYTHON_MAIN) => cut_at(code, "if __name__ == '__main__':"),
        _ => code,
    };
    let code = &*sandbox_fusion::remove_entry_points(code, language);
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

fn extract_generation(extracted: &mut Extracted, whole: &str, _: &ExtractOptions) {
    let text = solution(whole);
    if !contains(text, FENCE) {
        return extracted.python(whole, strip(text));
    }
    let blocks = find_all(text, "```[\\w+#.-]*\\s*(.*?)```");
    let function = blocks.iter().find(|found| contains(found.body, "def "));
    if let Some(block) = function.or_else(|| blocks.first()) {
        extracted.python(whole, block.body);
    }
}
