//! Code in, `SandboxFusion`'s `POST /run_code` out.
//!
//! This module and [`crate::response`] are the only ones that know wire names. It knows nothing
//! of fetch, clocks or retries.

use std::collections::BTreeMap;

use crate::error::RunError;
use crate::language::Language;
use crate::python::json_write::{Escape, dumps};
use crate::python::value::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What `SandboxFusion` takes when a time-out is not given: 10 s, for compiling and for running.
pub const DEFAULT_TIMEOUT_MS: u32 = 10_000;

/// How much longer than the sandbox's own time-outs a request may take before the client gives
/// up: 10 s, as verl's `call_sandbox_api` (`verl/utils/reward_score/sandbox_fusion/utils.py`,
/// commit b178a3cd56f5).
pub const REQUEST_MARGIN_MS: u64 = 10_000;

/// One program to run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRequest {
    /// The program's source text.
    pub code: String,
    /// The language it is written in.
    pub language: Language,
    /// How long compiling may take, in milliseconds.
    pub compile_timeout_ms: u32,
    /// How long the program may run, in milliseconds.
    pub run_timeout_ms: u32,
    /// How much memory the program may use, in mebibytes; `None` leaves it to the sandbox.
    pub memory_limit_mb: Option<u32>,
    /// What the program reads on its standard input; `None` gives it an empty one.
    pub stdin: Option<String>,
    /// Files to lay out before the run: path, relative to the program's folder, and content.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Paths of files to hand back after the run.
    pub fetch_files: Vec<String>,
}

impl RunRequest {
    /// A request for `code` with every default: 10 s to compile, 10 s to run, no memory limit,
    /// empty standard input, no files.
    #[must_use]
    pub fn new(code: impl Into<String>, language: Language) -> Self {
        Self {
            code: code.into(),
            language,
            compile_timeout_ms: DEFAULT_TIMEOUT_MS,
            run_timeout_ms: DEFAULT_TIMEOUT_MS,
            memory_limit_mb: None,
            stdin: None,
            files: BTreeMap::new(),
            fetch_files: Vec::new(),
        }
    }

    /// How long to wait for the whole answer, in milliseconds: both time-outs and
    /// [`REQUEST_MARGIN_MS`].
    #[must_use]
    pub fn request_timeout_ms(&self) -> u64 {
        u64::from(self.compile_timeout_ms) + u64::from(self.run_timeout_ms) + REQUEST_MARGIN_MS
    }
}

/// Writes the JSON body of `POST /run_code`, in the field order of verl's client. Time-outs go out
/// in seconds, files in base64, no memory limit as -1 (`sandbox/server/sandbox_api.py`, commit
/// 469de0845cb7).
#[must_use]
pub fn build_run_code_body(request: &RunRequest) -> String {
    let text = |text: &str| Value::Str(text.into());
    let seconds = |milliseconds: u32| Value::Float(f64::from(milliseconds) / 1000.0);
    let limit = request
        .memory_limit_mb
        .map_or_else(|| "-1".to_owned(), |limit| limit.to_string());
    let files = request
        .files
        .iter()
        .map(|(path, content)| (text(path), text(&STANDARD.encode(content))));
    let fields = [
        ("compile_timeout", seconds(request.compile_timeout_ms)),
        ("run_timeout", seconds(request.run_timeout_ms)),
        ("code", text(&request.code)),
        ("stdin", request.stdin.as_deref().map_or(Value::None, text)),
        ("memory_limit_MB", Value::Int(limit)),
        ("language", text(request.language.name())),
        ("files", Value::Dict(files.collect())),
        (
            "fetch_files",
            Value::List(request.fetch_files.iter().map(|path| text(path)).collect()),
        ),
    ];
    let body = Value::Dict(fields.map(|(name, value)| (text(name), value)).into());
    // Texts, finite numbers and containers of them: nothing here that JSON could refuse.
    dumps(&body, Escape::Surrogates)
        .unwrap_or_default()
        .to_string_lossy()
}

/// The address of `POST /run_code` for a sandbox given by its base address or in full.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] when `url` does not begin with `http://` or `https://` and a host.
///
/// # Examples
///
/// ```
/// use fencerun::request::run_code_url;
/// let full = "http://localhost:8080/run_code";
/// assert_eq!(run_code_url("http://localhost:8080").as_deref(), Ok(full));
/// assert_eq!(run_code_url("http://localhost:8080/").as_deref(), Ok(full));
/// assert_eq!(run_code_url(full).as_deref(), Ok(full));
/// ```
pub fn run_code_url(url: &str) -> Result<String, RunError> {
    let trimmed = url.trim();
    let lower = trimmed.to_ascii_lowercase();
    let host = lower
        .strip_prefix("http://")
        .or_else(|| lower.strip_prefix("https://"));
    if host.is_none_or(|host| host.is_empty() || host.starts_with(['/', '?', '#'])) {
        let detail = format!("url: expected http://HOST or https://HOST, found `{trimmed}`");
        return Err(RunError::InvalidOptions { detail });
    }
    let base = trimmed.trim_end_matches('/');
    if base.ends_with("/run_code") {
        return Ok(base.to_owned());
    }
    Ok(format!("{base}/run_code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_sandbox_fusion() {
        let body = build_run_code_body(&RunRequest::new("print(1)", Language::PYTHON));
        let expected = concat!(
            r#"{"compile_timeout": 10.0, "run_timeout": 10.0, "code": "print(1)", "stdin": null, "#,
            r#""memory_limit_MB": -1, "language": "python", "files": {}, "fetch_files": []}"#
        );
        assert_eq!(body, expected);
    }

    #[test]
    fn every_field_goes_over_the_wire() {
        let mut request = RunRequest::new("é\n", Language::PYTHON);
        request.compile_timeout_ms = 500;
        request.run_timeout_ms = 1_500;
        request.memory_limit_mb = Some(256);
        request.stdin = Some("in\r\n".to_owned());
        request.files.insert("a/b.txt".to_owned(), vec![0, 255]);
        request.fetch_files.push("out.png".to_owned());
        let body: serde_json::Value = serde_json::from_str(&build_run_code_body(&request)).unwrap();
        let expected = serde_json::json!({
            "compile_timeout": 0.5, "run_timeout": 1.5, "code": "é\n", "stdin": "in\r\n",
            "memory_limit_MB": 256, "language": "python", "files": {"a/b.txt": "AP8="},
            "fetch_files": ["out.png"],
        });
        assert_eq!(body, expected);
        assert_eq!(request.request_timeout_ms(), 12_000);
    }

    #[test]
    fn a_url_without_a_host_is_refused() {
        for url in [
            "",
            "localhost:8080",
            "ftp://host",
            "http://",
            "https:///run_code",
        ] {
            let error = run_code_url(url).unwrap_err();
            let message = format!("url: expected http://HOST or https://HOST, found `{url}`");
            assert_eq!(error.to_string(), message);
        }
    }
}
