//! `SandboxFusion`'s answer in, a [`RunResult`] out.
//!
//! This module and [`crate::request`] are the only ones that know wire names.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::error::{RunError, bound_detail};

/// How a run ended as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// The program ran to its end and exited with 0.
    Success,
    /// The program did not compile, exited with another code, or ran out of time.
    Failed,
}

/// How one phase, compiling or running, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseStatus {
    /// It came to its end, with whatever exit code.
    Finished,
    /// The sandbox could not carry it out.
    Error,
    /// It was stopped when its time-out passed.
    TimeLimitExceeded,
}

/// What one phase, compiling or running, gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    pub files: BTreeMap<String, ByteBuf>,
}

#[derive(Deserialize)]
struct RunCodeAnswer {
    status: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    compile_result: Option<PhaseAnswer>,
    #[serde(default)]
    run_result: Option<PhaseAnswer>,
    #[serde(default)]
    executor_pod_name: Option<String>,
    #[serde(default)]
    files: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct PhaseAnswer {
    status: String,
    #[serde(default)]
    execution_time: Option<f64>,
    #[serde(default)]
    return_code: Option<i64>,
    #[serde(default)]
    stdout: Option<String>,
    #[serde(default)]
    stderr: Option<String>,
    #[serde(default)]
    stdout_truncated: bool,
    #[serde(default)]
    stderr_truncated: bool,
}

fn protocol(detail: impl Into<String>) -> RunError {
    RunError::Protocol {
        detail: bound_detail(&detail.into()),
    }
}

fn read_phase(answer: PhaseAnswer) -> Result<PhaseResult, RunError> {
    let status = match answer.status.as_str() {
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
    Ok(PhaseResult {
        status,
        execution_time_ms: answer.execution_time.map(|seconds| seconds * 1000.0),
        exit_code: answer.return_code,
        stdout: answer.stdout.unwrap_or_default(),
        stderr: answer.stderr.unwrap_or_default(),
        stdout_truncated: answer.stdout_truncated,
        stderr_truncated: answer.stderr_truncated,
    })
}

fn read_file((path, content): (String, String)) -> Result<(String, ByteBuf), RunError> {
    match STANDARD.decode(&content) {
        Ok(bytes) => Ok((path, ByteBuf::from(bytes))),
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
    let answer: RunCodeAnswer =
        serde_json::from_str(body).map_err(|error| protocol(error.to_string()))?;
    let message = answer.message.unwrap_or_default();
    let status = match answer.status.as_str() {
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
    let files = answer.files.unwrap_or_default();
    Ok(RunResult {
        status,
        message,
        compile: answer.compile_result.map(read_phase).transpose()?,
        run: answer.run_result.map(read_phase).transpose()?,
        executor_pod_name: answer.executor_pod_name,
        files: files.into_iter().map(read_file).collect::<Result<_, _>>()?,
    })
}

/// The reason in the body of a refusal, in one line: `detail` as FastAPI writes it (a text, or a
/// list of faults with `loc` and `msg`), else the body itself.
fn read_refusal(body: &str) -> String {
    let value: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let detail = value.as_ref().and_then(|value| value.get("detail"));
    let text = match detail {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Array(faults)) => {
            let read = |fault: &serde_json::Value| {
                let field = fault.get("loc")?.as_array()?.iter().skip(1);
                let names: Vec<String> = field
                    .map(|part| {
                        part.as_str()
                            .map_or_else(|| part.to_string(), str::to_owned)
                    })
                    .collect();
                let problem = fault.get("msg")?.as_str()?;
                if names.is_empty() {
                    return Some(problem.to_owned());
                }
                Some(format!("{}: {problem}", names.join(".")))
            };
            faults
                .iter()
                .filter_map(read)
                .collect::<Vec<_>>()
                .join("; ")
        }
        _ => body.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    bound_detail(&text)
}
