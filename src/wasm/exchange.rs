//! Requests to a sandbox and its answers across the boundary, and what to do when there is none.
//! Sending is the business of the TypeScript around it.

use crate::python::search::join;
use wasm_bindgen::prelude::*;

use super::convert::read_request;
use super::error::{invalid, read_whole, throw};
use super::json::{from_js, object, or_null, text, to_js};
use crate::error::{ErrorCode, RunError, bound_detail};
use crate::python::value::Value;
use crate::retry::{Failure, RetryPolicy, read_retry_after_ms};
use crate::wire::route::Route;
use crate::{request, response};

fn find_route(path: &str) -> Result<Route, JsValue> {
    let unknown = || refuse(&invalid(format!("expected a route, found `{path}`")));
    Route::from_path(path).ok_or_else(unknown)
}

fn refuse(error: &RunError) -> JsValue {
    throw(error, 0)
}

/// The address of a route at a sandbox.
#[wasm_bindgen(js_name = routeUrl)]
pub fn route_url(path: &str, url: &str) -> Result<String, JsValue> {
    find_route(path)?.url(url).map_err(|error| refuse(&error))
}

/// The JSON body of a request.
#[wasm_bindgen(js_name = buildBody)]
pub fn build_body(path: &str, request: JsValue) -> Result<String, JsValue> {
    let value = from_js(&request)?;
    let body = match find_route(path)? {
        Route::RunCode => read_request(&value).map(|one| request::build_run_code_body(&one)),
        route => request::build_body(route, value),
    };
    body.map_err(|error| refuse(&error))
}

/// How long to wait for the whole answer, in milliseconds.
#[wasm_bindgen(js_name = requestTimeoutMs)]
pub fn request_timeout_ms(
    path: &str,
    first: Option<f64>,
    second: Option<f64>,
) -> Result<f64, JsValue> {
    let route = find_route(path)?;
    Ok(request::request_timeout_ms(route, [first, second]))
}

/// What an answer holds.
#[wasm_bindgen(js_name = readAnswer)]
pub fn read_answer(path: &str, http_status: u16, body: &[u8]) -> Result<JsValue, JsValue> {
    let text = String::from_utf8_lossy(body);
    match response::read_answer(find_route(path)?, http_status, &text) {
        Ok(answer) => to_js(answer),
        Err(error) => Err(throw(&error, 1)),
    }
}

/// The error of a failure that has no answer.
#[wasm_bindgen(js_name = describeFailure)]
#[must_use]
pub fn describe_failure(code: &str, detail: &str, bound: f64) -> JsValue {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a bound of ours, a whole number"
    )]
    let bound = bound as u64;
    let error = match code {
        "timeout" => RunError::Timeout { timeout_ms: bound },
        "too_large" => RunError::TooLarge { limit_bytes: bound },
        _ => RunError::Network {
            detail: bound_detail(detail),
        },
    };
    throw(&error, 1)
}

/// What to do after a failed attempt: whether the program ran, and how long to wait before the next
/// attempt, `null` to stop.
#[wasm_bindgen(js_name = planRetry)]
pub fn plan_retry(attempt: JsValue) -> Result<JsValue, JsValue> {
    let value = from_js(&attempt)?;
    let number = |name: &str| value.member(name).and_then(Value::as_number);
    let count = |name: &str| number(name).map(|number| read_whole(name, number));
    let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let policy = find_policy(word("policy"), find_route(word("route"))?)?;
    let failure = Failure {
        code: ErrorCode::from_name(word("code")).unwrap_or(ErrorCode::Network),
        status: match value.get("status") {
            Some(Value::Int(digits)) => digits.parse().ok(),
            _ => None,
        },
        is_unsent: value.get("isUnsent") == Some(&Value::Bool(true)),
        retry_after_ms: value
            .get("retryAfter")
            .and_then(Value::as_str)
            .and_then(|header| read_retry_after_ms(header, number("now").unwrap_or_default())),
    };
    let policy = RetryPolicy {
        max_attempts: count("maxAttempts")
            .transpose()
            .map_err(|error| refuse(&error))?
            .unwrap_or(policy.max_attempts),
        max_wait_ms: number("maxWaitMs").unwrap_or(policy.max_wait_ms),
        ..policy
    };
    let made = count("attempt")
        .transpose()
        .map_err(|error| refuse(&error))?;
    let random = number("random").unwrap_or_default();
    let wait = policy.next_wait_ms(made.unwrap_or(1), &failure, random);
    to_js(object([
        ("outcome", text(failure.outcome().name())),
        ("waitMs", or_null(wait.map(Value::Float))),
    ]))
}

/// Refuses a name that no retry policy has.
#[wasm_bindgen(js_name = checkRetryPolicy)]
pub fn check_retry_policy(name: &str) -> Result<(), JsValue> {
    find_policy(name, Route::RunCode).map(|_| ())
}

fn find_policy(name: &str, route: Route) -> Result<RetryPolicy, JsValue> {
    RetryPolicy::from_name(name, route).ok_or_else(|| {
        let names = join(&RetryPolicy::NAMES, ", ");
        refuse(&invalid(format!(
            "retry: expected one of {names}, found `{name}`"
        )))
    })
}
