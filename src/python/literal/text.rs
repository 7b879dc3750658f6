//! The literals of texts and bytes: prefixes, quotes, escapes, and those that follow one another.

use super::{Node, Reader};
use crate::python::string::PythonString;
use crate::python::value::Value;

impl Reader<'_> {
    pub(super) fn strings(&mut self) -> Option<Node> {
        self.strings_after("")
    }

    /// A string, and those that follow it: they are one. The reader stands on the first quote.
    pub(super) fn strings_after(&mut self, first_prefix: &str) -> Option<Node> {
        let mut prefix = first_prefix;
        let mut text = PythonString::new();
        let mut is_bytes = None;
        loop {
            let lower = prefix.to_ascii_lowercase();
            let (raw, bytes) = match lower.as_str() {
                "" | "u" => (false, false),
                "r" => (true, false),
                "b" => (false, true),
                "br" | "rb" => (true, true),
                _ => return None,
            };
            if *is_bytes.get_or_insert(bytes) != bytes {
                return None;
            }
            self.string(raw, bytes, &mut text)?;
            self.skip_space()?;
            let before = self.rest;
            prefix = self.take_while(|c| c.is_ascii_alphabetic());
            if !self.rest.starts_with(['"', '\'']) {
                self.rest = before;
                break;
            }
        }
        Some(Node::other(match is_bytes {
            Some(true) => Value::Bytes(text),
            _ => Value::Str(text),
        }))
    }

    fn string(&mut self, raw: bool, bytes: bool, text: &mut PythonString) -> Option<()> {
        let quote = if self.peek() == Some('"') { "\"" } else { "'" };
        let triple = if quote == "\"" { "\"\"\"" } else { "'''" };
        let close = if self.take(triple) {
            triple
        } else {
            self.take(quote);
            quote
        };
        loop {
            let plain = self.rest.find(|c: char| {
                c == '\\' || quote.starts_with(c) || c == '\n' || bytes && !c.is_ascii()
            })?;
            let (taken, rest) = self.rest.split_at(plain);
            text.push_str(taken);
            self.rest = rest;
            if self.take(close) {
                return Some(());
            }
            if self.take("\\") {
                self.escape(raw, bytes, text)?;
                continue;
            }
            let character = self.peek()?;
            if !character.is_ascii() || character == '\n' && close == quote {
                return None;
            }
            self.take(character.encode_utf8(&mut [0; 4]));
            text.push(u32::from(character));
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self, raw: bool, bytes: bool, text: &mut PythonString) -> Option<()> {
        let character = self.peek()?;
        if bytes && !character.is_ascii() {
            return None;
        }
        self.take(character.encode_utf8(&mut [0; 4]));
        let plain = match character {
            _ if raw => None,
            '\n' => return Some(()),
            '\\' | '\'' | '"' => Some(u32::from(character)),
            'a' => Some(7),
            'b' => Some(8),
            'f' => Some(12),
            'n' => Some(10),
            'r' => Some(13),
            't' => Some(9),
            'v' => Some(11),
            '0'..='7' => {
                let more = self.rest.bytes().take(2);
                let more = more.take_while(|byte| (b'0'..=b'7').contains(byte)).count();
                let first = character.to_digit(8)?;
                let point = first << (3 * more) | self.digits(more, 8)?;
                Some(if bytes { point & 0xff } else { point })
            }
            'x' => Some(self.digits(2, 16)?),
            'u' if !bytes => Some(self.digits(4, 16)?),
            'U' if !bytes => Some(self.digits(8, 16).filter(|&point| point < 0x11_0000)?),
            'N' if !bytes => return None,
            _ => None,
        };
        if plain.is_none() {
            text.push_str("\\");
        }
        text.push(plain.unwrap_or(u32::from(character)));
        Some(())
    }

    fn digits(&mut self, count: usize, radix: u32) -> Option<u32> {
        let digits = self.rest.get(..count)?;
        self.rest = self.rest.get(count..)?;
        digits.chars().try_fold(0_u32, |value, digit| {
            value
                .checked_mul(radix)?
                .checked_add(digit.to_digit(radix)?)
        })
    }
}
