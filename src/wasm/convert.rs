//! Requests and observations across the boundary: their fields in camelCase, bytes in base64.

use crate::python::search::join;
use std::collections::BTreeMap;

use super::error::{invalid, read_whole};
use super::json::{object, text};
use crate::error::RunError;
use crate::language::{LANGUAGES, Language};
use crate::observation::Observation;
use crate::python::value::Value;
use crate::request::{DEFAULT_TIMEOUT_MS, RunRequest};
use crate::response::decode_files;

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
    decode_files(entries).ok_or_else(|| wrong("files", "an object of texts and bytes"))
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
            let known = join(&LANGUAGES, ", ");
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

pub(super) fn write_observation(observation: &Observation) -> Value {
    let truncated = Value::Bool(observation.truncated);
    object([
        ("text", text(observation.text.as_str())),
        ("truncated", truncated),
    ])
}
