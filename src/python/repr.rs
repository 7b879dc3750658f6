//! Python's `repr` and `str`.

use super::string::PythonString;
use super::value::Value;
use super::write::{Style, write, write_quoted};

/// Python's `repr()` of a text.
///
/// # Examples
///
/// ```
/// use fencerun::python::repr::repr_str;
/// assert_eq!(repr_str("it's\n"), "\"it's\\n\"");
/// assert_eq!(repr_str("\u{a0}é\u{7f}'\""), r#"'\xa0é\x7f\'"'"#);
/// ```
#[must_use]
pub fn repr_str(text: &str) -> String {
    repr_bytes(text.as_bytes()).to_string_lossy()
}

/// `repr()` of the bytes of a [`PythonString`].
pub(crate) fn repr_bytes(bytes: &[u8]) -> PythonString {
    let mut out = PythonString::new();
    write_quoted(bytes, Style::Python, &mut out);
    out
}

/// Python's `repr()` of a value.
#[must_use]
pub fn repr(value: &Value) -> PythonString {
    let mut out = PythonString::new();
    // Every value has a `repr`.
    let _ = write(value, Style::Python, &mut out);
    out
}

/// Python's `str()` of a value.
#[must_use]
pub fn str(value: &Value) -> PythonString {
    match value {
        Value::Str(text) => text.clone(),
        _ => repr(value),
    }
}
