//! Python's `json.dumps` with its default separators.

use std::fmt;

use super::float;
use super::integer::MAX_DIGITS;
use super::string::{PythonString, first_code_point};
use super::value::Value;

/// What is escaped beyond quotes, backslashes and control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Nothing: Python's `ensure_ascii=False`.
    Nothing,
    /// Lone surrogates, so that the text is UTF-8.
    Surrogates,
    /// Everything outside of printable ASCII: Python's default.
    NonAscii,
}

/// Why Python cannot write a value as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DumpError {
    /// `TypeError`: no JSON stands for a value of this type.
    Type(&'static str),
    /// `TypeError`: a value of this type cannot be a key.
    Key(&'static str),
    /// `ValueError`: an int with more digits than Python writes.
    Digits,
}

impl DumpError {
    /// What Python says.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Type(name) => ["Object of type ", name, " is not JSON serializable"].concat(),
            Self::Key(name) => ["keys must be str, int, float, bool or None, not ", name].concat(),
            Self::Digits => {
                let limit = MAX_DIGITS.to_string();
                let behind = " digits) for integer string conversion; use \
                              sys.set_int_max_str_digits() to increase the limit";
                ["Exceeds the limit (", &limit, behind].concat()
            }
        }
    }
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for DumpError {}

/// The JSON text of a value, as `json.dumps` writes it.
///
/// # Errors
///
/// Whatever `json.dumps` raises.
///
/// # Examples
///
/// ```
/// use fencerun::python::json::loads;
/// use fencerun::python::json_write::{Escape, dumps};
/// let value = loads(r#"{"é":[1.10,1e-7,NaN]}"#)?;
/// assert_eq!(dumps(&value, Escape::Nothing)?, r#"{"é": [1.1, 1e-07, NaN]}"#);
/// assert_eq!(dumps(&value, Escape::NonAscii)?, r#"{"\u00e9": [1.1, 1e-07, NaN]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dumps(value: &Value, escape: Escape) -> Result<PythonString, DumpError> {
    let mut out = PythonString::new();
    write(value, escape, &mut out)?;
    Ok(out)
}

fn write(value: &Value, escape: Escape, out: &mut PythonString) -> Result<(), DumpError> {
    match value {
        Value::Str(text) => write_string(text.as_bytes(), escape, out),
        Value::List(items) | Value::Tuple(items) => {
            out.push_str("[");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(item, escape, out)?;
            }
            out.push_str("]");
        }
        Value::Dict(entries) => {
            out.push_str("{");
            for (index, (key, item)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                if let Value::Str(text) = key {
                    write_string(text.as_bytes(), escape, out);
                } else {
                    let text = plain_text(key).ok_or(DumpError::Key(key.type_name()))?;
                    write_string(text.as_bytes(), escape, out);
                }
                out.push_str(": ");
                write(item, escape, out)?;
            }
            out.push_str("}");
        }
        Value::Other("int") => return Err(DumpError::Digits),
        _ => match plain_text(value) {
            Some(text) => out.push_str(&text),
            None => return Err(DumpError::Type(value.type_name())),
        },
    }
    Ok(())
}

/// The text of a constant or a number, as a value and, in quotes, as a key.
fn plain_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "null".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Int(digits) => digits.clone(),
        Value::Float(number) if number.is_nan() => "NaN".to_owned(),
        Value::Float(f64::INFINITY) => "Infinity".to_owned(),
        Value::Float(f64::NEG_INFINITY) => "-Infinity".to_owned(),
        Value::Float(number) => float::repr(*number),
        _ => return None,
    })
}

/// Writes a string with its quotes.
pub(crate) fn write_string(bytes: &[u8], escape: Escape, out: &mut PythonString) {
    // Most bytes stand for themselves and are copied in runs. A byte of 0xed may open a surrogate.
    let is_plain = |byte: u8| match byte {
        b'"' | b'\\' | 0..0x20 => false,
        0x7f.. => match escape {
            Escape::Nothing => true,
            Escape::Surrogates => byte != 0xed,
            Escape::NonAscii => false,
        },
        _ => true,
    };
    out.push_str("\"");
    let mut rest = bytes;
    while !rest.is_empty() {
        let run = rest.iter().position(|byte| !is_plain(*byte));
        let (plain, other) = rest
            .split_at_checked(run.unwrap_or(rest.len()))
            .unwrap_or_default();
        out.push_bytes(plain);
        let Some((point, length)) = first_code_point(other) else {
            break;
        };
        rest = other.get(length..).unwrap_or_default();
        match point {
            0x22 => out.push_str("\\\""),
            0x5c => out.push_str("\\\\"),
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            0x0c => out.push_str("\\f"),
            0x08 => out.push_str("\\b"),
            0..0x20 => out.push_escape("u", 4, point),
            0xd800..0xe000 if escape == Escape::Surrogates => out.push_escape("u", 4, point),
            0x7f.. if escape == Escape::NonAscii => match point.checked_sub(0x10000) {
                None => out.push_escape("u", 4, point),
                Some(offset) => {
                    out.push_escape("u", 4, 0xd800 + (offset >> 10));
                    out.push_escape("u", 4, 0xdc00 + (offset & 0x3ff));
                }
            },
            _ => out.push(point),
        }
    }
    out.push_str("\"");
}
