//! What is given, member by member: what is missing or of another kind counts as not given.

use super::error::invalid;
use crate::error::RunError;
use crate::python::integer::parse_small;
use crate::python::json::loads;
use crate::python::string::PythonString;
use crate::python::value::Value;

/// What is given as JSON.
#[inline(never)]
pub(super) fn read_json(json: &str) -> Result<Value, RunError> {
    loads(json).map_err(|error| invalid(error.message()))
}

/// A text without lone surrogates; empty where there is none.
pub(super) fn word_of<'a>(given: &'a Value, name: &str) -> &'a str {
    given.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A text without lone surrogates.
pub(super) fn text_of(given: &Value, name: &str) -> Option<String> {
    given.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// A text as Python has it; empty where there is none.
pub(super) fn string_of(given: &Value, name: &str) -> PythonString {
    to_string(given.get(name))
}

/// The same, as its bytes.
pub(super) fn bytes_of<'a>(given: &'a Value, name: &str) -> &'a [u8] {
    match given.get(name) {
        Some(Value::Str(text)) => text.as_bytes(),
        _ => b"",
    }
}

pub(super) fn to_string(value: Option<&Value>) -> PythonString {
    match value {
        Some(Value::Str(text)) => text.clone(),
        _ => PythonString::new(),
    }
}

pub(super) fn is_true(given: &Value, name: &str) -> bool {
    given.get(name).is_some_and(Value::is_true)
}

pub(super) fn number_of(given: &Value, name: &str) -> Option<f64> {
    given.get(name).and_then(Value::as_number)
}

/// A number of ours from 0 on, without what comes behind its point.
pub(super) fn count_of(given: &Value, name: &str) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the nearest that fits"
    )]
    number_of(given, name).map(|number| number as u32)
}

/// A whole number, the nearest that fits.
pub(super) fn whole_of(given: &Value, name: &str, default: i64) -> i64 {
    match given.get(name) {
        Some(Value::Int(digits)) => parse_small(digits).unwrap_or(i64::MAX),
        _ => default,
    }
}

pub(super) fn list_of<'a>(given: &'a Value, name: &str) -> &'a [Value] {
    given.get(name).and_then(Value::as_list).unwrap_or_default()
}

/// A text in place of a number that JSON or JavaScript lacks: `{"__float__": "inf"}`.
pub(super) fn mark(name: &str, digits: String) -> Option<Value> {
    let entry = (Value::Str(name.into()), Value::Str(digits.into()));
    Some(Value::Dict(vec![entry]))
}
