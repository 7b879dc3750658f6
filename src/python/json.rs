//! Python's `json.loads`, with its extensions and its exact error messages
//! (`Modules/_json.c` and `Lib/json/decoder.py` of CPython 3.11).

use super::decimal::nearest;
use super::integer::{MAX_DIGITS, normalize};
use super::repair::Repairs;
use super::scanner::{Fault, Grammar, Role, Scanner};
use super::string::count_code_points;
use super::text::text_from;
use super::value::Value;
use std::fmt;

/// Why a text is not JSON to Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonError {
    /// `json.JSONDecodeError`
    Decode {
        /// What was expected, in Python's words.
        message: &'static str,
        /// The line, from 1; only `\n` ends one.
        line: usize,
        /// The column in code points, from 1.
        column: usize,
        /// The position in code points, from 0.
        position: usize,
    },
    /// `ValueError`: more digits than Python turns into an int.
    Digits(usize),
    /// `RecursionError`: what was being decoded when it nested too deep.
    Depth(&'static str),
}

impl JsonError {
    /// The name of Python's exception.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Decode { .. } => "JSONDecodeError",
            Self::Digits(_) => "ValueError",
            Self::Depth(_) => "RecursionError",
        }
    }

    /// What Python says. Where no [`fmt::Display`] is asked for it, its machinery stays out of the
    /// WebAssembly.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Decode {
                message,
                line,
                column,
                position,
            } => {
                let mut text = (*message).to_owned();
                let parts = [
                    (": line ", line),
                    (" column ", column),
                    (" (char ", position),
                ];
                for (before, number) in parts {
                    text.push_str(before);
                    text.push_str(&number.to_string());
                }
                text + ")"
            }
            // The limit is `MAX_DIGITS`.
            Self::Digits(count) => {
                let before =
                    "Exceeds the limit (4300 digits) for integer string conversion: value has ";
                let behind = " digits; use sys.set_int_max_str_digits() to increase the limit";
                [before, &count.to_string(), behind].concat()
            }
            Self::Depth(what) => {
                let before = "maximum recursion depth exceeded while decoding a JSON ";
                [before, what, " from a unicode string"].concat()
            }
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for JsonError {}

/// The value of a JSON text, as `json.loads` reads it.
///
/// # Errors
///
/// Whatever `json.loads` raises.
///
/// # Examples
///
/// ```
/// use fencerun::python::json::loads;
/// assert!(loads(r#"{"a": NaN, "a": 123456789012345678901234567890}"#).is_ok());
/// let error = loads("{\"a\":\n}").map_err(|error| error.to_string());
/// assert_eq!(error, Err("Expecting value: line 2 column 1 (char 6)".to_owned()));
/// ```
pub fn loads(text: &str) -> Result<Value, JsonError> {
    loads_bytes(text.as_bytes())
}

/// [`loads`] with `strict=False`: control characters may stand in strings.
///
/// # Errors
///
/// Whatever `json.loads` raises.
pub fn loads_lax(text: &str) -> Result<Value, JsonError> {
    let mut scanner = Scanner::new(text.as_bytes(), Grammar::Json);
    scanner.is_lax = true;
    scanner.document().ok_or_else(|| scanner.explain())
}

/// [`loads`] of the bytes of a [`PythonString`].
pub(crate) fn loads_bytes(bytes: &[u8]) -> Result<Value, JsonError> {
    let mut scanner = Scanner::new(bytes, Grammar::Json);
    scanner.document().ok_or_else(|| scanner.explain())
}

/// The value of a JSON text with faults that have one sensible reading, and what was repaired;
/// `None` when there is no such reading.
#[must_use]
pub fn loads_leniently(text: &str) -> Option<(Value, Repairs)> {
    let mut scanner = Scanner::new(text.as_bytes(), Grammar::Json);
    scanner.repairs = Some(Repairs::default());
    let value = scanner.document()?;
    Some((value, scanner.repairs.unwrap_or_default()))
}

impl Scanner<'_> {
    fn explain(&self) -> JsonError {
        match self.fault {
            Fault::Digits(count) => JsonError::Digits(count),
            Fault::Depth(what) => JsonError::Depth(what),
            Fault::At(message, byte) => {
                let before = self.bytes.get(..byte).unwrap_or(self.bytes);
                let (mut line, mut start) = (1, 0);
                for (at, byte) in before.iter().enumerate() {
                    if *byte == b'\n' {
                        line += 1;
                        start = at + 1;
                    }
                }
                JsonError::Decode {
                    message,
                    line,
                    column: 1 + count_code_points(before.get(start..).unwrap_or_default()),
                    position: count_code_points(before),
                }
            }
        }
    }

    fn document(&mut self) -> Option<Value> {
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            return self.fail("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0);
        }
        self.skip_json_space();
        let value = self.value(Role::Document)?;
        self.skip_json_space();
        if self.at < self.bytes.len() {
            return self.fail("Extra data", self.at);
        }
        Some(value)
    }

    pub(super) fn skip_json_space(&mut self) {
        self.at = skip_space(self.bytes, self.at);
    }

    /// A constant or a number.
    pub(super) fn json_word(&mut self) -> Option<Value> {
        let constant = match self.peek() {
            b'0'..=b'9' => None,
            _ => self.constant(),
        };
        constant.or_else(|| self.json_number())
    }

    /// Steps over digits, if there are any, and the underscores among those of Python.
    pub(super) fn skip_digits(&mut self) -> bool {
        let start = self.at;
        let is_python = self.is(Grammar::Literal);
        while self.peek().is_ascii_digit() || is_python && self.peek() == b'_' {
            self.at += 1;
        }
        self.at > start
    }

    /// Steps over a point with digits behind it, which Python does not need, and over an exponent, if there is either.
    pub(super) fn skip_fraction(&mut self) -> bool {
        let whole_end = self.at;
        if self.take(".") && !self.skip_digits() && !self.is(Grammar::Literal) {
            self.at = whole_end;
        }
        let fraction_end = self.at;
        if self.take("e") || self.take("E") {
            let _ = self.take("+") || self.take("-");
            if !self.skip_digits() {
                self.at = fraction_end;
            }
        }
        self.at > whole_end
    }

    fn json_number(&mut self) -> Option<Value> {
        let start = self.at;
        let sign = if self.take("-") { "-" } else { "" };
        let whole = self.at;
        if !self.take("0") && !self.skip_digits() {
            return self.fail("Expecting value", start);
        }
        let digits = self.at - whole;
        let is_float = self.skip_fraction();
        let text = self.text_since(start);
        if is_float {
            return Some(Value::Float(nearest(text)));
        }
        if digits > MAX_DIGITS {
            self.note(Fault::Digits(digits));
            return None;
        }
        Some(Value::Int(normalize(sign, text_from(text, sign.len()))))
    }

    /// Whether the quote that the scanner stands on ends its string: what follows must be able to
    /// follow a string in this role. It looks no further than the second next quote, so that
    /// reading stays linear.
    pub(super) fn is_closing_quote(&self, quote: u8, role: Role) -> bool {
        let next = |from| skip_space(self.bytes, from);
        let byte = |at: usize| self.bytes.get(at).copied();
        let after = next(self.at + 1);
        match (byte(after), role) {
            (None, _) | (Some(b':'), Role::Key) => true,
            (Some(b'}'), Role::Member) | (Some(b']'), Role::Item) => {
                let behind = byte(next(after + 1));
                matches!(behind, None | Some(b',' | b'}' | b']'))
            }
            (Some(b','), Role::Member | Role::Item) => {
                let following = next(after + 1);
                let closes = |byte| matches!(byte, Some(b'}' | b']'));
                if byte(following) != Some(quote) {
                    return closes(byte(following)) || role == Role::Item;
                }
                let name = self.bytes.get(following + 1..).unwrap_or_default();
                let length = name.iter().position(|&byte| byte == quote);
                let behind = length.and_then(|length| byte(next(following + length + 2)));
                match role {
                    Role::Item => matches!(behind, Some(b',' | b']')),
                    _ => behind == Some(b':'),
                }
            }
            _ => false,
        }
    }
}

fn skip_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    from + rest.iter().take_while(is_space).count()
}
