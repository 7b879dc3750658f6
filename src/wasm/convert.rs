//! Programs as JavaScript gives them: their fields in camelCase, bytes in base64.

use crate::python::search::join;

use super::error::{invalid, read_whole};
use crate::error::RunError;
use crate::language::{LANGUAGES, Language};
use crate::python::value::Value;
use crate::request::{DEFAULT_TIMEOUT_MS, write_run_code_body};
use crate::wire::base64;

fn wrong(field: &str, expected: &str) -> RunError {
    invalid([field, ": expected ", expected].concat())
}

fn read_text(request: &Value, field: &str) -> Result<Option<String>, RunError> {
    match request.member(field) {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text.to_string_lossy())),
        Some(_) => Err(wrong(field, "a text")),
    }
}

fn read_count(request: &Value, field: &str) -> Result<Option<u32>, RunError> {
    let Some(given) = request.member(field) else {
        return Ok(None);
    };
    let number = given.as_number().ok_or_else(|| wrong(field, "a number"))?;
    read_whole(field, number).map(Some)
}

fn read_files(request: &Value) -> Result<Value, RunError> {
    let wrong = || wrong("files", "an object of texts and bytes");
    let mut files = Vec::new();
    match request.member("files") {
        None => {}
        Some(Value::Dict(entries)) => {
            for (path, content) in entries {
                let path = path.to_text().ok_or_else(wrong)?;
                if !base64::is_base64(content) {
                    return Err(wrong());
                }
                files.push((Value::Str(path.into()), content.clone()));
            }
        }
        Some(_) => return Err(wrong()),
    }
    Ok(Value::Dict(files))
}

fn read_paths(request: &Value) -> Result<Value, RunError> {
    let is_path = |path: &Value| path.as_str().is_some();
    match request.member("fetchFiles") {
        None => Ok(Value::List(Vec::new())),
        Some(Value::List(paths)) if paths.iter().all(is_path) => Ok(Value::List(paths.clone())),
        Some(_) => Err(wrong("fetchFiles", "a list of texts")),
    }
}

/// The body of `/run_code`: everything but the code may be missing.
pub(super) fn build_run_code_body(request: &Value) -> Result<String, RunError> {
    let text = |text: String| Value::Str(text.into());
    let code = read_text(request, "code")?.ok_or_else(|| wrong("code", "a text"))?;
    let name = read_text(request, "language")?;
    let language = match &name {
        None => Language::PYTHON,
        Some(name) => Language::from_name(name).ok_or_else(|| {
            let known = join(&LANGUAGES, ", ");
            invalid(["language: expected one of ", &known, ", found `", name, "`"].concat())
        })?,
    };
    let compile_timeout_ms = read_count(request, "compileTimeoutMs")?;
    let run_timeout_ms = read_count(request, "runTimeoutMs")?;
    let memory_limit_mb = read_count(request, "memoryLimitMb")?;
    let stdin = read_text(request, "stdin")?;
    let values = [
        text(code),
        stdin.map_or(Value::None, text),
        Value::Str(language.name().into()),
        read_files(request)?,
        read_paths(request)?,
    ];
    Ok(write_run_code_body(
        compile_timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS),
        run_timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS),
        memory_limit_mb,
        values,
    ))
}
