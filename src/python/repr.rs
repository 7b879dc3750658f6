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
            _ if is_printable(point) => out.push(point),
            _ => {
                let (letter, width) = match point {
                    0..0x100 => ('x', 2),
                    0x100..0x10000 => ('u', 4),
                    _ => ('U', 8),
                };
                out.push_str(&format!("\\{letter}{point:0width$x}"));
            }
        }
    }
    out.push(u32::from(quote));
    out
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
        // Literals alone give these, and nothing writes the repr of a literal.
        Value::Complex(..) | Value::Other(_) => out.push_str(value.type_name()),
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
