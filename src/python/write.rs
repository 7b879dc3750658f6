//! Values as text: one writer for `repr`, for JSON, and for what keys are compared by.

use super::float;
use super::json_write::{DumpError, Escape};
use super::letters::is_printable;
use super::string::{PythonString, first_code_point};
use super::value::Value;

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As Python's `repr` does.
    Python,
    /// The same for bytes.
    Bytes,
    /// As `json.dumps` does.
    Json(Escape),
    /// So that keys have the same text where Python holds them for equal.
    Key,
}

impl Style {
    /// The words for `None`, true, false, what is no number, and what is infinite.
    const fn words(self) -> &'static [&'static str; 5] {
        match self {
            Self::Json(_) => &["null", "true", "false", "NaN", "Infinity"],
            Self::Key => &["None", "1", "0", "nan", "inf"],
            Self::Python | Self::Bytes => &["None", "True", "False", "nan", "inf"],
        }
    }

    /// Whether there is no text for a value: JSON has no sets, and a list is no key.
    const fn refuses(self, value: &Value) -> bool {
        match value {
            Value::List(_) | Value::Dict(_) => matches!(self, Self::Key),
            Value::Set(_) => matches!(self, Self::Key | Self::Json(_)),
            Value::Complex(..) | Value::Bytes(_) | Value::Other(_) => matches!(self, Self::Json(_)),
            _ => false,
        }
    }

    /// Whether a code point stands for itself.
    fn prints(self, point: u32) -> bool {
        match self {
            Self::Python => is_printable(point),
            Self::Bytes | Self::Json(Escape::NonAscii) => (0x20..0x7f).contains(&point),
            Self::Json(Escape::Surrogates) => point >= 0x20 && !(0xd800..0xe000).contains(&point),
            Self::Json(Escape::Nothing) | Self::Key => point >= 0x20,
        }
    }
}

/// What a list, dict, tuple or set consists of.
pub(super) struct Parts<'a> {
    pub(super) open: &'static str,
    pub(super) items: &'a [Value],
    pub(super) entries: &'a [(Value, Value)],
    pub(super) close: &'static str,
}

/// The parts of a value that has some.
pub(super) fn parts_of(value: &Value) -> Option<Parts<'_>> {
    let (open, items, entries, close): (_, &[_], &[_], _) = match value {
        Value::List(items) => ("[", items, &[], "]"),
        Value::Tuple(items) if items.len() == 1 => ("(", items, &[], ",)"),
        Value::Tuple(items) => ("(", items, &[], ")"),
        Value::Dict(entries) => ("{", &[], entries, "}"),
        Value::Set(items) if !items.is_empty() => ("{", items, &[], "}"),
        _ => return None,
    };
    Some(Parts {
        open,
        items,
        entries,
        close,
    })
}

impl<'a> Parts<'a> {
    /// The keys, which a list has not, and the values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<&'a Value>, &'a Value)> {
        let entries = self.entries.iter().map(|(key, item)| (Some(key), item));
        entries.chain(self.items.iter().map(|item| (None, item)))
    }
}

/// Writes a value.
pub(super) fn write(value: &Value, style: Style, out: &mut PythonString) -> Result<(), DumpError> {
    if style.refuses(value) {
        return Err(match value {
            Value::Other("int") => DumpError::Digits,
            _ => DumpError::Type(value.type_name()),
        });
    }
    let is_json = matches!(style, Style::Json(_));
    if let Some(parts) = parts_of(value) {
        // JSON has no tuples.
        let is_list = is_json && matches!(value, Value::Tuple(_));
        out.push_str(if is_list { "[" } else { parts.open });
        let mut between = "";
        for (key, item) in parts.iter() {
            out.push_str(between);
            if let Some(key) = key {
                write_key(key, style, out)?;
                out.push_str(": ");
            }
            write(item, style, out)?;
            between = ", ";
        }
        out.push_str(if is_list { "]" } else { parts.close });
        return Ok(());
    }
    let [none, yes, no, nan, infinite] = style.words();
    let number;
    let text: &str = match value {
        Value::None => none,
        Value::Bool(true) => yes,
        Value::Bool(false) => no,
        Value::Int(digits) => digits,
        Value::Float(float) => {
            let whole = float::whole_digits(*float).filter(|_| style == Style::Key);
            number = whole.unwrap_or_else(|| float::write(*float, nan, infinite));
            &number
        }
        Value::Complex(real, imaginary) => {
            if style == Style::Key && *imaginary == 0.0 {
                return write(&Value::Float(*real), style, out);
            }
            number = show_complex(*real, *imaginary);
            &number
        }
        Value::Str(text) => {
            write_quoted(text.as_bytes(), style, out);
            ""
        }
        Value::Bytes(bytes) => {
            out.push_str("b");
            write_quoted(bytes.as_bytes(), Style::Bytes, out);
            ""
        }
        Value::Other("ellipsis") => "Ellipsis",
        // Python raises an error for an int with this many digits.
        Value::Other(name) => name,
        _ => "set()",
    };
    out.push_str(text);
    Ok(())
}

/// Writes the key of a dict. In JSON it is a text, or a constant or number in quotes.
fn write_key(key: &Value, style: Style, out: &mut PythonString) -> Result<(), DumpError> {
    let quote = match (style, key) {
        (Style::Json(_), Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_)) => "\"",
        (Style::Json(_), key) if !matches!(key, Value::Str(_)) => {
            return Err(DumpError::Key(key.type_name()));
        }
        _ => "",
    };
    out.push_str(quote);
    write(key, style, out)?;
    out.push_str(quote);
    Ok(())
}

/// A complex number: its parts without `.0`, the real one only where it is not 0.
fn show_complex(real: f64, imaginary: f64) -> String {
    let part = |number| {
        let mut text = float::repr(number);
        if text.ends_with(".0") {
            text.truncate(text.len() - 2);
        }
        text
    };
    if real == 0.0 && real.is_sign_positive() {
        return part(imaginary) + "j";
    }
    let has_sign = imaginary.is_sign_negative() && !imaginary.is_nan();
    let sign = if has_sign { "" } else { "+" };
    ["(", &part(real), sign, &part(imaginary), "j)"].concat()
}

/// Writes code points in quotes, with escapes for those that do not stand for themselves.
pub(super) fn write_quoted(bytes: &[u8], style: Style, out: &mut PythonString) {
    let is_python = matches!(style, Style::Python | Style::Bytes);
    let quote = if is_python && (!bytes.contains(&b'\'') || bytes.contains(&b'"')) {
        b'\''
    } else {
        b'"'
    };
    // Most bytes stand for themselves and are copied in runs. A byte of 0xed may open a surrogate.
    let is_ascii = is_python || style == Style::Json(Escape::NonAscii);
    let is_plain = |byte: u8| match byte {
        0..0x20 | b'\\' => false,
        0x7f.. => !is_ascii && byte != 0xed,
        _ => byte != quote,
    };
    out.push(u32::from(quote));
    let mut rest = bytes;
    loop {
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
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            0x0c if !is_python => out.push_str("\\f"),
            0x08 if !is_python => out.push_str("\\b"),
            _ if point == 0x5c || point == u32::from(quote) => {
                out.push_str("\\");
                out.push(point);
            }
            _ if style.prints(point) => out.push(point),
            0..0x100 if is_python => out.push_escape("x", 2, point),
            0..0x10000 => out.push_escape("u", 4, point),
            _ if is_python => out.push_escape("U", 8, point),
            _ => {
                let offset = point - 0x10000;
                out.push_escape("u", 4, 0xd800 + (offset >> 10));
                out.push_escape("u", 4, 0xdc00 + (offset & 0x3ff));
            }
        }
    }
    out.push(u32::from(quote));
}
