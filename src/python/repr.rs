//! Python's `repr` and `str`.

use super::float;
use super::letters::is_printable;
use super::string::{PythonString, code_points};
use super::value::Value;

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
    write_quoted(bytes, is_printable, &mut out);
    out
}

/// Code points in quotes, with escapes for those that are not printed as they are.
fn write_quoted(bytes: &[u8], is_printed: fn(u32) -> bool, out: &mut PythonString) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    out.push(u32::from(quote));
    for point in code_points(bytes) {
        match point {
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            0x5c => out.push_str("\\\\"),
            _ if point == u32::from(quote) => {
                out.push_str("\\");
                out.push(point);
            }
            _ if is_printed(point) => out.push(point),
            _ => {
                let (letter, digits) = match point {
                    0..0x100 => ("x", 2),
                    0x100..0x10000 => ("u", 4),
                    _ => ("U", 8),
                };
                out.push_escape(letter, digits, point);
            }
        }
    }
    out.push(u32::from(quote));
}

/// Python's `repr()` of a value.
#[must_use]
pub fn repr(value: &Value) -> PythonString {
    let mut out = PythonString::new();
    write_repr(value, &mut out);
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

fn write_repr(value: &Value, out: &mut PythonString) {
    match value {
        Value::None => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(digits) => out.push_str(digits),
        Value::Float(number) => out.push_str(&float::repr(*number)),
        Value::Str(text) => out.push_bytes(repr_bytes(text.as_bytes()).as_bytes()),
        Value::List(items) => write_items(items, "[", "]", out),
        Value::Tuple(items) => {
            let close = if items.len() == 1 { ",)" } else { ")" };
            write_items(items, "(", close, out);
        }
        Value::Dict(entries) => {
            out.push_str("{");
            for (index, (key, item)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_repr(key, out);
                out.push_str(": ");
                write_repr(item, out);
            }
            out.push_str("}");
        }
        Value::Complex(real, imaginary) => write_complex(*real, *imaginary, out),
        Value::Bytes(bytes) => {
            out.push_str("b");
            write_quoted(bytes.as_bytes(), |point| (0x20..0x7f).contains(&point), out);
        }
        Value::Set(items) if items.is_empty() => out.push_str("set()"),
        Value::Set(items) => write_items(items, "{", "}", out),
        Value::Other("ellipsis") => out.push_str("Ellipsis"),
        // Python raises an error for an int with this many digits.
        Value::Other(name) => out.push_str(name),
    }
}

/// A complex number: its parts without `.0`, the real one only where it is not 0.
fn write_complex(real: f64, imaginary: f64, out: &mut PythonString) {
    let part = |number| {
        let text = float::repr(number);
        text.strip_suffix(".0").unwrap_or(&text).to_owned()
    };
    if real == 0.0 && real.is_sign_positive() {
        out.push_str(&(part(imaginary) + "j"));
        return;
    }
    let sign = if imaginary.is_sign_negative() && !imaginary.is_nan() {
        ""
    } else {
        "+"
    };
    for part in ["(", &part(real), sign, &part(imaginary), "j)"] {
        out.push_str(part);
    }
}

fn write_items(items: &[Value], open: &str, close: &str, out: &mut PythonString) {
    out.push_str(open);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        write_repr(item, out);
    }
    out.push_str(close);
}
