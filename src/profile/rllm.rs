//! rllm's code rewards and tools.

use super::rules::find::{CLOSE_FENCE, FENCE, Pattern, WORD_NEWLINE};
use super::{Extracted, Profile};
use crate::python::text::strip;

/// The profiles of rllm.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "rllm",
    source: "rllm-org/rllm rllm/rewards/code_reward.py, rllm/tools/code_tools/code_tool.py",
    version: "9beb6e0f676a",
    description: "last fence with one word or nothing behind it; output or errors in <tool_response>",
    extract: Some(|text, _| extract_last(text)),
    observe: Some(|result, _| {
        let run = result.run.as_ref().or(result.compile.as_ref());
        let shown = run.map_or("", |run| {
            if run.stdout.is_empty() {
                &run.stderr
            } else {
                &run.stdout
            }
        });
        format!("<tool_response>\n{shown}\n</tool_response>")
    }),
}];

fn extract_last(text: &str) -> Extracted {
    let fenced = Pattern {
        open: FENCE,
        head: WORD_NEWLINE,
        close: CLOSE_FENCE,
    };
    let all = fenced.find_all(text);
    Extracted::python_or_nothing(text, all.last().map(|found| strip(found.body)))
}
