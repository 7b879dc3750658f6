//! Values across the boundary as JSON text: the core has Python's JSON anyway, and JavaScript's own
//! parser makes objects of it faster than calls across the boundary could.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{invalid, throw};
use crate::python::json::loads;
use crate::python::json_write::{Escape, dumps};
use crate::python::string::PythonString;
use crate::python::value::Value;

// Declared here, as the crate js-sys brings what promises and closures need, and does not let go of it.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(json: &str) -> Result<JsValue, JsValue>;

    /// `undefined` for what JSON does not have.
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// A value as a JavaScript object.
pub(super) fn to_js(value: Value) -> Result<JsValue, JsValue> {
    parse(&write(value))
}

/// A JavaScript object as a value.
pub(super) fn from_js(value: &JsValue) -> Result<Value, JsValue> {
    let json = stringify(value)?.as_string();
    json.map_or(Ok(Value::None), |json| read(&json))
}

/// What is there, or `null`.
pub(super) fn or_null(value: Option<Value>) -> Value {
    value.unwrap_or(Value::None)
}

pub(super) fn text(text: impl Into<PythonString>) -> Value {
    Value::Str(text.into())
}

pub(super) fn number(value: impl ToString) -> Value {
    Value::Int(value.to_string())
}

pub(super) fn object<const N: usize>(mut members: [(&str, Value); N]) -> Value {
    build_object(&mut members)
}

/// One body for objects of every size.
fn build_object(members: &mut [(&str, Value)]) -> Value {
    let take = |(name, value): &mut (&str, Value)| {
        let value = std::mem::replace(value, Value::None);
        (text(*name), value)
    };
    Value::Dict(members.iter_mut().map(take).collect())
}

pub(super) fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::List(items.collect())
}

/// JSON that JavaScript reads: without the numbers that JSON lacks.
pub(super) fn write(mut value: Value) -> String {
    drop_infinite(&mut value);
    // Nothing in it but what JSON has.
    let json = dumps(&value, Escape::Surrogates).unwrap_or_default();
    json.to_string_lossy()
}

fn drop_infinite(value: &mut Value) {
    match value {
        Value::Float(number) if !number.is_finite() => *value = Value::None,
        Value::List(items) => items.iter_mut().for_each(drop_infinite),
        Value::Dict(entries) => entries.iter_mut().for_each(|(_, item)| drop_infinite(item)),
        _ => {}
    }
}

pub(super) fn read(json: &str) -> Result<Value, JsValue> {
    loads(json).map_err(|error| throw(&invalid(error.to_string()), 0))
}

pub(super) fn string_of(value: Option<&Value>) -> PythonString {
    match value {
        Some(Value::Str(text)) => text.clone(),
        _ => PythonString::new(),
    }
}

pub(super) fn whole_of(value: Option<&Value>, default: i64) -> i64 {
    match value {
        Some(Value::Int(digits)) => digits.parse().unwrap_or(i64::MAX),
        _ => default,
    }
}
