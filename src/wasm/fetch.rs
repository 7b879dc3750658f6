//! The only input and output: a request goes out by `fetch`, an answer comes back.

use js_sys::{Array, Function, Math, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, ReadableStreamDefaultReader, Response};

use super::cancel::{Cancel, Stop};
use super::convert::write_result;
use super::error::{invalid, read_whole, throw};
use super::json::to_js;
use crate::error::{RunError, bound_detail};
use crate::request::{RunRequest, build_run_code_body, run_code_url};
use crate::response::read_run_code_answer;
use crate::retry::{Failure, RetryPolicy, read_retry_after_ms};

/// The bound on an answer when none is given: 32 MiB.
const DEFAULT_MAX_BODY_BYTES: u32 = 32 << 20;

/// Where and how to send.
pub(super) struct Options {
    url: String,
    fetch: Function,
    signal: Option<AbortSignal>,
    headers: Vec<(String, String)>,
    request_timeout_ms: Option<u32>,
    max_body_bytes: u32,
    retry: RetryPolicy,
}

impl Options {
    pub(super) fn read(options: JsValue) -> Result<Self, JsValue> {
        let fetch = get(&options, "fetch")?;
        let fetch = if fetch.is_undefined() {
            get(&js_sys::global(), "fetch")?
        } else {
            fetch
        };
        let fetch = fetch
            .dyn_into::<Function>()
            .map_err(|_| throw(&invalid("fetch: expected a function".to_owned()), 0))?;
        // A signal of another realm is no `instanceof` of ours, and is as good.
        let signal = Some(get(&options, "signal")?).filter(JsValue::is_object);
        let wrong = |detail: &str| throw(&invalid(detail.to_owned()), 0);
        let url = get(&options, "url")?.as_string();
        let url = url.ok_or_else(|| wrong("url: expected the address of a sandbox"))?;
        let whole = |field: &str| match get(&options, field)? {
            missing if missing.is_undefined() => Ok(None),
            given => {
                let number = given.as_f64().unwrap_or(f64::NAN);
                read_whole(field, number)
                    .map(Some)
                    .map_err(|error| throw(&error, 0))
            }
        };
        let defaults = RetryPolicy::default();
        let max_attempts = whole("maxAttempts")?.unwrap_or(defaults.max_attempts);
        Ok(Self {
            url: run_code_url(&url).map_err(|error| throw(&error, 0))?,
            fetch,
            signal: signal.map(JsCast::unchecked_into),
            headers: read_headers(get(&options, "headers")?),
            request_timeout_ms: whole("requestTimeoutMs")?,
            max_body_bytes: whole("maxBodyBytes")?.unwrap_or(DEFAULT_MAX_BODY_BYTES),
            retry: RetryPolicy {
                max_attempts,
                ..defaults
            },
        })
    }
}

/// The headers, which come as a list of names and values.
fn read_headers(headers: JsValue) -> Vec<(String, String)> {
    let Ok(headers) = headers.dyn_into::<Array>() else {
        return Vec::new();
    };
    let read = |pair: JsValue| {
        let pair: Array = pair.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    headers.iter().filter_map(read).collect()
}

fn get(target: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    if !target.is_object() {
        return Ok(JsValue::UNDEFINED);
    }
    Reflect::get(target, &JsValue::from_str(name))
}

/// Why an attempt gave no result.
enum Fault {
    /// The caller's own reason, to be thrown as it is.
    Aborted(JsValue),
    Run {
        error: RunError,
        failure: Failure,
        cause: JsValue,
    },
}

impl Fault {
    fn final_run(error: RunError) -> Self {
        Self::Run {
            error,
            failure: Failure::Other,
            cause: JsValue::UNDEFINED,
        }
    }
}

/// Sends `request`, again where the retry policy says so, and reads the answer.
pub(super) async fn run_code(request: &RunRequest, options: &Options) -> Result<JsValue, JsValue> {
    let body = build_run_code_body(request);
    let timeout_ms = options
        .request_timeout_ms
        .map_or_else(|| request.request_timeout_ms(), u64::from);
    let mut attempt = 1;
    loop {
        let fault = match attempt_once(&body, timeout_ms, options).await {
            Ok(result) => return Ok(result),
            Err(fault) => fault,
        };
        let (error, failure, cause) = match fault {
            Fault::Aborted(reason) => return Err(reason),
            Fault::Run {
                error,
                failure,
                cause,
            } => (error, failure, cause),
        };
        let Some(wait_ms) = options.retry.next_wait_ms(attempt, failure, Math::random()) else {
            let thrown = throw(&error, attempt);
            Reflect::set(&thrown, &JsValue::from_str("cause"), &cause)?;
            return Err(thrown);
        };
        Cancel::new(options.signal.as_ref(), wait_ms)?
            .sleep()
            .await?;
        attempt += 1;
    }
}

async fn attempt_once(body: &str, timeout_ms: u64, options: &Options) -> Result<JsValue, Fault> {
    let cancel = Cancel::new(options.signal.as_ref(), timeout_ms).map_err(Fault::Aborted)?;
    let stopped = |stop: Stop| read_stop(stop, timeout_ms);
    let init = build_init(body, &cancel.signal(), options).map_err(Fault::Aborted)?;
    // An abort that came before must not send anything.
    cancel
        .wait_for(&Promise::resolve(&JsValue::UNDEFINED))
        .await
        .map_err(&stopped)?;
    let sent = options
        .fetch
        .call2(&JsValue::UNDEFINED, &JsValue::from_str(&options.url), &init)
        .map_err(|thrown| stopped(Stop::Failed(thrown)))?;
    let response = cancel
        .wait_for(&Promise::resolve(&sent))
        .await
        .map_err(&stopped)?;
    let response: Response = response.unchecked_into();
    let (status, retry_after_ms) = (response.status(), read_retry_after(&response));
    let answer = read_body(&response, &cancel, options.max_body_bytes, &stopped).await?;
    let text = String::from_utf8_lossy(&answer);
    let result = read_run_code_answer(status, &text).map_err(|error| Fault::Run {
        error,
        failure: match status {
            200..300 => Failure::Other,
            _ => Failure::Status {
                status,
                retry_after_ms,
            },
        },
        cause: JsValue::UNDEFINED,
    })?;
    to_js(write_result(&result)).map_err(Fault::Aborted)
}

fn build_init(body: &str, signal: &AbortSignal, options: &Options) -> Result<Object, JsValue> {
    let headers = Array::new();
    let own = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
    ];
    let given = options
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in own.into_iter().chain(given) {
        headers.push(&Array::of2(&name.into(), &value.into()));
    }
    let init = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("method", "POST".into()),
        ("headers", headers.into()),
        ("body", body.into()),
        ("signal", signal.into()),
    ];
    for (name, value) in fields {
        Reflect::set(&init, &name.into(), &value)?;
    }
    Ok(init)
}

/// Whether a thrown value says that no connection was made: Node's and Deno's error codes, in the
/// error or in its `cause`. Browsers never say so, and there no attempt is repeated.
fn is_refused(thrown: &JsValue) -> bool {
    let code_of = |value: &JsValue| get(value, "code").ok().and_then(|code| code.as_string());
    let cause = get(thrown, "cause").unwrap_or(JsValue::UNDEFINED);
    [code_of(thrown), code_of(&cause)]
        .into_iter()
        .flatten()
        .any(|code| matches!(code.as_str(), "ECONNREFUSED" | "ENOTFOUND" | "EAI_AGAIN"))
}

/// What a thrown value says about itself, its cause first: Node hides the reason there.
fn describe(thrown: &JsValue) -> String {
    let text_of = |value: &JsValue, name| {
        let text = get(value, name).ok().and_then(|text| text.as_string());
        text.filter(|text| !text.is_empty())
    };
    let cause = get(thrown, "cause").unwrap_or(JsValue::UNDEFINED);
    let text = text_of(&cause, "message")
        .or_else(|| text_of(&cause, "code"))
        .or_else(|| text_of(thrown, "message"))
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "no reason was given".to_owned());
    bound_detail(&text)
}

fn read_stop(stop: Stop, timeout_ms: u64) -> Fault {
    match stop {
        Stop::Aborted(reason) => Fault::Aborted(reason),
        Stop::TimedOut => Fault::final_run(RunError::Timeout { timeout_ms }),
        Stop::Failed(thrown) => Fault::Run {
            error: RunError::Network {
                detail: describe(&thrown),
            },
            failure: if is_refused(&thrown) {
                Failure::Refused
            } else {
                Failure::Other
            },
            cause: thrown,
        },
    }
}

fn read_retry_after(response: &Response) -> Option<u64> {
    let header = response.headers().get("retry-after").ok().flatten()?;
    read_retry_after_ms(&header)
}

/// Reads a body piece by piece and stops as soon as it passes the bound.
async fn read_body(
    response: &Response,
    cancel: &Cancel,
    max_bytes: u32,
    stopped: &impl Fn(Stop) -> Fault,
) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let Some(stream) = response.body() else {
        return Ok(body);
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let read = cancel.wait_for(&reader.read()).await;
        let piece = match read {
            Ok(piece) => piece,
            Err(stop) => {
                // The stream is given up; whether it takes note is its own affair.
                drop(reader.cancel());
                return Err(stopped(stop));
            }
        };
        if get(&piece, "done").is_ok_and(|done| done.is_truthy()) {
            return Ok(body);
        }
        let bytes = Uint8Array::new(&get(&piece, "value").unwrap_or(JsValue::UNDEFINED));
        if body.len() + bytes.length() as usize > max_bytes as usize {
            drop(reader.cancel());
            return Err(Fault::final_run(RunError::TooLarge {
                limit_bytes: max_bytes.into(),
            }));
        }
        body.extend(bytes.to_vec());
    }
}
