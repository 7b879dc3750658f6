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

/// What a value was written as: Python's literals take signs and sums of plain numbers only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Number,
    Signed,
    Other,
}

/// How a string is written.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) role: Role,
    /// Backslashes stand for themselves.
    pub(super) is_raw: bool,
    /// It holds bytes, which are written in ASCII.
    pub(super) is_bytes: bool,
}

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
    /// What the last literal was written as.
    pub(super) shape: Shape,
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
            shape: Shape::Other,
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
            _ if self.is(Grammar::Literal) => self.literal_item(),
            b'{' => self.nested("object", Self::object),
            b'[' => self.nested("array", Self::array),
            _ if self.is_quote() => self.string(role).map(Value::Str),
            _ if self.is(Grammar::Json5) => self.json5_word(),
            _ => self.json_word(),
        }
    }

    /// Whether a quote comes next with which a string may begin.
    fn is_quote(&mut self) -> bool {
        match self.peek() {
            b'"' => true,
            b'\'' => !self.is(Grammar::Json) || self.repair(Repair::SingleQuotes),
            _ => false,
        }
    }

    /// Steps over a bracket, what `read` reads, and the closing bracket.
    pub(super) fn nested(
        &mut self,
        what: &'static str,
        read: fn(&mut Self) -> Option<Value>,
    ) -> Option<Value> {
        // Python's JSON stops at its recursion limit of 1000, less the depth of the call itself, and
        // its literals at 200 brackets. For JSON5 that is enough, too.
        let most = if self.is(Grammar::Json) { 985 } else { 200 };
        if self.depth >= most {
            self.note(Fault::Depth(what));
            return None;
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space()?;
        let value = read(self)?;
        self.at += 1;
        self.depth -= 1;
        Some(value)
    }

    /// Reads members up to the closing bracket, in front of which this stops.
    pub(super) fn members(
        &mut self,
        close: u8,
        read: &mut dyn FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        let mut is_over = self.peek() == close;
        while !is_over {
            read(self)?;
            self.skip_space()?;
            is_over = self.peek() == close;
            if !is_over {
                self.expect(",", "Expecting ',' delimiter")?;
                is_over = self.peek() == close
                    && (!self.is(Grammar::Json) || self.repair(Repair::TrailingComma));
            }
        }
        Some(())
    }

    /// Steps over a mark that has to come next, and the space behind it.
    fn expect(&mut self, mark: &str, message: &'static str) -> Option<()> {
        if !self.take(mark) {
            return self.fail(message, self.at);
        }
        self.skip_space()
    }

    /// The items of an array or list.
    pub(super) fn array(&mut self) -> Option<Value> {
        let mut items = Vec::new();
        self.members(b']', &mut |scanner| {
            items.push(scanner.value(Role::Item)?);
            Some(())
        })?;
        Some(Value::List(items))
    }

    /// The members of an object or dict, or the items of a set.
    pub(super) fn object(&mut self) -> Option<Value> {
        let mut dict = DictBuilder::default();
        let mut is_set = None;
        self.members(b'}', &mut |scanner| {
            let key = scanner.key()?;
            scanner.skip_space()?;
            let is_item = scanner.is(Grammar::Literal) && scanner.peek() != b':';
            if *is_set.get_or_insert(is_item) != is_item {
                return None;
            }
            let mut value = Value::None;
            if !is_item {
                scanner.expect(":", "Expecting ':' delimiter")?;
                value = scanner.value(Role::Member)?;
            }
            dict.insert(key, value)
        })?;
        Some(match is_set {
            Some(true) => dict.build_set(),
            _ => dict.build(),
        })
    }

    fn key(&mut self) -> Option<Value> {
        if self.is(Grammar::Literal) {
            return self.literal_item();
        }
        let name = if self.is_quote() {
            return self.string(Role::Key).map(Value::Str);
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

    fn string(&mut self, role: Role) -> Option<PythonString> {
        let mut text = PythonString::new();
        let style = Style {
            role,
            is_raw: false,
            is_bytes: false,
        };
        self.text(style, &mut text)?;
        Some(text)
    }

    /// Adds a string to a text; the scanner stands on its opening quote and ends behind the closing
    /// one.
    pub(super) fn text(&mut self, style: Style, text: &mut PythonString) -> Option<()> {
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
