//! JSON in the making, member by member, without values in between: bodies of requests, and what
//! crosses to JavaScript.

use crate::python::json_write::{Escape, dumps, write_string};
use crate::python::string::PythonString;
use crate::python::value::Value;

/// JSON in the making, with Python's separators. What stands in a list, or alone, has an empty name.
#[derive(Debug, Default)]
pub(crate) struct Json(PythonString);

impl Json {
    /// Begins a member: a comma, unless it is the first, and its name.
    pub(crate) fn name(&mut self, name: &str) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b' ')) {
            self.0.push_str(", ");
        }
        if !name.is_empty() {
            write_string(name.as_bytes(), Escape::Surrogates, &mut self.0);
            self.0.push_str(": ");
        }
    }

    /// Begins an object or a list.
    pub(crate) fn open(&mut self, name: &str, bracket: &str) {
        self.raw(name, bracket);
    }

    /// Ends it.
    pub(crate) fn close(&mut self, bracket: &str) {
        self.0.push_str(bracket);
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.bytes(name, text.as_bytes());
    }

    /// A text under whatever name, an empty one too.
    pub(crate) fn entry(&mut self, name: &str, text: &str) {
        self.text("", name);
        self.0.push_str(": ");
        write_string(text.as_bytes(), Escape::Surrogates, &mut self.0);
    }

    /// A text, or null.
    pub(crate) fn text_or_null(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.raw(name, "null"),
        }
    }

    #[cfg(feature = "js")]
    pub(crate) fn string(&mut self, name: &str, string: &PythonString) {
        self.bytes(name, string.as_bytes());
    }

    pub(crate) fn number(&mut self, name: &str, number: usize) {
        self.raw(name, &number.to_string());
    }

    pub(crate) fn flag(&mut self, name: &str, flag: bool) {
        self.raw(name, if flag { "true" } else { "false" });
    }

    /// A value, with null for the numbers that JSON lacks.
    pub(crate) fn value(&mut self, name: &str, mut value: Value) {
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
    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    #[inline(never)]
    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.name(name);
        write_string(bytes, Escape::Surrogates, &mut self.0);
    }

    pub(crate) fn into_text(self) -> String {
        self.0.to_string_lossy()
    }
}

/// Puts what `replace` gives in the place of a value, or of those in it.
pub(crate) fn replace_all(value: &mut Value, replace: fn(&Value) -> Option<Value>) {
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
