//! Requests to a sandbox and its answers across the boundary, and what to do when there is none.
//! Sending is the business of the TypeScript around it.

use super::error::{invalid, write_error};
use super::given::{count_of, is_true, number_of, word_of};
use crate::error::{ErrorCode, RunError, bound_detail};
use crate::observation;
use crate::python::json::{JsonError, loads};
use crate::python::value::Value;
use crate::response::{self, read_phases};
use crate::retry::{Failure, RetryPolicy, read_retry_after_ms};
use crate::wire::json::Json;
use crate::wire::route::Route;
use crate::{profile, request};

fn route_of(given: &Value) -> Result<Route, RunError> {
    let path = word_of(given, "route");
    let unknown = || invalid(["expected a route, found `", path, "`"].concat());
    Route::from_path(path).ok_or_else(unknown)
}

/// The address of a route at a sandbox.
pub(super) fn route_url(url: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    out.text("", &route_of(given)?.url(url)?);
    Ok(())
}

/// The JSON body of a request.
pub(super) fn build_body(_: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let request = given.take("request");
    out.text("", &request::build_body(route_of(given)?, request)?);
    Ok(())
}

/// How long to wait for the whole answer, in milliseconds.
pub(super) fn request_timeout_ms(
    _: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let timeouts = ["first", "second"].map(|name| number_of(given, name));
    let timeout = request::request_timeout_ms(route_of(given)?, timeouts);
    out.value("", Value::Float(timeout));
    Ok(())
}

/// What an answer holds.
pub(super) fn read_answer(body: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let status = status_of(given).unwrap_or_default();
    let answer = response::read_answer(route_of(given)?, status, body)?;
    out.value("", answer);
    Ok(())
}

/// The error of a failure that has no answer.
pub(super) fn describe_failure(
    detail: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a bound of ours, a whole number"
    )]
    let bound = number_of(given, "bound").unwrap_or_default() as u64;
    let error = match word_of(given, "code") {
        "timeout" => RunError::Timeout { timeout_ms: bound },
        "too_large" => RunError::TooLarge { limit_bytes: bound },
        _ => RunError::Network {
            detail: bound_detail(detail),
        },
    };
    write_error("", &error, out);
    Ok(())
}

/// What to do after a failed attempt: whether the program ran, and how long to wait before the next
/// attempt, `null` to stop.
pub(super) fn plan_retry(_: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let number = |name: &str| number_of(given, name);
    let mut policy = find_policy(word_of(given, "policy"), route_of(given)?)?;
    if let Some(max_attempts) = count_of(given, "maxAttempts") {
        policy.max_attempts = max_attempts;
    }
    if let Some(max_wait_ms) = number("maxWaitMs") {
        policy.max_wait_ms = max_wait_ms;
    }
    let header = word_of(given, "retryAfter");
    let failure = Failure {
        code: ErrorCode::from_name(word_of(given, "code")).unwrap_or(ErrorCode::Network),
        status: status_of(given),
        is_unsent: is_true(given, "isUnsent"),
        retry_after_ms: read_retry_after_ms(header, number("now").unwrap_or_default()),
    };
    let attempt = count_of(given, "attempt").unwrap_or(1);
    let wait = policy.next_wait_ms(attempt, &failure, number("random").unwrap_or_default());
    out.open("", "{");
    out.text("outcome", failure.outcome().name());
    out.value("waitMs", wait.map_or(Value::None, Value::Float));
    out.close("}");
    Ok(())
}

fn status_of(given: &Value) -> Option<u16> {
    count_of(given, "status").and_then(|status| u16::try_from(status).ok())
}

/// Refuses a name that no retry policy has.
pub(super) fn check_retry_policy(
    name: &str,
    _: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    find_policy(name, Route::RunCode)?;
    out.raw("", "null");
    Ok(())
}

fn find_policy(name: &str, route: Route) -> Result<RetryPolicy, RunError> {
    RetryPolicy::from_name(name, route)
        .ok_or_else(|| RunError::not_one_of("retry", &RetryPolicy::NAMES, name))
}

/// The observation that a result gives.
pub(super) fn observe(_: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let observed = observation::observe(&read_phases(given)?);
    write_observation(&observed, out);
    Ok(())
}

pub(super) fn write_observation(observed: &observation::Observation, out: &mut Json) {
    out.open("", "{");
    out.text("text", &observed.text);
    out.flag("truncated", observed.truncated);
    out.close("}");
}

/// Whether the framework behind a profile reads the argument of a tool call.
pub(super) fn reads_arguments(
    profile: &str,
    _: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    out.flag("", profile::reads_arguments(profile));
    Ok(())
}

/// A text as Python reads its JSON: `{value}`, or `{message, position}` with the code point at which
/// its decoder stops, `null` where it does not say.
pub(super) fn read_python_json(
    source: &str,
    _: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    out.open("", "{");
    match loads(source) {
        Ok(value) => out.value("value", value),
        Err(JsonError::Decode {
            message, position, ..
        }) => {
            out.text("message", message);
            out.number("position", position);
        }
        Err(error) => {
            out.text("message", &error.message());
            out.raw("position", "null");
        }
    }
    out.close("}");
    Ok(())
}
