//! Programs as JavaScript gives them: their fields in camelCase, bytes in base64.

use super::error::{invalid, read_whole};
use crate::error::RunError;
use crate::language::{LANGUAGES, Language};
use crate::python::value::Value;
use crate::request::{DEFAULT_TIMEOUT_MS, write_limits, write_machine};
use crate::wire::base64;
use crate::wire::json::Json;

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

fn write_files(request: &Value, body: &mut Json) -> Result<(), RunError> {
    let wrong = || wrong("files", "an object of texts and bytes");
    let entries = match request.member("files") {
        None => &[][..],
        Some(Value::Dict(entries)) => entries,
        Some(_) => return Err(wrong()),
    };
    body.open("files", "{");
    for (path, content) in entries {
        let path = path.to_text().ok_or_else(wrong)?;
        let content = content.as_str().ok_or_else(wrong)?;
        base64::decode(content).ok_or_else(wrong)?;
        body.entry(&path, content);
    }
    body.close("}");
    Ok(())
}

fn write_paths(request: &Value, body: &mut Json) -> Result<(), RunError> {
    let wrong = || wrong("fetchFiles", "a list of texts");
    let paths = match request.member("fetchFiles") {
        None => &[][..],
        Some(paths) => paths.as_list().ok_or_else(wrong)?,
    };
    body.open("fetch_files", "[");
    for path in paths {
        body.text("", path.as_str().ok_or_else(wrong)?);
    }
    body.close("]");
    Ok(())
}

/// The body of `/run_code`: everything but the code may be missing.
pub(super) fn build_run_code_body(request: &Value) -> Result<String, RunError> {
    let code = read_text(request, "code")?.ok_or_else(|| wrong("code", "a text"))?;
    let name = read_text(request, "language")?;
    let language = match &name {
        None => Language::PYTHON,
        Some(name) => Language::from_name(name)
            .ok_or_else(|| RunError::not_one_of("language", &LANGUAGES, name))?,
    };
    let compile_timeout_ms = read_count(request, "compileTimeoutMs")?;
    let run_timeout_ms = read_count(request, "runTimeoutMs")?;
    let memory_limit_mb = read_count(request, "memoryLimitMb")?;
    let stdin = read_text(request, "stdin")?;
    let mut body = Json::default();
    body.open("", "{");
    write_limits(
        compile_timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS),
        run_timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS),
        &mut body,
    );
    body.text("code", &code);
    body.text_or_null("stdin", stdin.as_deref());
    write_machine(memory_limit_mb, language, &mut body);
    write_files(request, &mut body)?;
    write_paths(request, &mut body)?;
    body.close("}");
    Ok(body.into_text())
}
