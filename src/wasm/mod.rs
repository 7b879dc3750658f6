//! The bindings: the only files that name `wasm_bindgen`.
//!
//! Blocks have a fast path of their own, in `fencerun_blocks`; everything else goes the one way of
//! `call.rs`. None of it is meant to be called but by the TypeScript around it, which
//! documents what users see.

#![expect(
    clippy::unnecessary_wraps,
    reason = "what is called by a name has one type, whether it can fail or not"
)]

mod call;
mod error;
mod exchange;
mod given;
#[cfg(target_arch = "wasm32")]
pub(crate) mod number;
mod profiles;
mod rollout;
mod tools;

use wasm_bindgen::prelude::*;

use call::{Function, call};
pub use fencerun_blocks::wasm::{BlockScanner, language_of, languages, repair_names};
pub use profiles::extract_with;
pub use rollout::{RolloutIndexer, RolloutReader};

const OF_CORE: &[(&str, Function)] = &[
    ("routeUrl", exchange::route_url),
    ("buildBody", exchange::build_body),
    ("requestTimeoutMs", exchange::request_timeout_ms),
    ("readAnswer", exchange::read_answer),
    ("describeFailure", exchange::describe_failure),
    ("planRetry", exchange::plan_retry),
    ("checkRetryPolicy", exchange::check_retry_policy),
    ("observe", exchange::observe),
    ("readsArguments", exchange::reads_arguments),
    ("readPythonJson", exchange::read_python_json),
    ("observeWith", profiles::observe_with),
    ("applyRule", profiles::apply_rule),
    ("parseToolCalls", tools::parse_calls),
    ("readCallProgram", tools::read_program),
    ("replyToToolCall", tools::reply_to_call),
    ("truncateToolText", tools::truncate_tool_text),
    ("writeGptOssReplies", tools::write_gpt_oss_replies),
    ("readFunctionResult", tools::read_function_result),
    ("buildVerlRequest", tools::build_verl_request),
    ("nextVerlStep", tools::next_verl_step),
    ("readRunStatus", tools::read_run_status),
    ("summarizeRun", tools::summarize_run),
    ("readTorlPair", tools::read_torl_pair),
];

const OF_ROLLOUTS: &[(&str, Function)] = &[
    ("checkRolloutOptions", rollout::check_rollout_options),
    ("readRolloutLine", rollout::read_rollout_line),
    ("readRolloutText", rollout::read_rollout_text),
    ("isIdentical", rollout::is_identical),
    ("splitAtMember", rollout::split_at_member),
    ("convertRollout", rollout::convert_rollout),
    ("writeRollout", rollout::write_rollout),
];

/// Calls a function of the core by its name.
#[wasm_bindgen(js_name = callCore)]
#[must_use]
pub fn call_core(name: &str, text: &str, given: &str) -> String {
    call(OF_CORE, name, text, given)
}

/// Calls one of what knows the logs of rollouts.
#[wasm_bindgen(js_name = callRollouts)]
#[must_use]
pub fn call_rollouts(name: &str, text: &str, given: &str) -> String {
    call(OF_ROLLOUTS, name, text, given)
}
