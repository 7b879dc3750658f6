//! What the server and the clients make of the two results of a run. They read the answer as it
//! came over the wire, whatever is in it.

use crate::python::repr::str;
use crate::python::string::PythonString;
use crate::python::unicode::strip_bytes;
use crate::python::value::Value;
use crate::tool_call::Exception;

/// The results of an answer that are there: compiling, then running.
fn results(answer: &Value) -> impl Iterator<Item = &Value> {
    ["compile_result", "run_result"]
        .into_iter()
        .filter_map(|name| answer.get(name))
        .filter(|result| matches!(result, Value::Dict(_)))
}

fn status(result: &Value) -> &str {
    result
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The return code, unless it is null or missing.
fn return_code(result: &Value) -> Option<&Value> {
    result.member("return_code")
}

fn is_zero(code: &Value) -> bool {
    matches!(code, Value::Int(digits) if digits == "0")
}

/// The status and the message that the server gives a run: `parse_run_status` of
/// `sandbox/server/sandbox_api.py` (`SandboxFusion`, commit 469de0845cb7).
#[must_use]
pub fn read_run_status(answer: &Value) -> (&'static str, PythonString) {
    let nothing = PythonString::new;
    if let Some(failed) = results(answer).find(|result| status(result) == "Error") {
        let message = match failed.get("stderr") {
            Some(Value::Str(text)) => text.clone(),
            _ => nothing(),
        };
        return ("SandboxError", message);
    }
    let is_bad = |result: &Value| {
        status(result) == "TimeLimitExceeded"
            || return_code(result).is_some_and(|code| !is_zero(code))
    };
    if results(answer).any(is_bad) {
        return ("Failed", nothing());
    }
    ("Success", nothing())
}

/// The word for an answer: `summary_run_code_result` of `SandboxFusion`'s client (version 0.3.4,
/// commit 469de0845cb7). `mapping` holds the words: `Success`, `Failed`, and, where they are to
/// differ from `Failed`, `CompileFailed`, `CompileTimeout`, `RunFailed` and `RunTimeout`.
///
/// # Errors
///
/// What the original raises where an answer is not whole.
pub fn summarize(answer: &Value, mapping: &Value) -> Result<PythonString, Exception> {
    let exception = |message: &[&str]| Exception {
        type_name: "Exception",
        message: message.concat().into(),
    };
    let given = |name: &str| match mapping.get(name) {
        Some(Value::Str(word)) => Some(word.clone()),
        _ => None,
    };
    // Only an empty word that is to differ from `Failed` counts as none.
    let word = |name: &str| given(name).unwrap_or_else(|| name.into());
    let failure = |name: &str| {
        let own = given(name).filter(|word| !word.as_bytes().is_empty());
        own.unwrap_or_else(|| word("Failed"))
    };
    let result = |name| answer.member(name);
    let (result, is_run) = match (result("compile_result"), result("run_result")) {
        (_, Some(run)) => (run, true),
        (Some(compile), None) => (compile, false),
        (None, None) => {
            return match status(answer) {
                name @ ("Success" | "Failed") => Ok(word(name)),
                other => Err(exception(&["unexpected result status RunStatus.", other])),
            };
        }
    };
    if status(result) == "TimeLimitExceeded" {
        let name = if is_run {
            "RunTimeout"
        } else {
            "CompileTimeout"
        };
        return Ok(failure(name));
    }
    let Some(code) = return_code(result) else {
        let status = status(result);
        let message = "invalid sandbox result: no return code with status CommandRunStatus.";
        return Err(exception(&[message, status]));
    };
    match (is_zero(code), is_run) {
        (true, true) => Ok(word("Success")),
        (false, true) => Ok(failure("RunFailed")),
        (false, false) => Ok(failure("CompileFailed")),
        (true, false) => Err(exception(&[
            "invalid sandbox result: compiled succesfully with no run result",
        ])),
    }
}

/// The output and the report that `ToRL` makes of an answer
/// (`verl/workers/rollout/vllm_rollout/vllm_rollout_spmd.py`, commit cb78cf1c494c): the report is
/// `Done` where the program exited with 0 or printed something, else what it wrote to standard
/// error.
#[must_use]
pub fn to_torl_pair(answer: &Value) -> (Value, PythonString) {
    let run = answer.get("run_result");
    let member = |name| run.and_then(|run| run.get(name));
    if let (Some(code), Some(stdout)) = (member("return_code"), member("stdout")) {
        // Both are looked at as texts.
        if str(code) == "0" || str(stdout) != "" {
            return (stdout.clone(), "Done".into());
        }
        if let Some(Value::Str(text)) = member("stderr") {
            return (stdout.clone(), strip_bytes(text));
        }
    }
    ("Error".into(), "UnknownError".into())
}
