//! Requests and results across the boundary: their fields in camelCase, bytes in base64.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::{invalid, read_whole};
use super::json::{number, object, or_null, text};
use crate::error::RunError;
use crate::language::{LANGUAGES, Language};
use crate::observation::Observation;
use crate::python::value::Value;
use crate::request::{DEFAULT_TIMEOUT_MS, RunRequest};
use crate::response::{PhaseResult, PhaseStatus, RunResult, RunStatus};

fn wrong(field: &str, expected: &str) -> RunError {
    invalid(format!("{field}: expected {expected}"))
}

fn read_text(value: &Value, field: &str) -> Result<Option<String>, RunError> {
    match value.member(field) {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text.to_string_lossy())),
        Some(_) => Err(wrong(field, "a text")),
    }
}

fn read_count(value: &Value, field: &str) -> Result<Option<u32>, RunError> {
    let Some(given) = value.member(field) else {
        return Ok(None);
    };
    let number = given.as_number().ok_or_else(|| wrong(field, "a number"))?;
    read_whole(field, number).map(Some)
}

fn read_files(value: &Value) -> Result<BTreeMap<String, Vec<u8>>, RunError> {
    let entries = match value.member("files") {
        None => return Ok(BTreeMap::new()),
        Some(Value::Dict(entries)) => entries,
        Some(_) => return Err(wrong("files", "an object of texts and bytes")),
    };
    let read = |(path, content): &(Value, Value)| {
        let content = STANDARD.decode(content.as_str()?).ok()?;
        Some((path.as_str()?.to_owned(), content))
    };
    let files = entries.iter().map(read).collect::<Option<_>>();
    files.ok_or_else(|| wrong("files", "an object of texts and bytes"))
}

fn read_paths(value: &Value) -> Result<Vec<String>, RunError> {
    let paths = match value.member("fetchFiles") {
        None => return Ok(Vec::new()),
        Some(paths) => paths.as_list(),
    };
    let read = |path: &Value| path.as_str().map(str::to_owned);
    let paths = paths.and_then(|paths| paths.iter().map(read).collect());
    paths.ok_or_else(|| wrong("fetchFiles", "a list of texts"))
}

/// A [`RunRequest`] as JavaScript gives it: everything but the code may be missing.
pub(super) fn read_request(value: &Value) -> Result<RunRequest, RunError> {
    let code = read_text(value, "code")?.ok_or_else(|| wrong("code", "a text"))?;
    let language = match read_text(value, "language")? {
        None => Language::PYTHON,
        Some(name) => Language::from_name(&name).ok_or_else(|| {
            let known = LANGUAGES.join(", ");
            invalid(format!("language: expected one of {known}, found `{name}`"))
        })?,
    };
    Ok(RunRequest {
        compile_timeout_ms: read_count(value, "compileTimeoutMs")?.unwrap_or(DEFAULT_TIMEOUT_MS),
        run_timeout_ms: read_count(value, "runTimeoutMs")?.unwrap_or(DEFAULT_TIMEOUT_MS),
        memory_limit_mb: read_count(value, "memoryLimitMb")?,
        stdin: read_text(value, "stdin")?,
        files: read_files(value)?,
        fetch_files: read_paths(value)?,
        ..RunRequest::new(code, language)
    })
}

fn write_phase(phase: &PhaseResult) -> Value {
    let status = match phase.status {
        PhaseStatus::Finished => "finished",
        PhaseStatus::Error => "error",
        PhaseStatus::TimeLimitExceeded => "time_limit_exceeded",
    };
    object([
        ("status", text(status)),
        (
            "executionTimeMs",
            or_null(phase.execution_time_ms.map(Value::Float)),
        ),
        ("exitCode", or_null(phase.exit_code.map(number))),
        ("stdout", text(phase.stdout.as_str())),
        ("stderr", text(phase.stderr.as_str())),
        ("stdoutTruncated", Value::Bool(phase.stdout_truncated)),
        ("stderrTruncated", Value::Bool(phase.stderr_truncated)),
    ])
}

/// A [`RunResult`] for JavaScript; its files are in base64.
pub(super) fn write_result(result: &RunResult) -> Value {
    let status = match result.status {
        RunStatus::Success => "success",
        RunStatus::Failed => "failed",
    };
    let file = |(path, content): (&String, &Vec<u8>)| {
        (text(path.as_str()), text(STANDARD.encode(content)))
    };
    object([
        ("status", text(status)),
        ("message", text(result.message.as_str())),
        ("compile", or_null(result.compile.as_ref().map(write_phase))),
        ("run", or_null(result.run.as_ref().map(write_phase))),
        (
            "executorPodName",
            or_null(result.executor_pod_name.as_deref().map(text)),
        ),
        (
            "files",
            Value::Dict(result.files.iter().map(file).collect()),
        ),
    ])
}

fn read_phase(value: &Value, name: &str) -> Result<Option<PhaseResult>, RunError> {
    let Some(phase) = value.member(name) else {
        return Ok(None);
    };
    let is_true = |field| phase.get(field) == Some(&Value::Bool(true));
    let stream = |field| read_text(phase, field)?.ok_or_else(|| wrong(field, "a text"));
    let status = match read_text(phase, "status")?.as_deref() {
        Some("error") => PhaseStatus::Error,
        Some("time_limit_exceeded") => PhaseStatus::TimeLimitExceeded,
        _ => PhaseStatus::Finished,
    };
    let exit_code = match phase.member("exitCode") {
        Some(Value::Int(digits)) => digits.parse().ok(),
        _ => None,
    };
    let execution_time_ms = phase.member("executionTimeMs").and_then(Value::as_number);
    Ok(Some(PhaseResult {
        status,
        execution_time_ms,
        exit_code,
        stdout: stream("stdout")?,
        stderr: stream("stderr")?,
        stdout_truncated: is_true("stdoutTruncated"),
        stderr_truncated: is_true("stderrTruncated"),
    }))
}

/// What observing needs of a [`RunResult`] that JavaScript gives back: all but its files.
pub(super) fn read_result(value: &Value) -> Result<RunResult, RunError> {
    let status = match read_text(value, "status")?.as_deref() {
        Some("failed") => RunStatus::Failed,
        _ => RunStatus::Success,
    };
    Ok(RunResult {
        status,
        message: read_text(value, "message")?.unwrap_or_default(),
        compile: read_phase(value, "compile")?,
        run: read_phase(value, "run")?,
        executor_pod_name: None,
        files: BTreeMap::new(),
    })
}

pub(super) fn write_observation(observation: &Observation) -> Value {
    let truncated = Value::Bool(observation.truncated);
    object([
        ("text", text(observation.text.as_str())),
        ("truncated", truncated),
    ])
}
