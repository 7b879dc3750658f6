//! Code in, the body of `SandboxFusion`'s `POST /run_code` out, and the bodies of its other routes.
//!
//! It knows nothing of fetch, clocks or retries.

use std::collections::BTreeMap;

use crate::error::RunError;
use crate::language::Language;
use crate::python::json_write::{Escape, dumps};
use crate::python::value::Value;
use crate::wire::base64;
use crate::wire::json::Json;
use crate::wire::route::Route;
use crate::wire::shape::{Way, to_seconds, translate};

/// What `SandboxFusion` takes when a time-out is not given: 10 s, for compiling and for running.
pub const DEFAULT_TIMEOUT_MS: u32 = 10_000;

/// How much longer than the sandbox's own time-outs a request may take before the client gives
/// up: 10 s, as verl's `call_sandbox_api` (`verl/utils/reward_score/sandbox_fusion/utils.py`,
/// commit b178a3cd56f5).
pub const REQUEST_MARGIN_MS: u32 = 10_000;

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
        [
            self.compile_timeout_ms,
            self.run_timeout_ms,
            REQUEST_MARGIN_MS,
        ]
        .into_iter()
        .map(u64::from)
        .sum()
    }
}

/// Writes the JSON body of `POST /run_code`, in the field order of verl's client. Time-outs go out
/// in seconds, files in base64, no memory limit as -1 (`sandbox/server/sandbox_api.py`, commit
/// 469de0845cb7).
#[must_use]
pub fn build_run_code_body(request: &RunRequest) -> String {
    let mut body = Json::default();
    body.open("", "{");
    body.value(
        "compile_timeout",
        to_seconds(request.compile_timeout_ms.into()),
    );
    body.value("run_timeout", to_seconds(request.run_timeout_ms.into()));
    body.text("code", &request.code);
    body.text_or_null("stdin", request.stdin.as_deref());
    let limit = request.memory_limit_mb.map_or(-1, i64::from);
    body.raw("memory_limit_MB", &limit.to_string());
    body.text("language", request.language.name());
    body.open("files", "{");
    for (path, content) in &request.files {
        body.entry(path, &base64::encode(content));
    }
    body.close("}");
    body.open("fetch_files", "[");
    for path in &request.fetch_files {
        body.text("", path);
    }
    body.close("]");
    body.close("}");
    body.into_text()
}

/// Writes the JSON body of a route's request, whose fields bear the names and units of ours and
/// whose files are in base64. What is not given is left out, and the server has its defaults.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] when a field is missing or not what it must be, or when the route
/// has no body.
pub fn build_body(route: Route, mut request: Value) -> Result<String, RunError> {
    let invalid = |detail| RunError::InvalidOptions { detail };
    let Some(kind) = route.request() else {
        let detail = [route.path(), ": expected no request"].concat();
        return Err(invalid(detail));
    };
    match translate(&mut request, kind, Way::Out) {
        Ok(()) => Ok(write(&request)),
        Err(misfit) => Err(invalid(misfit)),
    }
}

/// How long to wait for the whole answer of a route, in milliseconds, when its request has these
/// time-outs.
///
/// - `/run_code`, `timeouts` for compiling and running: [`RunRequest::request_timeout_ms`];
/// - `/run_jupyter`, one for all cells, by default 45 s: the server stops them 10 s later
///   (`sandbox/runners/jupyter.py`, commit 469de0845cb7), and [`REQUEST_MARGIN_MS`] comes on top;
/// - `/v1/ping`: [`REQUEST_MARGIN_MS`];
/// - what works with datasets: 5 minutes, as `SandboxFusion`'s asynchronous client gets from its
///   HTTP library.
#[must_use]
pub fn request_timeout_ms(route: Route, timeouts: [Option<f64>; 2]) -> f64 {
    let [first, second] = timeouts;
    let margin = f64::from(REQUEST_MARGIN_MS);
    match route {
        Route::RunCode => {
            let default = f64::from(DEFAULT_TIMEOUT_MS);
            first.unwrap_or(default) + second.unwrap_or(default) + margin
        }
        Route::RunJupyter => first.unwrap_or(45_000.0) + 10_000.0 + margin,
        Route::Ping => margin,
        _ => 300_000.0,
    }
}

fn write(body: &Value) -> String {
    // What came from JSON, and texts, finite numbers and containers of them: nothing here that JSON
    // could refuse. Half a character is no UTF-8, and is replaced.
    dumps(body, Escape::Nothing)
        .unwrap_or_default()
        .to_string_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_sandbox_fusion() {
        let body = build_run_code_body(&RunRequest::new("print(1)", Language::PYTHON));
        let expected = concat!(
            r#"{"compile_timeout": 10, "run_timeout": 10, "code": "print(1)", "stdin": null, "#,
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

    fn body(route: Route, request: &str) -> Result<String, String> {
        let request = crate::python::json::loads(request).unwrap();
        build_body(route, request).map_err(|error| error.to_string())
    }

    #[test]
    fn cells_go_out_with_the_names_and_units_of_the_wire() {
        let request =
            r#"{"cells": ["a"], "totalTimeoutMs": 1500, "fetchFiles": ["o"], "stdin": ""}"#;
        let expected = r#"{"cells": ["a"], "total_timeout": 1.5, "fetch_files": ["o"]}"#;
        assert_eq!(body(Route::RunJupyter, request).as_deref(), Ok(expected));
    }

    #[test]
    fn what_a_configuration_provides_goes_out_as_it_is() {
        let request = r#"{"dataset": "d", "id": 7, "completion": "c", "config": {"language": "py",
            "compileTimeoutMs": 2000, "providedData": {"testCases": [1.50]}, "extra": {}}}"#;
        let expected = concat!(
            r#"{"dataset": "d", "id": 7, "completion": "c", "config": {"language": "python", "#,
            r#""compile_timeout": 2, "provided_data": {"testCases": [1.5]}, "extra": {}}}"#
        );
        assert_eq!(body(Route::Submit, request).as_deref(), Ok(expected));
    }

    #[test]
    fn a_request_that_does_not_fit_says_where() {
        for (route, request, message) in [
            (Route::RunJupyter, "{}", "cells: expected a list of texts"),
            (Route::RunJupyter, "[]", "expected an object"),
            (
                Route::RunJupyter,
                r#"{"cells": ""}"#,
                "cells: expected a list of texts",
            ),
            (
                Route::RunJupyter,
                r#"{"cells": [], "cellTimeoutMs": 0}"#,
                "cellTimeoutMs: expected a number from 1 to 4294967295, found 0",
            ),
            (
                Route::Submit,
                r#"{"dataset": "", "id": "", "completion": "", "config": {"language": 3}}"#,
                "config.language: expected one of SandboxFusion's languages",
            ),
            (
                Route::RunCode,
                r#"{"code": "", "fetchFiles": ["a", 1]}"#,
                "fetchFiles.1: expected a text",
            ),
            (
                Route::RunCode,
                r#"{"code": "", "files": {"a": "?"}}"#,
                "files: expected an object of files",
            ),
            (Route::RunCode, r#"{"code": 1}"#, "code: expected a text"),
            (Route::Ping, "{}", "v1/ping: expected no request"),
        ] {
            assert_eq!(body(route, request), Err(message.to_owned()));
        }
    }

    #[test]
    fn a_language_that_is_none_is_refused_with_those_there_are() {
        let message = body(Route::RunCode, r#"{"code": "", "language": "pythn"}"#).unwrap_err();
        let known = crate::language::LANGUAGES.join(", ");
        assert_eq!(
            message,
            format!("language: expected one of {known}, found `pythn`")
        );
    }

    #[test]
    fn a_number_out_of_range_is_refused_with_its_name() {
        for found in ["0", "-1", "0.25", "NaN", "Infinity", "4294967296"] {
            for name in ["runTimeoutMs", "memoryLimitMb"] {
                let request = format!(r#"{{"code": "", "{name}": {found}}}"#);
                let found = match found {
                    "NaN" => "nan",
                    "Infinity" => "inf",
                    digits => digits,
                };
                let message =
                    format!("{name}: expected a number from 1 to 4294967295, found {found}");
                assert_eq!(body(Route::RunCode, &request), Err(message));
            }
        }
        let message = "runTimeoutMs: expected a number".to_owned();
        let request = r#"{"code": "", "runTimeoutMs": "1"}"#;
        assert_eq!(body(Route::RunCode, request), Err(message));
    }

    #[test]
    fn the_times_of_an_answer_go_back_as_they_came() {
        let request = r#"{"dataset": "d", "config": {}, "results": [{"id": 7, "accepted": true, "extractedCode": "",
            "testCode": "", "tests": [{"passed": true, "result": {"status": "success",
            "run": {"status": "finished", "executionTimeMs": 18.620014190673828}}}]}]}"#;
        let body = body(Route::GetMetrics, request).unwrap();
        assert!(
            body.contains("\"execution_time\": 0.018620014190673828"),
            "{body}"
        );
    }

    #[test]
    fn half_a_character_is_replaced() {
        let body = body(Route::RunJupyter, r#"{"cells": ["a\ud800b"]}"#);
        assert_eq!(body.as_deref(), Ok("{\"cells\": [\"a\u{fffd}b\"]}"));
    }

    #[test]
    fn a_program_has_one_body_however_it_is_given() {
        let mut request = RunRequest::new("é\n", Language::PYTHON);
        let given = body(Route::RunCode, r#"{"code": "é\n"}"#);
        assert_eq!(given, Ok(build_run_code_body(&request)));
        request.run_timeout_ms = 1_501;
        request.memory_limit_mb = Some(256);
        request.stdin = Some("in".to_owned());
        request.files.insert("a".to_owned(), vec![0, 255]);
        request.fetch_files.push("b".to_owned());
        let given = r#"{"fetchFiles": ["b"], "files": {"a": "AP8="}, "stdin": "in", "language": "py3",
            "memoryLimitMb": 255.6, "runTimeoutMs": 1500.5, "code": "é\n"}"#;
        assert_eq!(
            body(Route::RunCode, given),
            Ok(build_run_code_body(&request))
        );
    }
}
