//! `SandboxFusion`'s answer in, a [`RunResult`] out, or another route's answer with our names.

use std::collections::BTreeMap;

use crate::error::{RunError, bound_detail};
use crate::python::format::show_value;
use crate::python::json::loads;
use crate::python::search::join;
use crate::python::text::{is_space, words};
use crate::python::value::Value;
use crate::wire::base64;
use crate::wire::route::Route;
use crate::wire::shape::{Way, translate};

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

/// A result as [`read_answer`] gives it, with its files as bytes.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] when a field is not what it must be.
pub fn read_result(value: &Value) -> Result<RunResult, RunError> {
    Ok(RunResult {
        files: read_files(value)?,
        ..read_phases(value)?
    })
}

/// A result without its files, for who only looks at what was printed.
pub(crate) fn read_phases(value: &Value) -> Result<RunResult, RunError> {
    let status = match read_text(value, "status")?.as_deref() {
        Some("failed") => RunStatus::Failed,
        _ => RunStatus::Success,
    };
    Ok(RunResult {
        status,
        message: read_text(value, "message")?.unwrap_or_default(),
        compile: read_phase(value, "compile")?,
        run: read_phase(value, "run")?,
        executor_pod_name: read_text(value, "executorPodName")?,
        files: BTreeMap::new(),
    })
}

fn wrong(field: &str, expected: &str) -> RunError {
    let detail = [field, ": expected ", expected].concat();
    RunError::InvalidOptions { detail }
}

fn read_text(value: &Value, field: &str) -> Result<Option<String>, RunError> {
    match value.member(field) {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text.to_string_lossy())),
        Some(_) => Err(wrong(field, "a text")),
    }
}

fn read_phase(value: &Value, name: &str) -> Result<Option<PhaseResult>, RunError> {
    let Some(phase) = value.member(name) else {
        return Ok(None);
    };
    let is_true = |field| phase.get(field).is_some_and(Value::is_true);
    let stream = |field| read_text(phase, field)?.ok_or_else(|| wrong(field, "a text"));
    let status = match read_text(phase, "status")?.as_deref() {
        Some("error") => PhaseStatus::Error,
        Some("time_limit_exceeded") => PhaseStatus::TimeLimitExceeded,
        _ => PhaseStatus::Finished,
    };
    let exit_code = phase.member("exitCode").and_then(Value::as_whole);
    Ok(Some(PhaseResult {
        status,
        execution_time_ms: phase.member("executionTimeMs").and_then(Value::as_number),
        exit_code,
        stdout: stream("stdout")?,
        stderr: stream("stderr")?,
        stdout_truncated: is_true("stdoutTruncated"),
        stderr_truncated: is_true("stderrTruncated"),
    }))
}

fn read_files(value: &Value) -> Result<BTreeMap<String, Vec<u8>>, RunError> {
    match value.member("files") {
        Some(Value::Dict(entries)) => {
            let file = |(path, content): &(Value, Value)| {
                Some((path.to_text()?, base64::decode(content.as_str()?)?))
            };
            let files: Option<_> = entries.iter().map(file).collect();
            files.ok_or_else(|| wrong("files", "an object of files in base64"))
        }
        _ => Ok(BTreeMap::new()),
    }
}

/// Reads the answer of a route, its HTTP status and its body, with the names, words and units of
/// ours; files stay in base64.
///
/// # Errors
///
/// - [`RunError::Http`] for a status other than 2xx, with the `detail` of the body where there is
///   one (FastAPI's 422 and 500 bodies),
/// - [`RunError::Protocol`] for a body that is not `SandboxFusion`'s,
/// - [`RunError::Sandbox`] for `status: "SandboxError"`: the sandbox says it has no result.
pub fn read_answer(route: Route, http_status: u16, body: &str) -> Result<Value, RunError> {
    if !(200..300).contains(&http_status) {
        return Err(RunError::Http {
            status: http_status,
            detail: read_refusal(body),
        });
    }
    let misfit = match loads(body) {
        Ok(mut answer) => {
            let is_run = matches!(route, Route::RunCode | Route::RunJupyter);
            if is_run && answer.get("status").and_then(Value::as_str) == Some("SandboxError") {
                let message = answer.get("message").and_then(Value::to_text);
                return Err(RunError::Sandbox {
                    detail: bound_detail(&message.unwrap_or_default()),
                });
            }
            match translate(&mut answer, route.answer(), Way::In) {
                Ok(()) => return Ok(answer),
                Err(misfit) => misfit,
            }
        }
        Err(error) => error.message(),
    };
    Err(RunError::Protocol {
        detail: bound_detail(&misfit),
    })
}

/// Reads the answer to `POST /run_code`: its HTTP status and its body.
///
/// # Errors
///
/// Those of [`read_answer`].
pub fn read_run_code_answer(http_status: u16, body: &str) -> Result<RunResult, RunError> {
    read_result(&read_answer(Route::RunCode, http_status, body)?)
}

/// The reason in the body of a refusal, in one line: `detail` as FastAPI writes it (a text, or a
/// list of faults with `loc` and `msg`), else the body itself.
fn read_refusal(body: &str) -> String {
    let answer = loads(body).unwrap_or(Value::None);
    let mut text = String::new();
    match answer.get("detail") {
        Some(Value::Str(detail)) => text = detail.to_string_lossy(),
        Some(Value::List(faults)) => {
            for fault in faults.iter().filter_map(read_fault) {
                append(&mut text, "; ", &fault);
            }
        }
        // With one space wherever white space stands in it.
        _ => text = join(&words(body, &is_space), " "),
    }
    bound_detail(&text)
}

/// One fault of FastAPI's list: where it is, without the `body` that all begin with, and what.
fn read_fault(fault: &Value) -> Option<String> {
    let problem = fault.get("msg")?.as_str()?;
    let mut line = String::new();
    for part in fault.get("loc")?.as_list()?.get(1..).unwrap_or_default() {
        if matches!(part, Value::Str(_) | Value::Int(_)) {
            append(&mut line, ".", &show_value(part));
        }
    }
    append(&mut line, ": ", problem);
    Some(line)
}

/// Appends a part, behind `mark` where something stands before it.
#[inline(never)]
fn append(line: &mut String, mark: &str, part: &str) {
    if !line.is_empty() {
        line.push_str(mark);
    }
    line.push_str(part);
}
