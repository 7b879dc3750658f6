//! Python's `json.dumps` with its default separators.

use std::fmt;

use super::string::PythonString;
use super::value::Value;
use super::write::{Style, write, write_quoted};

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
            // The limit is `MAX_DIGITS`.
            Self::Digits => "Exceeds the limit (4300 digits) for integer string conversion; \
                             use sys.set_int_max_str_digits() to increase the limit"
                .to_owned(),
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
    write(value, Style::Json(escape), &mut out)?;
    Ok(out)
}

/// Writes a string with its quotes.
pub(crate) fn write_string(bytes: &[u8], escape: Escape, out: &mut PythonString) {
    write_quoted(bytes, Style::Json(escape), out);
}
