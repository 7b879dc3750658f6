//! JSON across the boundary: what is given is read by Python's reader, which the core has anyway;
//! what is answered is written member by member, without values in between.

use crate::python::json_write::{Escape, dumps, write_string};
use crate::python::string::PythonString;
use crate::python::value::Value;

/// JSON in the making. What stands in a list, or alone, has an empty name.
#[derive(Debug, Default)]
pub(super) struct Json(PythonString);

impl Json {
    /// Begins a member: a comma, unless it is the first, and its name.
    pub(super) fn name(&mut self, name: &str) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push_str(",");
        }
        if !name.is_empty() {
            write_string(name.as_bytes(), Escape::Surrogates, &mut self.0);
            self.0.push_str(":");
        }
    }

    /// Begins an object or a list.
    pub(super) fn open(&mut self, name: &str, bracket: &str) {
        self.raw(name, bracket);
    }

    /// Ends it.
    pub(super) fn close(&mut self, bracket: &str) {
        self.0.push_str(bracket);
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.bytes(name, text.as_bytes());
    }

    /// A text, or null.
    pub(super) fn text_or_null(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.raw(name, "null"),
        }
    }

    pub(super) fn string(&mut self, name: &str, string: &PythonString) {
        self.bytes(name, string.as_bytes());
    }

    pub(super) fn number(&mut self, name: &str, number: usize) {
        self.raw(name, &number.to_string());
    }

    pub(super) fn flag(&mut self, name: &str, flag: bool) {
        self.raw(name, if flag { "true" } else { "false" });
    }

    /// A value, with null for the numbers that JSON lacks.
    pub(super) fn value(&mut self, name: &str, mut value: Value) {
        replace_all(&mut value, |value| match value {
            Value::Float(number) if !number.is_finite() => Some(Value::None),
            _ => None,
        });
        // Nothing in it but what JSON has.
        let json = dumps(&value, Escape::Surrogates).unwrap_or_default();
        self.name(name);
        self.0.push_bytes(json.as_bytes());
    }

    /// JSON as it is.
    #[inline(never)]
    pub(super) fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    #[inline(never)]
    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.name(name);
        write_string(bytes, Escape::Surrogates, &mut self.0);
    }

    pub(super) fn into_text(self) -> String {
        self.0.to_string_lossy()
    }
}

/// Puts what `replace` gives in the place of a value, or of those in it.
pub(super) fn replace_all(value: &mut Value, replace: fn(&Value) -> Option<Value>) {
    if let Some(other) = replace(value) {
        *value = other;
        return;
    }
    match value {
        Value::List(items) | Value::Tuple(items) => {
            for item in items {
                replace_all(item, replace);
            }
        }
        Value::Dict(entries) => {
            for (_, item) in entries {
                replace_all(item, replace);
            }
        }
        _ => {}
    }
}

/// A text in place of a number that JSON or JavaScript lacks: `{"__float__": "inf"}`.
pub(super) fn mark(name: &str, digits: String) -> Option<Value> {
    let entry = (Value::Str(name.into()), Value::Str(digits.into()));
    Some(Value::Dict(vec![entry]))
}
