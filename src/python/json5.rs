//! JSON5 in, a value out, as the package `json5` reads it: JSON with comments, single quotes,
//! names without quotes, trailing commas and more kinds of numbers.

use super::float::parse_float;
use super::letters::{continues_name, starts_name};
use super::search::split_once;
use super::string::PythonString;
use super::text::{is_word, skip_start, strip_start_of, text_to};
use super::value::{DictBuilder, Value};

/// How deep arrays and objects may nest here.
const MAX_DEPTH: usize = 200;

/// The value of a JSON5 text; `None` where the package raises. Numbers keep the precision of a
/// float.
#[must_use]
pub fn loads(text: &str) -> Option<Value> {
    let mut reader = Reader {
        rest: text,
        depth: 0,
    };
    reader.skip_space()?;
    let value = reader.value()?;
    reader.skip_space()?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, word: &str) -> bool {
        let after = self.rest.strip_prefix(word);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next();
        self.rest = characters.as_str();
        character
    }

    fn take_while(&mut self, matches: impl Fn(char) -> bool) -> &'a str {
        let rest = skip_start(self.rest, &matches);
        let taken = text_to(self.rest, self.rest.len() - rest.len());
        self.rest = rest;
        taken
    }

    /// Steps over white space and comments; `None` at a comment that does not end.
    fn skip_space(&mut self) -> Option<()> {
        loop {
            self.take_while(|character| {
                character.is_whitespace() && character != '\u{85}' || character == '\u{feff}'
            });
            if self.take("//") {
                self.take_while(|character| !is_line_end(character));
            } else if self.take("/*") {
                let (_, after) = split_once(self.rest, "*/")?;
                self.rest = after;
            } else {
                return Some(());
            }
        }
    }

    fn value(&mut self) -> Option<Value> {
        match self.rest.chars().next()? {
            '{' => self.nested(Self::object),
            '[' => self.nested(Self::array),
            '"' | '\'' => self.string().map(Value::Str),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Value>) -> Option<Value> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        self.next();
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Option<Value> {
        let mut dict = DictBuilder::default();
        loop {
            self.skip_space()?;
            if self.take("}") {
                return Some(dict.build());
            }
            let key = match self.rest.chars().next()? {
                '"' | '\'' => self.string()?,
                first if first == '\\' || starts_name(first) => self.name()?,
                _ => return None,
            };
            self.skip_space()?;
            if !self.take(":") {
                return None;
            }
            self.skip_space()?;
            let value = self.value()?;
            dict.insert_text(key, value);
            self.skip_comma("}")?;
        }
    }

    fn array(&mut self) -> Option<Value> {
        let mut items = Vec::new();
        loop {
            self.skip_space()?;
            if self.take("]") {
                return Some(Value::List(items));
            }
            items.push(self.value()?);
            self.skip_comma("]")?;
        }
    }

    /// Steps over the comma that has to stand behind a member that is not the last.
    fn skip_comma(&mut self, close: &str) -> Option<()> {
        self.skip_space()?;
        (self.take(",") || self.rest.starts_with(close)).then_some(())
    }

    /// A key without quotes, in which the only escapes are those of code points.
    fn name(&mut self) -> Option<PythonString> {
        let mut name = PythonString::new();
        loop {
            name.push_str(self.take_while(continues_name));
            if !self.take("\\") {
                return Some(name);
            }
            self.take("u").then_some(())?;
            self.code(4, &mut name)?;
        }
    }

    fn string(&mut self) -> Option<PythonString> {
        let quote = self.next()?;
        let mut text = PythonString::new();
        loop {
            text.push_str(self.take_while(|character| {
                character != quote && character != '\\' && !is_line_end(character)
            }));
            match self.next()? {
                '\\' => self.escape(&mut text)?,
                character if character == quote => return Some(text),
                // These two may stand in a text as they are.
                character @ ('\u{2028}' | '\u{2029}') => text.push(u32::from(character)),
                _ => return None,
            }
        }
    }

    fn escape(&mut self, text: &mut PythonString) -> Option<()> {
        let character = match self.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '0' if !self.rest.starts_with(|next: char| next.is_ascii_digit()) => '\0',
            '0'..='9' => return None,
            'x' => return self.code(2, text),
            'u' => return self.code(4, text),
            '\r' => {
                self.take("\n");
                return Some(());
            }
            end if is_line_end(end) => return Some(()),
            other => other,
        };
        text.push(u32::from(character));
        Some(())
    }

    /// A code point in this many hexadecimal digits; two surrogates in a row are one.
    fn code(&mut self, digits: usize, text: &mut PythonString) -> Option<()> {
        let read = |rest: &str| {
            let hex = rest
                .get(..digits)
                .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            u32::from_str_radix(hex, 16).ok()
        };
        let first = read(self.rest)?;
        self.rest = self.rest.get(digits..)?;
        let second = self
            .rest
            .strip_prefix("\\u")
            .filter(|_| (0xd800..0xdc00).contains(&first));
        match second
            .and_then(read)
            .filter(|second| (0xdc00..0xe000).contains(second))
        {
            Some(second) => {
                self.rest = self.rest.get(2 + digits..)?;
                text.push(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            None => text.push(first),
        }
        Some(())
    }

    /// A constant or a number.
    fn word(&mut self) -> Option<Value> {
        let word = self.take_while(|character| {
            is_word(character) || matches!(character, '+' | '-' | '.' | '$')
        });
        let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
        let sign = if word.starts_with('-') { -1.0 } else { 1.0 };
        match word {
            "null" => return Some(Value::None),
            "true" => return Some(Value::Bool(true)),
            "false" => return Some(Value::Bool(false)),
            _ => {}
        }
        let number = match unsigned {
            "Infinity" => f64::INFINITY,
            "NaN" => f64::NAN,
            number => match number
                .strip_prefix("0x")
                .or_else(|| number.strip_prefix("0X"))
            {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a float is what numbers are kept as"
                )]
                Some(hex) => u64::from_str_radix(hex, 16).ok()? as f64,
                None if number
                    .starts_with(|first: char| first.is_ascii_digit() || first == '.') =>
                {
                    parse_float(number)?
                }
                None => return None,
            },
        };
        let is_whole = unsigned.bytes().all(|byte| byte.is_ascii_digit());
        Some(if is_whole {
            Value::Int(strip_start_of(word, "+").to_owned())
        } else {
            Value::Float(sign * number)
        })
    }
}

const fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
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
