//! What JSON, JSON5 and Python's literals have in common: values between brackets and commas, and
//! quoted texts with escapes. One reader for the three, as each would bring much of it again.

use super::repair::{Repair, Repairs};
use super::string::{PythonString, first_code_point};
use super::value::{DictBuilder, Value};

/// Why a text cannot be read.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    /// A message of Python's and the byte it is about.
    At(&'static str, usize),
    /// More digits than Python turns into an int.
    Digits(usize),
    /// Brackets, of what is named, that nest too deep.
    Depth(&'static str),
}

/// What is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    Json,
    Json5,
    Literal,
}

/// Where a string stands, which says what may follow it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Member,
    Item,
    Document,
}

/// How a string is written.
#[derive(Clone, Copy)]
struct Style {
    role: Role,
    /// Backslashes stand for themselves.
    is_raw: bool,
    /// It holds bytes, which are written in ASCII.
    is_bytes: bool,
}

/// The constants that JSON and JSON5 share, those of Python's JSON, and those of Python.
const CONSTANTS: [&str; 9] = [
    "null",
    "true",
    "false",
    "NaN",
    "Infinity",
    "-Infinity",
    "None",
    "True",
    "False",
];

/// Where items end that stand in no brackets.
pub(super) const LINE_END: u8 = b'\n';

const UNTERMINATED: &str = "Unterminated string starting at";

pub(super) struct Scanner<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) grammar: Grammar,
    /// How many brackets are open.
    pub(super) depth: usize,
    /// What was repaired of JSON so far; `None` to repair nothing.
    pub(super) repairs: Option<Repairs>,
    /// Whether control characters may stand in JSON's strings: Python's `strict=False`.
    pub(super) is_lax: bool,
    /// Whether the last number is written without a sign and is no sum: Python's literals take a sign before such alone.
    pub(super) is_plain: bool,
    /// Why nothing was read, where JSON has a word for it.
    pub(super) fault: Fault,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(bytes: &'a [u8], grammar: Grammar) -> Self {
        Self {
            bytes,
            at: 0,
            grammar,
            depth: 0,
            repairs: None,
            is_lax: false,
            is_plain: false,
            fault: Fault::Depth(""),
        }
    }

    /// The next byte, 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    #[inline(never)]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Steps over a word, if it comes next.
    #[inline(never)]
    pub(super) fn take(&mut self, word: &str) -> bool {
        let is_next = self.rest().starts_with(word.as_bytes());
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// Steps over characters that belong.
    #[inline(never)]
    pub(super) fn take_while(&mut self, belongs: fn(char) -> bool) -> &'a str {
        let start = self.at;
        while let Some((point, length)) = first_code_point(self.rest())
            && char::from_u32(point).is_some_and(belongs)
        {
            self.at += length;
        }
        self.text_since(start)
    }

    /// The text between a place and the one where the scanner stands.
    pub(super) fn text_since(&self, start: usize) -> &'a str {
        let taken = self.bytes.get(start..self.at).unwrap_or_default();
        std::str::from_utf8(taken).unwrap_or_default()
    }

    /// Ends the reading, and tells why and where.
    pub(super) fn fail<T>(&mut self, message: &'static str, at: usize) -> Option<T> {
        self.note(Fault::At(message, at));
        None
    }

    #[cold]
    #[inline(never)]
    pub(super) const fn note(&mut self, fault: Fault) {
        self.fault = fault;
    }

    pub(super) fn is(&self, grammar: Grammar) -> bool {
        self.grammar == grammar
    }

    /// Whether a fault can be passed over; if so it is noted.
    pub(super) fn repair(&mut self, repair: Repair) -> bool {
        if let Some(repairs) = &mut self.repairs {
            repairs.add(repair);
        }
        self.repairs.is_some()
    }

    /// Steps over what may stand between values.
    pub(super) fn skip_space(&mut self) -> Option<()> {
        match self.grammar {
            Grammar::Json => {
                self.skip_json_space();
                Some(())
            }
            Grammar::Json5 => self.skip_json5_space(),
            Grammar::Literal => self.skip_literal_space(),
        }
    }

    pub(super) fn value(&mut self, role: Role) -> Option<Value> {
        match self.peek() {
            b'{' | b'[' => self.nested(),
            _ if self.is_quote() => self.strings("", role),
            _ => match self.grammar {
                Grammar::Json => self.json_word(),
                Grammar::Json5 => self.json5_word(),
                Grammar::Literal => self.literal_word(),
            },
        }
    }

    /// A value where an item or a member stands.
    fn item(&mut self, role: Role) -> Option<Value> {
        match self.grammar {
            Grammar::Literal => self.literal_item(),
            _ => self.value(role),
        }
    }

    /// A constant, if one comes next. What may not follow it is found by who reads on.
    pub(super) fn constant(&mut self) -> Option<Value> {
        let (first, last) = match self.grammar {
            Grammar::Json => (0, 8),
            Grammar::Json5 => (0, 2),
            Grammar::Literal => (6, 8),
        };
        for (index, word) in CONSTANTS.into_iter().enumerate() {
            if (first..=last).contains(&index) && self.rest().starts_with(word.as_bytes()) {
                let is_fault = self.is(Grammar::Json) && index >= 6;
                if is_fault && !self.repair(Repair::PythonConstant) {
                    return None;
                }
                self.at += word.len();
                return Some(match index {
                    0 | 6 => Value::None,
                    1 | 7 => Value::Bool(true),
                    2 | 8 => Value::Bool(false),
                    3 => Value::Float(f64::NAN),
                    4 => Value::Float(f64::INFINITY),
                    _ => Value::Float(f64::NEG_INFINITY),
                });
            }
        }
        None
    }

    /// Whether a quote comes next with which a string may begin.
    pub(super) fn is_quote(&mut self) -> bool {
        match self.peek() {
            b'"' => true,
            b'\'' => !self.is(Grammar::Json) || self.repair(Repair::SingleQuotes),
            _ => false,
        }
    }

    /// What stands in brackets, the scanner on the opening one.
    pub(super) fn nested(&mut self) -> Option<Value> {
        let close = match self.peek() {
            b'{' => b'}',
            b'[' => b']',
            _ => b')',
        };
        self.open()?;
        let value = self.items(close)?;
        self.close();
        Some(value)
    }

    /// Steps over an opening bracket and the space behind it.
    pub(super) fn open(&mut self) -> Option<()> {
        // Python's JSON stops at its recursion limit of 1000, less the depth of the call itself, and
        // its literals at 200 brackets. For JSON5 that is enough, too.
        let most = if self.is(Grammar::Json) { 985 } else { 200 };
        if self.depth >= most {
            let is_object = self.peek() == b'{';
            self.note(Fault::Depth(if is_object { "object" } else { "array" }));
            return None;
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space()
    }

    /// Steps over a closing bracket.
    pub(super) const fn close(&mut self) {
        self.at += 1;
        self.depth -= 1;
    }

    /// The items or members up to what closes them, in front of which this stops: of an object or
    /// dict, of a set, of an array or list, or of a tuple. One item without a comma is no tuple.
    pub(super) fn items(&mut self, close: u8) -> Option<Value> {
        let mut dict = DictBuilder::default();
        let mut is_set = None;
        let mut items = Vec::new();
        let mut is_over = close != LINE_END && self.is_at(close);
        let mut is_tuple = is_over;
        while !is_over {
            if close == b'}' {
                self.member(&mut dict, &mut is_set)?;
            } else {
                items.push(self.item(Role::Item)?);
            }
            self.skip_space()?;
            is_over = self.is_at(close);
            if !is_over {
                self.expect(",", "Expecting ',' delimiter")?;
                is_tuple = true;
                is_over = self.is_at(close)
                    && (!self.is(Grammar::Json) || self.repair(Repair::TrailingComma));
            }
        }
        match close {
            b'}' if is_set == Some(true) => Some(dict.build_set()),
            b'}' => Some(dict.build()),
            b']' => Some(Value::List(items)),
            _ if is_tuple => Some(Value::Tuple(items)),
            _ => items.pop(),
        }
    }

    /// Whether items end here; those without brackets at the end of the text, too.
    fn is_at(&self, close: u8) -> bool {
        self.peek() == close || close == LINE_END && self.rest().is_empty()
    }

    /// A member of an object or dict, or an item of a set.
    fn member(&mut self, dict: &mut DictBuilder, is_set: &mut Option<bool>) -> Option<()> {
        let key = self.key()?;
        self.skip_space()?;
        let is_item = self.is(Grammar::Literal) && self.peek() != b':';
        if *is_set.get_or_insert(is_item) != is_item {
            return None;
        }
        let mut value = Value::None;
        if !is_item {
            self.expect(":", "Expecting ':' delimiter")?;
            value = self.item(Role::Member)?;
        }
        dict.insert(key, value)
    }

    /// Steps over a mark that has to come next, and the space behind it.
    fn expect(&mut self, mark: &str, message: &'static str) -> Option<()> {
        if !self.take(mark) {
            return self.fail(message, self.at);
        }
        self.skip_space()
    }

    fn key(&mut self) -> Option<Value> {
        if self.is(Grammar::Literal) {
            return self.literal_item();
        }
        let name = if self.is_quote() {
            return self.strings("", Role::Key);
        } else if self.is(Grammar::Json5) {
            self.json5_name()
        } else {
            None
        };
        match name {
            Some(name) => Some(Value::Str(name)),
            None => self.fail("Expecting property name enclosed in double quotes", self.at),
        }
    }

    /// A string; in Python's literals one with a prefix, and those that follow it: they are one. The
    /// scanner stands on the first quote.
    pub(super) fn strings(&mut self, first_prefix: &str, role: Role) -> Option<Value> {
        let mut prefix = first_prefix;
        let mut text = PythonString::new();
        let mut is_bytes = None;
        loop {
            let mut style = Style {
                role,
                is_raw: false,
                is_bytes: false,
            };
            for letter in prefix.bytes() {
                match letter.to_ascii_lowercase() {
                    b'r' if !style.is_raw => style.is_raw = true,
                    b'b' if !style.is_bytes => style.is_bytes = true,
                    b'u' if prefix.len() == 1 => {}
                    _ => return None,
                }
            }
            if *is_bytes.get_or_insert(style.is_bytes) != style.is_bytes {
                return None;
            }
            self.text(style, &mut text)?;
            if !self.is(Grammar::Literal) {
                break;
            }
            self.skip_space()?;
            let before = self.at;
            prefix = self.take_while(|c| c.is_ascii_alphabetic());
            if !self.is_quote() {
                self.at = before;
                break;
            }
        }
        Some(match is_bytes {
            Some(true) => Value::Bytes(text),
            _ => Value::Str(text),
        })
    }

    /// Adds a string to a text; the scanner stands on its opening quote and ends behind the closing
    /// one.
    fn text(&mut self, style: Style, text: &mut PythonString) -> Option<()> {
        let begin = self.at;
        let quote = self.peek();
        let triple = [quote; 3];
        let is_triple = self.is(Grammar::Literal) && self.rest().starts_with(&triple);
        let close = triple
            .get(..if is_triple { 3 } else { 1 })
            .unwrap_or_default();
        self.at += close.len();
        loop {
            let rest = self.rest();
            let is_stop = |&byte: &u8| {
                byte == quote || byte == b'\\' || byte < 0x20 || byte >= 0x80 && style.is_bytes
            };
            let Some(plain) = rest.iter().position(is_stop) else {
                return self.fail(UNTERMINATED, begin);
            };
            text.push_bytes(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            let byte = self.peek();
            if byte == b'\\' {
                self.escape(style, begin, text)?;
                continue;
            }
            if self.rest().starts_with(close) {
                if self.repairs.is_none() || self.is_closing_quote(quote, style.role) {
                    self.at += close.len();
                    return Some(());
                }
                self.repair(Repair::InnerQuote);
            }
            let may_stand = byte == quote
                || match self.grammar {
                    Grammar::Json => self.is_lax || self.repair(Repair::ControlCharacter),
                    Grammar::Json5 => !matches!(byte, b'\n' | b'\r'),
                    Grammar::Literal => byte.is_ascii() && (is_triple || byte != b'\n'),
                };
            if !may_stand {
                return self.fail("Invalid control character at", self.at);
            }
            text.push(u32::from(byte));
            self.at += 1;
        }
    }

    /// Adds what an escape stands for; the scanner stands on its backslash.
    fn escape(&mut self, style: Style, begin: usize, text: &mut PythonString) -> Option<()> {
        let backslash = self.at;
        let Some(&byte) = self.bytes.get(backslash + 1) else {
            return self.fail(UNTERMINATED, begin);
        };
        self.at += 2;
        let (is_json, is_json5) = (self.is(Grammar::Json), self.is(Grammar::Json5));
        let point = match byte {
            _ if style.is_raw => None,
            b'u' if !style.is_bytes => Some(self.code_point(backslash)?),
            b'"' | b'\\' => Some(u32::from(byte)),
            b'b' => Some(8),
            b'f' => Some(12),
            b'n' => Some(10),
            b'r' => Some(13),
            b't' => Some(9),
            b'/' if is_json => Some(u32::from(byte)),
            b'\'' if !is_json || self.repair(Repair::SingleQuotes) => Some(u32::from(byte)),
            _ if is_json => return self.fail("Invalid \\escape", backslash),
            b'\n' => return Some(()),
            b'v' => Some(11),
            b'x' => Some(self.digits(2)?),
            b'\r' if is_json5 => {
                self.take("\n");
                return Some(());
            }
            b'0' if is_json5 && !self.peek().is_ascii_digit() => Some(0),
            b'0'..=b'9' if is_json5 => return None,
            0x80.. if is_json5 => {
                self.at = backslash + 1;
                let _ = self.take("\u{2028}") || self.take("\u{2029}");
                return Some(());
            }
            _ if is_json5 => Some(u32::from(byte)),
            b'a' => Some(7),
            b'0'..=b'7' => {
                let mut point = u32::from(byte - b'0');
                let end = self.at + 2;
                while let digit @ b'0'..=b'7' = self.peek()
                    && self.at < end
                {
                    point = point << 3 | u32::from(digit - b'0');
                    self.at += 1;
                }
                Some(if style.is_bytes { point & 0xff } else { point })
            }
            b'U' if !style.is_bytes => Some(self.digits(8)?),
            // The names of all characters are not known here.
            b'N' if !style.is_bytes => return None,
            _ => None,
        };
        match point {
            Some(point) => text.push(point),
            None if byte.is_ascii() => text.push_bytes(&[b'\\', byte]),
            None => {
                text.push_str("\\");
                self.at = backslash + 1;
            }
        }
        Some(())
    }

    /// A character in so many hexadecimal digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let point = self
            .hexadecimal(self.at, count)
            .filter(|&point| point < 0x11_0000);
        self.at += count;
        point
    }

    fn hexadecimal(&self, at: usize, count: usize) -> Option<u32> {
        let mut digits = self.bytes.get(at..at + count)?.iter();
        digits.try_fold(0, |value, &byte| {
            Some(value << 4 | char::from(byte).to_digit(16)?)
        })
    }

    /// The character of a `\u` escape, which may take two of them but in Python's literals.
    pub(super) fn code_point(&mut self, backslash: usize) -> Option<u32> {
        let high = self.code_unit(backslash)?;
        self.at = backslash + 6;
        let is_high = (0xd800..0xdc00).contains(&high) && !self.is(Grammar::Literal);
        if is_high && self.rest().starts_with(b"\\u") {
            let low = self.code_unit(self.at)?;
            if (0xdc00..0xe000).contains(&low) {
                self.at += 6;
                return Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            }
        }
        Some(high)
    }

    /// The four digits of a `\u` escape, behind which Python wants one more character.
    fn code_unit(&mut self, backslash: usize) -> Option<u32> {
        let more = self.bytes.len() > backslash + 6;
        let unit = self.hexadecimal(backslash + 2, 4).filter(|_| more);
        unit.or_else(|| self.fail("Invalid \\uXXXX escape", backslash + 1))
    }
}
