//! Values across the boundary: camelCase objects, bytes as `Uint8Array`, spans in UTF-16 units.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use wasm_bindgen::JsValue;

use crate::error::{ErrorCode, RunError};
use crate::language::{LANGUAGES, Language};
use crate::request::{DEFAULT_TIMEOUT_MS, RunRequest};

/// A Rust value as a plain object: maps become objects, `None` becomes `null`.
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new()
        .serialize_maps_as_objects(true)
        .serialize_missing_as_null(true);
    Ok(value.serialize(&serializer)?)
}

/// A plain object as a Rust value; what cannot be read is the caller's mistake.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|error| throw(&invalid(error.to_string()), 0))
}

pub(super) fn invalid(detail: String) -> RunError {
    RunError::InvalidOptions { detail }
}

/// What the TypeScript class `RunError` is made of.
#[derive(Serialize)]
struct JsRunError {
    code: ErrorCode,
    message: String,
    attempts: u32,
    status: Option<u16>,
}

/// An error as the plain object that the TypeScript side turns into a `RunError`.
pub(super) fn throw(error: &RunError, attempts: u32) -> JsValue {
    let status = match error {
        RunError::Http { status, .. } => Some(*status),
        _ => None,
    };
    let plain = JsRunError {
        code: error.code(),
        message: error.to_string(),
        attempts,
        status,
    };
    to_js(&plain).unwrap_or_else(|conversion| conversion)
}

/// A [`RunRequest`] as JavaScript gives it: everything but the code may be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JsRunRequest {
    code: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    compile_timeout_ms: Option<f64>,
    #[serde(default)]
    run_timeout_ms: Option<f64>,
    #[serde(default)]
    memory_limit_mb: Option<f64>,
    #[serde(default)]
    stdin: Option<String>,
    #[serde(default)]
    files: Option<BTreeMap<String, JsFile>>,
    #[serde(default)]
    fetch_files: Option<Vec<String>>,
}

/// The content of a file: a text or bytes.
#[derive(Deserialize)]
#[serde(untagged)]
enum JsFile {
    Text(String),
    Bytes(ByteBuf),
}

impl JsFile {
    fn into_bytes(self) -> ByteBuf {
        match self {
            Self::Text(text) => ByteBuf::from(text.into_bytes()),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl JsRunRequest {
    pub(super) fn read(self) -> Result<RunRequest, RunError> {
        let language = match &self.language {
            None => Language::PYTHON,
            Some(name) => Language::from_name(name).ok_or_else(|| {
                let known = LANGUAGES.join(", ");
                invalid(format!("language: expected one of {known}, found `{name}`"))
            })?,
        };
        let default_ms = f64::from(DEFAULT_TIMEOUT_MS);
        let compile_timeout_ms = self.compile_timeout_ms.unwrap_or(default_ms);
        let run_timeout_ms = self.run_timeout_ms.unwrap_or(default_ms);
        let files = self.files.unwrap_or_default();
        Ok(RunRequest {
            compile_timeout_ms: read_whole("compileTimeoutMs", compile_timeout_ms)?,
            run_timeout_ms: read_whole("runTimeoutMs", run_timeout_ms)?,
            memory_limit_mb: self
                .memory_limit_mb
                .map(|limit| read_whole("memoryLimitMb", limit))
                .transpose()?,
            stdin: self.stdin,
            files: files
                .into_iter()
                .map(|(path, file)| (path, file.into_bytes()))
                .collect(),
            fetch_files: self.fetch_files.unwrap_or_default(),
            ..RunRequest::new(self.code, language)
        })
    }
}

/// A JavaScript number as a whole number above 0, rounded.
pub(super) fn read_whole(field: &str, value: f64) -> Result<u32, RunError> {
    let rounded = value.round();
    if !(1.0..=f64::from(u32::MAX)).contains(&rounded) {
        return Err(invalid(format!(
            "{field}: expected a number from 1 to 4294967295, found {value}"
        )));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    Ok(rounded as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_range_is_refused_with_its_name() {
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY, 4_294_967_296.0] {
            let message = read_whole("runTimeoutMs", value).unwrap_err().to_string();
            assert_eq!(
                message,
                format!("runTimeoutMs: expected a number from 1 to 4294967295, found {value}")
            );
        }
        assert_eq!(read_whole("runTimeoutMs", 0.6), Ok(1));
    }
}
