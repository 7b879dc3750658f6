//! verl's client, `call_sandbox_api` of `verl/utils/reward_score/sandbox_fusion/utils.py` (commit
//! b178a3cd56f5), as a function from what happened to what is done next.

use crate::language::LANGUAGES;
use crate::python::json::{JsonError, loads_bytes};
use crate::python::json_write::{Escape, dumps};
use crate::python::string::PythonString;
use crate::python::value::Value;
use crate::wire::shape::{Way, translate};

/// How many attempts are made in all.
pub const MAX_ATTEMPTS: u32 = 3;

/// How many seconds the client waits beyond both time-outs.
pub const TIMEOUT_MARGIN_S: f64 = 10.0;

/// One program for the sandbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The program.
    pub code: Value,
    /// Its standard input.
    pub stdin: Value,
    /// The time-out for compiling, in seconds, as a number of Python.
    pub compile_timeout: Value,
    /// The time-out for running, in seconds, as a number of Python.
    pub run_timeout: Value,
    /// The memory limit, in mebibytes.
    pub memory_limit_mb: Value,
    /// One of the sandbox's languages.
    pub language: PythonString,
}

impl Call {
    /// The error without a request, for a language that the sandbox does not know.
    #[must_use]
    pub fn refuse(&self, request_id: &str) -> Option<PythonString> {
        refuse(self.language.as_bytes(), request_id)
    }

    /// The body of the request.
    #[must_use]
    pub fn body(&self) -> String {
        let entries = [
            ("code", self.code.clone()),
            ("stdin", self.stdin.clone()),
            ("compileTimeout", self.compile_timeout.clone()),
            ("runTimeout", self.run_timeout.clone()),
            ("memoryLimitMb", self.memory_limit_mb.clone()),
            ("language", Value::Str(self.language.clone())),
        ];
        let entries = entries.map(|(name, value)| (Value::from(name), value));
        build_body(&mut Value::Dict(entries.into()))
    }
}

/// [`Call::refuse`] for the language of a call.
pub(crate) fn refuse(language: &[u8], request_id: &str) -> Option<PythonString> {
    if LANGUAGES.iter().any(|name| language == name.as_bytes()) {
        return None;
    }
    let template = "[Request ID: {}] Unsupported language: {}";
    let parts = [request_id.as_bytes(), language];
    Some(PythonString::fill(template, &parts))
}

/// [`Call::body`] for a call with the names of ours.
pub(crate) fn build_body(call: &mut Value) -> String {
    // A call takes any value, and what came from JSON can go back to it.
    let _ = translate(call, "verl_call", Way::Out);
    let text = dumps(call, Escape::NonAscii).unwrap_or_default();
    text.to_string_lossy()
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Answer {
        /// Its HTTP status.
        status: i64,
        /// The reason behind the status.
        reason: PythonString,
        /// Its body.
        body: PythonString,
    },
    /// No answer.
    Raised {
        /// Whether the exception is one of `requests`, time-outs and broken connections included.
        by_requests: bool,
        /// Its text.
        message: PythonString,
    },
}

/// What the client does next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// It waits so many seconds and tries again.
    Wait(u32),
    /// It is done, with this answer.
    Done(Value),
    /// It gives up, with this error.
    Failed(PythonString),
}

/// What the client does after an attempt, the first being 1.
#[must_use]
pub fn next_step(attempt: u32, url: &PythonString, reply: &Reply) -> Next {
    match reply {
        Reply::Raised {
            by_requests,
            message,
        } => after_exception(*by_requests, message.as_bytes()),
        Reply::Answer {
            status,
            reason,
            body,
        } => {
            let (reason, body) = (reason.as_bytes(), body.as_bytes());
            after_answer(attempt, url.as_bytes(), *status, reason, body)
        }
    }
}

/// [`next_step`] after an exception, one of `requests` or another.
#[inline(never)]
pub(crate) fn after_exception(by_requests: bool, message: &[u8]) -> Next {
    let kind: &[u8] = if by_requests {
        b"API Request Error"
    } else {
        b"Unexpected Error"
    };
    Next::Failed(PythonString::fill(
        "API Call Failed: {}: {}",
        &[kind, message],
    ))
}

/// [`next_step`] after an answer.
pub(crate) fn after_answer(
    attempt: u32,
    url: &[u8],
    status: i64,
    reason: &[u8],
    body: &[u8],
) -> Next {
    let message = match status {
        504 if attempt < MAX_ATTEMPTS => return Next::Wait(attempt),
        504 => {
            let (number, all) = (attempt.to_string(), MAX_ATTEMPTS.to_string());
            let template = "Gateway Timeout (504) on attempt {}/{}";
            PythonString::fill(template, &[number.as_bytes(), all.as_bytes()])
        }
        400..600 => {
            let side: &[u8] = if status < 500 { b"Client" } else { b"Server" };
            let status = status.to_string();
            let parts = [status.as_bytes(), side, reason, url];
            PythonString::fill("{} {} Error: {} for url: {}", &parts)
        }
        _ => match loads_bytes(body) {
            Ok(value) => return Next::Done(value),
            Err(error) => {
                // The error of `requests` for bad JSON is one of its request errors.
                let is_decode = matches!(error, JsonError::Decode { .. });
                return after_exception(is_decode, error.message().as_bytes());
            }
        },
    };
    after_exception(true, message.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_timeout_alone_is_tried_again() {
        let url = PythonString::from("http://h/run_code");
        let answer = |status| Reply::Answer {
            status,
            reason: "R".into(),
            body: "{}".into(),
        };
        assert_eq!(next_step(1, &url, &answer(504)), Next::Wait(1));
        assert_eq!(next_step(2, &url, &answer(504)), Next::Wait(2));
        let text = "API Call Failed: API Request Error: Gateway Timeout (504) on attempt 3/3";
        assert_eq!(next_step(3, &url, &answer(504)), Next::Failed(text.into()));
        let text =
            "API Call Failed: API Request Error: 503 Server Error: R for url: http://h/run_code";
        assert_eq!(next_step(1, &url, &answer(503)), Next::Failed(text.into()));
        let nothing = Value::Dict(Vec::new());
        assert_eq!(next_step(1, &url, &answer(302)), Next::Done(nothing));
    }
}
