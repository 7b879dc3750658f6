//! rllm's code rewards and tools.

use super::Profile;
use super::rules::find::find_all;
use super::rules::show::{fill, streams};
use crate::catalogue::prose;

/// The profiles of rllm.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "rllm",
    source: prose("rllm-org/rllm rllm/rewards/code_reward.py, rllm/tools/code_tools/code_tool.py"),
    version: prose("9beb6e0f676a"),
    description: prose(
        "last fence with one word or nothing behind it; output or errors in <tool_response>",
    ),
    extract: Some(|extracted, text, _| {
        extracted.python_in(text, find_all(text, "```\\w*\n(.*?)```").last());
    }),
    observe: Some(|result, _| {
        let (stdout, stderr) = streams(result);
        let shown = if stdout.is_empty() { stderr } else { stdout };
        fill("<tool_response>\n{}\n</tool_response>", &[shown])
    }),
}];
