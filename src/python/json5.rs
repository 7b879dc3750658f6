//! JSON5 in, a value out, as the package `json5` reads it: JSON with comments, single quotes,
//! names without quotes, trailing commas and more kinds of numbers.

use super::float::parse_number;
use super::integer::{read_whole, split_sign};
use super::letters::{continues_name, starts_name};
use super::scanner::{Grammar, Role, Scanner};
use super::string::{PythonString, first_code_point};
use super::text::{strip_start_of, text_from};
use super::value::Value;

/// The value of a JSON5 text; `None` where the package raises. Numbers keep the precision of a
/// float.
#[must_use]
pub fn loads(text: &str) -> Option<Value> {
    let mut scanner = Scanner::new(text.as_bytes(), Grammar::Json5);
    scanner.skip_space()?;
    let value = scanner.value(Role::Document)?;
    scanner.skip_space()?;
    scanner.rest().is_empty().then_some(value)
}

impl Scanner<'_> {
    /// Steps over white space and comments.
    pub(super) fn skip_json5_space(&mut self) -> Option<()> {
        loop {
            self.take_while(|character| {
                character.is_whitespace() && character != '\u{85}' || character == '\u{feff}'
            });
            if self.take("//") {
                self.take_while(|c| !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}'));
            } else if self.take("/*") {
                while !self.take("*/") {
                    if self.rest().is_empty() {
                        return None;
                    }
                    self.at += 1;
                }
            } else {
                return Some(());
            }
        }
    }

    /// A name without quotes, in which the only escapes are those of code points.
    pub(super) fn json5_name(&mut self) -> Option<PythonString> {
        let first = first_code_point(self.rest()).and_then(|(point, _)| char::from_u32(point))?;
        if first != '\\' && !starts_name(first) {
            return None;
        }
        let mut name = PythonString::new();
        loop {
            name.push_str(self.take_while(continues_name));
            let backslash = self.at;
            if !self.take("\\") {
                return Some(name);
            }
            self.take("u").then_some(())?;
            name.push(self.code_point(backslash)?);
        }
    }

    /// A constant or a number.
    pub(super) fn json5_word(&mut self) -> Option<Value> {
        if let Some(constant) = self.constant() {
            return Some(constant);
        }
        let word = self
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-' | '.' | '$'));
        read_number(word)
    }
}

fn read_number(word: &str) -> Option<Value> {
    let (sign, unsigned) = split_sign(word);
    if unsigned.bytes().all(|byte| byte.is_ascii_digit()) && !unsigned.is_empty() {
        return Some(Value::Int(strip_start_of(word, "+").to_owned()));
    }
    let number = match (unsigned, unsigned.as_bytes()) {
        ("Infinity", _) => f64::INFINITY,
        ("NaN", _) => f64::NAN,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a float is what numbers are kept as"
        )]
        (_, [b'0', b'x' | b'X', _, ..]) => read_whole(text_from(unsigned, 2), 16)? as f64,
        _ => parse_number(unsigned)?,
    };
    Some(Value::Float(if sign == "-" { -number } else { number }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        let value = loads(text)?;
        Some(value.get("code")?.as_str()?.to_owned())
    }

    #[test]
    fn what_json5_adds_to_json_is_read() {
        for (text, expected) in [
            ("{\"code\": \"a\\nb\"}", Some("a\nb")),
            ("{code: 'x', /* c */ n: +.5e1, h: 0xFF, // d\n}", Some("x")),
            (
                "{code: 'a\\\nb\\x41\\u00e9\\ud83d\\ude00\\q'}",
                Some("abAé😀q"),
            ),
            ("{code: 'a\nb'}", None),
            ("{code: 'a'} x", None),
            ("{code: 'a' b: 1}", None),
            ("[1, 2,]", None),
            ("{code: Infinity}", None),
            ("{'code': 'first', code: 'last'}", Some("last")),
            ("{code: 'x', list: [-NaN, [null], {}]}", Some("x")),
            ("/* unclosed", None),
        ] {
            assert_eq!(code(text).as_deref(), expected, "{text:?}");
        }
    }
}
