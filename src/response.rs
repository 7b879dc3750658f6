//! `SandboxFusion`'s answer in, a [`RunResult`] out.
//!
//! This module and [`crate::request`] are the only ones that know wire names.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{RunError, bound_detail};
use crate::python::json::loads;
use crate::python::value::Value;

/// How a run ended as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStatus {
    /// The program ran to its end and exited with 0.
    Success,
    /// The program did not compile, exited with another code, or ran out of time.
    Failed,
}

/// How one phase, compiling or running, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseStatus {
    /// It came to its end, with whatever exit code.
    Finished,
    /// The sandbox could not carry it out.
    Error,
    /// It was stopped when its time-out passed.
    TimeLimitExceeded,
}

/// What one phase, compiling or running, gave.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseResult {
    /// How it ended.
    pub status: PhaseStatus,
    /// How long it took, in milliseconds; `None` when the sandbox does not say.
    pub execution_time_ms: Option<f64>,
    /// The exit code, negative for a signal; `None` when it did not come to its end.
    pub exit_code: Option<i64>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// Whether `stdout` was cut at the sandbox's bound. Only the embedded sandbox says so.
    pub stdout_truncated: bool,
    /// Whether `stderr` was cut at the sandbox's bound. Only the embedded sandbox says so.
    pub stderr_truncated: bool,
}

/// What a sandbox made of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct RunResult {
    /// How the run ended as a whole.
    pub status: RunStatus,
    /// The sandbox's remark, mostly empty.
    pub message: String,
    /// The compile phase, for languages that have one.
    pub compile: Option<PhaseResult>,
    /// The run phase; `None` when compiling failed.
    pub run: Option<PhaseResult>,
    /// The machine that ran it, where the sandbox says so.
    pub executor_pod_name: Option<String>,
    /// The files that were asked for and exist.
    pub files: BTreeMap<String, Vec<u8>>,
}

fn protocol(detail: impl Into<String>) -> RunError {
    RunError::Protocol {
        detail: bound_detail(&detail.into()),
    }
}

/// The member of this name that `read` reads, `None` when it is missing or null.
fn read_member<T>(
    value: &Value,
    name: &str,
    expected: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Option<T>, RunError> {
    let wrong = || protocol(format!("expected {expected} as `{name}`"));
    value
        .member(name)
        .map(|found| read(found).ok_or_else(wrong))
        .transpose()
}

fn read_code(value: &Value) -> Option<i64> {
    match value {
        Value::Int(digits) => digits.parse().ok(),
        _ => None,
    }
}

fn read_text_member(value: &Value, name: &str) -> Result<String, RunError> {
    Ok(read_member(value, name, "a text", Value::to_text)?.unwrap_or_default())
}

fn read_phase(value: &Value, name: &str) -> Result<Option<PhaseResult>, RunError> {
    let Some(answer) = value.member(name) else {
        return Ok(None);
    };
    let status = match read_text_member(answer, "status")?.as_str() {
        "Finished" => PhaseStatus::Finished,
        "Error" => PhaseStatus::Error,
        "TimeLimitExceeded" => PhaseStatus::TimeLimitExceeded,
        other => {
            let expected = "expected Finished, Error or TimeLimitExceeded";
            return Err(protocol(format!(
                "{expected} as the status of a phase, found `{other}`"
            )));
        }
    };
    let seconds = read_member(answer, "execution_time", "a number", Value::as_number)?;
    let is_true = |name| answer.get(name) == Some(&Value::Bool(true));
    Ok(Some(PhaseResult {
        status,
        execution_time_ms: seconds.map(|seconds| seconds * 1000.0),
        exit_code: read_member(answer, "return_code", "a whole number", read_code)?,
        stdout: read_text_member(answer, "stdout")?,
        stderr: read_text_member(answer, "stderr")?,
        stdout_truncated: is_true("stdout_truncated"),
        stderr_truncated: is_true("stderr_truncated"),
    }))
}

fn read_files(answer: &Value) -> Result<BTreeMap<String, Vec<u8>>, RunError> {
    let Some(files) = answer.member("files") else {
        return Ok(BTreeMap::new());
    };
    let Value::Dict(entries) = files else {
        return Err(protocol("expected an object as `files`"));
    };
    entries
        .iter()
        .map(|(path, content)| read_file(path, content))
        .collect()
}

fn read_file(path: &Value, content: &Value) -> Result<(String, Vec<u8>), RunError> {
    let path = path.to_text().unwrap_or_default();
    let Some(text) = content.to_text() else {
        return Err(protocol(format!("expected a text as file `{path}`")));
    };
    match STANDARD.decode(&text) {
        Ok(bytes) => Ok((path, bytes)),
        Err(error) => Err(protocol(format!("file `{path}` is not base64: {error}"))),
    }
}

/// Reads the answer to `POST /run_code`: its HTTP status and its body.
///
/// # Errors
///
/// - [`RunError::Http`] for a status other than 2xx, with the `detail` of the body where there is
///   one (FastAPI's 422 and 500 bodies),
/// - [`RunError::Protocol`] for a body that is not `SandboxFusion`'s,
/// - [`RunError::Sandbox`] for `status: "SandboxError"`: the sandbox says it has no result.
pub fn read_run_code_answer(http_status: u16, body: &str) -> Result<RunResult, RunError> {
    if !(200..300).contains(&http_status) {
        return Err(RunError::Http {
            status: http_status,
            detail: read_refusal(body),
        });
    }
    let answer = loads(body).map_err(|error| protocol(error.to_string()))?;
    if !matches!(answer, Value::Dict(_)) {
        return Err(protocol("expected an object"));
    }
    let message = read_text_member(&answer, "message")?;
    let status = match read_text_member(&answer, "status")?.as_str() {
        "Success" => RunStatus::Success,
        "Failed" => RunStatus::Failed,
        "SandboxError" => {
            return Err(RunError::Sandbox {
                detail: bound_detail(&message),
            });
        }
        other => {
            let expected = "expected Success, Failed or SandboxError as the status";
            return Err(protocol(format!("{expected}, found `{other}`")));
        }
    };
    Ok(RunResult {
        status,
        message,
        compile: read_phase(&answer, "compile_result")?,
        run: read_phase(&answer, "run_result")?,
        executor_pod_name: read_member(&answer, "executor_pod_name", "a text", Value::to_text)?,
        files: read_files(&answer)?,
    })
}

/// The reason in the body of a refusal, in one line: `detail` as FastAPI writes it (a text, or a
/// list of faults with `loc` and `msg`), else the body itself.
fn read_refusal(body: &str) -> String {
    let answer = loads(body).unwrap_or(Value::None);
    let text = match answer.get("detail") {
        Some(Value::Str(text)) => text.to_string_lossy(),
        Some(Value::List(faults)) => faults
            .iter()
            .filter_map(read_fault)
            .collect::<Vec<_>>()
            .join("; "),
        _ => body.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    bound_detail(&text)
}

/// One fault of FastAPI's list: where it is, without the `body` that all begin with, and what.
fn read_fault(fault: &Value) -> Option<String> {
    let problem = fault.get("msg")?.as_str()?;
    let place = fault.get("loc")?.as_list()?.iter().skip(1);
    let names: Vec<String> = place
        .filter_map(|part| match part {
            Value::Str(name) => Some(name.to_string_lossy()),
            Value::Int(digits) => Some(digits.clone()),
            _ => None,
        })
        .collect();
    let names = names.join(".");
    Some(if names.is_empty() {
        problem.to_owned()
    } else {
        format!("{names}: {problem}")
    })
}
