//! Profiles, as JSON text across the boundary: that costs less code than objects.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::convert::{from_js, invalid, throw, to_js, to_utf16};
use crate::error::RunError;
use crate::profile::apply::{Applied, apply};
use crate::profile::{self, Profile, Raised};
use crate::python::json::loads;
use crate::python::json_write::{Escape, dumps};
use crate::python::value::Value;

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    profile: &'static Profile,
    extracts: bool,
    observes: bool,
}

/// The profiles, as a JSON array.
#[wasm_bindgen]
#[must_use]
pub fn profiles() -> String {
    let listed = profile::profiles().map(|profile| Listed {
        profile,
        extracts: profile.extract.is_some(),
        observes: profile.observe.is_some(),
    });
    write(&listed.collect::<Vec<_>>())
}

/// What the framework behind a profile makes of `text`, as JSON, with spans in UTF-16 units.
#[wasm_bindgen(js_name = extractWith)]
pub fn extract_with(text: &str, name: &str, options: &str) -> Result<String, JsValue> {
    let options = read(options).map_err(refuse)?;
    let mut extracted = profile::extract_with(name, text, &options).map_err(refuse)?;
    let spans = extracted
        .programs
        .iter_mut()
        .filter_map(|program| program.span.as_mut());
    to_utf16(text, spans);
    Ok(write(&extracted))
}

/// What the framework behind a profile lets the model read of a result.
#[wasm_bindgen(js_name = observeWith)]
pub fn observe_with(result: JsValue, name: &str, options: &str) -> Result<JsValue, JsValue> {
    let options = read(options).map_err(refuse)?;
    let observed = profile::observe_with(name, &from_js(result)?, &options).map_err(refuse)?;
    to_js(&observed)
}

/// What one rule of a profile makes of JSON, as JSON: `{"value": …}`, `{"raised": …}` or
/// `{"needsPython": true}`.
#[wasm_bindgen(js_name = applyRule)]
pub fn apply_rule(rule: &str, input: &str, options: &str) -> Result<String, JsValue> {
    let [input, options] =
        [input, options].map(|json| loads(json).map_err(|e| refuse(invalid(e.to_string()))));
    let applied = apply(rule, &input?, &options?).map_err(refuse)?;
    let text = |text: &str| Value::Str(text.into());
    let (name, value) = match applied {
        Applied::Value(value) => ("value", value),
        Applied::NeedsPython => ("needsPython", Value::Bool(true)),
        Applied::Raised(Raised { kind, message }) => {
            let members = vec![
                (text("type"), text(kind)),
                (text("message"), text(&message)),
            ];
            ("raised", Value::Dict(members))
        }
    };
    let applied = Value::Dict(vec![(text(name), mark_infinite(value))]);
    // Nothing in it but what JSON has.
    Ok(dumps(&applied, Escape::Surrogates)
        .unwrap_or_default()
        .to_string_lossy())
}

/// Numbers that JSON lacks become `{"__float__": "inf"}`.
fn mark_infinite(value: Value) -> Value {
    match value {
        Value::Float(number) if !number.is_finite() => {
            let word = number.to_string().to_ascii_lowercase();
            Value::Dict(vec![(
                Value::Str("__float__".into()),
                Value::Str(word.into()),
            )])
        }
        Value::List(items) => Value::List(items.into_iter().map(mark_infinite).collect()),
        Value::Dict(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, item)| (key, mark_infinite(item)));
            Value::Dict(entries.collect())
        }
        other => other,
    }
}

fn refuse(error: RunError) -> JsValue {
    throw(&error, 0)
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, RunError> {
    serde_json::from_str(json).map_err(|error| invalid(error.to_string()))
}

fn write<T: Serialize + ?Sized>(value: &T) -> String {
    // Texts, numbers and lists alone: nothing that JSON refuses.
    serde_json::to_string(value).unwrap_or_default()
}
