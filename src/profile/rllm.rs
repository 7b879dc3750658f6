//! rllm's code rewards and tools.

use super::rules::find::find_all;
use super::rules::show::{fill, streams};
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
        let (stdout, stderr) = streams(result);
        let shown = if stdout.is_empty() { stderr } else { stdout };
        fill("<tool_response>\n{}\n</tool_response>", &[shown])
    }),
}];

fn extract_last(text: &str) -> Extracted {
    let all = find_all(text, "```\\w*\n(.*?)```");
    Extracted::python_or_nothing(text, all.last().map(|found| strip(found.body)))
}
