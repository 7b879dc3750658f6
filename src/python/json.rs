//! Python's `json.loads`, with its extensions and its exact error messages
//! (`Modules/_json.c` and `Lib/json/decoder.py` of CPython 3.11).

use super::text::strip_start_of;
use std::fmt;

use super::float::parse_json_number;
use super::integer::{MAX_DIGITS, normalize};
use super::repair::{Repair, Repairs};
use super::string::{PythonString, count_code_points};
use super::value::{DictBuilder, Value};

/// How deep arrays and objects may nest. Python stops at its recursion limit of 1000, less the
/// depth of the call itself.
const MAX_DEPTH: usize = 985;

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
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode {
                message,
                line,
                column,
                position,
            } => {
                write!(
                    f,
                    "{message}: line {line} column {column} (char {position})"
                )
            }
            Self::Digits(count) => write!(
                f,
                "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has \
                 {count} digits; use sys.set_int_max_str_digits() to increase the limit"
            ),
            Self::Depth(what) => write!(
                f,
                "maximum recursion depth exceeded while decoding a JSON {what} from a unicode string"
            ),
        }
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
    let mut scanner = Scanner::new(text.as_bytes(), None);
    scanner.is_lax = true;
    scanner.document().map_err(|fault| scanner.explain(fault))
}

/// [`loads`] of the bytes of a [`PythonString`].
pub(crate) fn loads_bytes(bytes: &[u8]) -> Result<Value, JsonError> {
    let mut scanner = Scanner::new(bytes, None);
    scanner.document().map_err(|fault| scanner.explain(fault))
}

/// The value of a JSON text with faults that have one sensible reading, and what was repaired;
/// `None` when there is no such reading.
#[must_use]
pub fn loads_leniently(text: &str) -> Option<(Value, Repairs)> {
    let mut scanner = Scanner::new(text.as_bytes(), Some(Repairs::default()));
    let value = scanner.document().ok()?;
    Some((value, scanner.repairs.unwrap_or_default()))
}

enum Fault {
    /// A message and the byte it is about.
    At(&'static str, usize),
    Digits(usize),
    Depth(&'static str),
}

const EXPECTING_VALUE: &str = "Expecting value";
const EXPECTING_NAME: &str = "Expecting property name enclosed in double quotes";

/// Where a string stands, which says what may follow it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Key,
    Member,
    Item,
    Document,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// What was repaired so far; `None` to repair nothing.
    repairs: Option<Repairs>,
    /// Whether control characters may stand in strings: Python's `strict=False`.
    is_lax: bool,
}

impl<'a> Scanner<'a> {
    const fn new(bytes: &'a [u8], repairs: Option<Repairs>) -> Self {
        Self {
            bytes,
            at: 0,
            depth: 0,
            repairs,
            is_lax: false,
        }
    }

    fn explain(&self, fault: Fault) -> JsonError {
        match fault {
            Fault::Digits(count) => JsonError::Digits(count),
            Fault::Depth(what) => JsonError::Depth(what),
            Fault::At(message, byte) => {
                let before = self.bytes.get(..byte).unwrap_or(self.bytes);
                let mut lines = before.split(|&byte| byte == b'\n');
                let last = lines.next_back().unwrap_or_default();
                JsonError::Decode {
                    message,
                    line: 1 + lines.count(),
                    column: 1 + count_code_points(last),
                    position: count_code_points(before),
                }
            }
        }
    }

    fn document(&mut self) -> Result<Value, Fault> {
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            return Err(Fault::At(
                "Unexpected UTF-8 BOM (decode using utf-8-sig)",
                0,
            ));
        }
        self.skip_space();
        let value = self.value(Role::Document)?;
        self.skip_space();
        if self.at < self.bytes.len() {
            return Err(Fault::At("Extra data", self.at));
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        self.at = skip_space(self.bytes, self.at);
    }

    /// Whether a fault can be passed over; if so it is noted.
    fn repair(&mut self, repair: Repair) -> bool {
        match &mut self.repairs {
            Some(repairs) => {
                repairs.add(repair);
                true
            }
            None => false,
        }
    }

    fn value(&mut self, role: Role) -> Result<Value, Fault> {
        match self.peek() {
            Some(b'"') => self.string(b'"', role).map(Value::Str),
            Some(b'{') => self.nested("object", Self::object),
            Some(b'[') => self.nested("array", Self::array),
            Some(b'\'') if self.repair(Repair::SingleQuotes) => {
                self.string(b'\'', role).map(Value::Str)
            }
            _ => match self.constant() {
                Some(value) => Ok(value),
                None => self.number(),
            },
        }
    }

    fn nested(
        &mut self,
        what: &'static str,
        read: fn(&mut Self) -> Result<Value, Fault>,
    ) -> Result<Value, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::Depth(what));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.at += 1;
        self.depth -= 1;
        Ok(value)
    }

    /// The members of an object, up to its closing brace.
    fn object(&mut self) -> Result<Value, Fault> {
        let mut dict = DictBuilder::default();
        self.skip_space();
        if self.peek() == Some(b'}') {
            return Ok(dict.build());
        }
        loop {
            let key = match self.peek() {
                Some(b'"') => self.string(b'"', Role::Key)?,
                Some(b'\'') if self.repair(Repair::SingleQuotes) => {
                    self.string(b'\'', Role::Key)?
                }
                _ => return Err(Fault::At(EXPECTING_NAME, self.at)),
            };
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(Fault::At("Expecting ':' delimiter", self.at));
            }
            self.at += 1;
            self.skip_space();
            let value = self.value(Role::Member)?;
            dict.insert_text(key, value);
            if self.is_last(b'}')? {
                return Ok(dict.build());
            }
        }
    }

    /// The items of an array, up to its closing bracket.
    fn array(&mut self) -> Result<Value, Fault> {
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(Role::Item)?);
            if self.is_last(b']')? {
                return Ok(Value::List(items));
            }
        }
    }

    /// Steps over the comma behind a member; true in front of the closing bracket.
    fn is_last(&mut self, close: u8) -> Result<bool, Fault> {
        self.skip_space();
        if self.peek() == Some(close) {
            return Ok(true);
        }
        if self.peek() != Some(b',') {
            return Err(Fault::At("Expecting ',' delimiter", self.at));
        }
        self.at += 1;
        self.skip_space();
        Ok(self.peek() == Some(close) && self.repair(Repair::TrailingComma))
    }

    fn constant(&mut self) -> Option<Value> {
        let rest = self.bytes.get(self.at..)?;
        let (word, value, repair) = match rest.first()? {
            b'n' => ("null", Value::None, false),
            b't' => ("true", Value::Bool(true), false),
            b'f' => ("false", Value::Bool(false), false),
            b'I' => ("Infinity", Value::Float(f64::INFINITY), false),
            b'-' => ("-Infinity", Value::Float(f64::NEG_INFINITY), false),
            b'N' if rest.starts_with(b"None") => ("None", Value::None, true),
            b'N' => ("NaN", Value::Float(f64::NAN), false),
            b'T' => ("True", Value::Bool(true), true),
            b'F' => ("False", Value::Bool(false), true),
            _ => return None,
        };
        if !rest.starts_with(word.as_bytes()) || repair && !self.repair(Repair::PythonConstant) {
            return None;
        }
        self.at += word.len();
        Some(value)
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        let digits = |from: usize| {
            let rest = self.bytes.get(from..).unwrap_or_default();
            from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        let byte = |at: usize| self.bytes.get(at).copied();
        let negative = byte(start) == Some(b'-');
        let whole = start + usize::from(negative);
        let mut end = match byte(whole) {
            Some(b'0') => whole + 1,
            Some(b'1'..=b'9') => digits(whole),
            _ => return Err(Fault::At(EXPECTING_VALUE, start)),
        };
        let whole_end = end;
        if byte(end) == Some(b'.') && digits(end + 1) > end + 1 {
            end = digits(end + 1);
        }
        if matches!(byte(end), Some(b'e' | b'E')) {
            let signed = end + 1 + usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
            if digits(signed) > signed {
                end = digits(signed);
            }
        }
        let text = self.bytes.get(start..end).unwrap_or_default();
        let text = std::str::from_utf8(text).unwrap_or_default();
        self.at = end;
        if end > whole_end {
            return Ok(Value::Float(parse_json_number(text)));
        }
        if end - whole > MAX_DIGITS {
            return Err(Fault::Digits(end - whole));
        }
        let sign = if negative { "-" } else { "" };
        Ok(Value::Int(normalize(sign, strip_start_of(text, "-"))))
    }

    /// A string; the scanner stands on its opening quote and ends behind the closing one.
    fn string(&mut self, quote: u8, role: Role) -> Result<PythonString, Fault> {
        let begin = self.at;
        let unterminated = Fault::At("Unterminated string starting at", begin);
        let mut text = PythonString::new();
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let stop = |&byte: &u8| byte == quote || byte == b'\\' || byte < 0x20;
            let Some(plain) = rest.iter().position(stop) else {
                return Err(unterminated);
            };
            text.push_bytes(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'\\') => self.escape(&mut text, begin)?,
                Some(byte) if byte == quote => {
                    if self.repairs.is_some() && !self.is_closing_quote(quote, role) {
                        self.repair(Repair::InnerQuote);
                        text.push(u32::from(quote));
                        self.at += 1;
                        continue;
                    }
                    self.at += 1;
                    return Ok(text);
                }
                Some(byte) if self.is_lax || self.repair(Repair::ControlCharacter) => {
                    text.push(u32::from(byte));
                    self.at += 1;
                }
                _ => return Err(Fault::At("Invalid control character at", self.at)),
            }
        }
    }

    /// An escape; the scanner stands on its backslash.
    fn escape(&mut self, text: &mut PythonString, begin: usize) -> Result<(), Fault> {
        let plain = match self.bytes.get(self.at + 1) {
            Some(&byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let high = self.code_unit(self.at)?;
                self.at += 6;
                if (0xd800..0xdc00).contains(&high) && self.rest_starts_with(b"\\u") {
                    let low = self.code_unit(self.at)?;
                    if (0xdc00..0xe000).contains(&low) {
                        self.at += 6;
                        text.push(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                        return Ok(());
                    }
                }
                text.push(high);
                return Ok(());
            }
            Some(b'\'') if self.repair(Repair::SingleQuotes) => b'\'',
            None => return Err(Fault::At("Unterminated string starting at", begin)),
            Some(_) => return Err(Fault::At("Invalid \\escape", self.at)),
        };
        text.push(u32::from(plain));
        self.at += 2;
        Ok(())
    }

    /// The four digits of a `\u` escape, behind which Python wants one more character.
    fn code_unit(&self, backslash: usize) -> Result<u32, Fault> {
        let digits = self.bytes.get(backslash + 2..backslash + 6);
        let more = self.bytes.len() > backslash + 6;
        let value = digits.filter(|_| more).and_then(|digits| {
            digits.iter().try_fold(0, |value, &byte| {
                Some(value << 4 | char::from(byte).to_digit(16)?)
            })
        });
        value.ok_or(Fault::At("Invalid \\uXXXX escape", backslash + 1))
    }

    fn rest_starts_with(&self, prefix: &[u8]) -> bool {
        self.bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(prefix))
    }

    /// Whether the quote that the scanner stands on ends its string: what follows must be able to
    /// follow a string in this role. It looks no further than the second next quote, so that
    /// reading stays linear.
    fn is_closing_quote(&self, quote: u8, role: Role) -> bool {
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
