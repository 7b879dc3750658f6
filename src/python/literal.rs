//! Python's `ast.literal_eval`: texts that are literals, and nothing else, as CPython 3.11 reads
//! them.
//!
//! Whatever is not a literal is an error to Python and `None` here, so this needs no grammar but
//! that of literals. One thing is missing: `\N{…}` in a string would need the names of all
//! characters and counts as no literal.

use super::float::parse_number;
use super::integer::{MAX_DIGITS, is_lined_up, normalize, read_digits, to_decimal};
use super::scanner::{Grammar, LINE_END, Role, Scanner};
use super::search::{contains, last_of, replace};
use super::text::strip_start_of;
use super::value::Value;

/// The value of a literal; `None` where `ast.literal_eval` raises.
///
/// # Examples
///
/// ```
/// use fencerun::python::literal::literal_eval;
/// use fencerun::python::repr::repr;
/// let value = literal_eval("{'a': (1, -2.0), \"b\" 'c': [0x10, None]}").map(|value| repr(&value));
/// assert_eq!(value.as_ref().and_then(|text| text.as_str()), Some("{'a': (1, -2.0), 'bc': [16, None]}"));
/// assert_eq!(literal_eval("1 + 1"), None);
/// ```
#[must_use]
pub fn literal_eval(text: &str) -> Option<Value> {
    if contains(text, "\0") {
        return None;
    }
    let text = replace(&replace(text, "\r\n", "\n"), "\r", "\n");
    let text = strip_start_of(&text, " \t").as_bytes();
    Scanner::new(text, Grammar::Literal).literal()
}

impl Scanner<'_> {
    fn literal(&mut self) -> Option<Value> {
        self.skip_blank_lines()?;
        self.skip_space()?;
        let value = self.items(LINE_END)?;
        // Only line endings, space and comments may follow.
        if self.take("\n") {
            self.skip_blank_lines()?;
        }
        if self.rest().is_empty() {
            Some(value)
        } else {
            None
        }
    }

    /// Steps over space, continued lines and comments; inside brackets over line endings too.
    pub(super) fn skip_literal_space(&mut self) -> Option<()> {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\x0c'));
            if self.take("\\\n") {
                if self.rest().is_empty() {
                    return None;
                }
            } else if !self.skip_comment() && (self.depth == 0 || !self.take("\n")) {
                return Some(());
            }
        }
    }

    /// Steps over lines without code. The line behind them must not be indented, even where nothing
    /// but its indentation is left. A line that is continued before its code begins is indented as
    /// far as the first of its backslashes that is, and else as all of its spaces together.
    fn skip_blank_lines(&mut self) -> Option<()> {
        loop {
            let (mut is_indented, mut is_before) = (false, false);
            loop {
                let space = self.take_while(|c| matches!(c, ' ' | '\t' | '\x0c'));
                is_indented &= !contains(space, "\x0c");
                is_indented |= !last_of(space, "\x0c").is_empty();
                if !self.take("\\\n") {
                    break;
                }
                is_before |= is_indented;
                if self.rest().is_empty() {
                    return None;
                }
            }
            let is_comment = self.skip_comment();
            if !self.take("\n") {
                let is_refused = !is_comment && (is_indented || is_before);
                return if is_refused { None } else { Some(()) };
            }
        }
    }

    fn skip_comment(&mut self) -> bool {
        let is_comment = self.peek() == b'#';
        if is_comment {
            self.take_while(|c| c != '\n');
        }
        is_comment
    }

    /// A value with at most one sign, and at most one imaginary number added or subtracted.
    pub(super) fn literal_item(&mut self) -> Option<Value> {
        let left = self.signed()?;
        self.skip_space()?;
        if !matches!(self.peek(), b'+' | b'-') {
            return Some(left);
        }
        let real = left.as_number()?;
        // What was an int must not be too large.
        let is_refused = matches!(left, Value::Int(_)) && !real.is_finite();
        match self.signed()? {
            Value::Complex(_, imaginary) if !is_refused => Some(Value::Complex(real, imaginary)),
            _ => None,
        }
    }

    fn signed(&mut self) -> Option<Value> {
        let is_negative = self.take("-");
        if !is_negative && !self.take("+") {
            return self.value(Role::Item);
        }
        self.skip_space()?;
        let value = self.value(Role::Item)?;
        if !std::mem::take(&mut self.is_plain) {
            return None;
        }
        match value {
            Value::Int(digits) if is_negative => Some(Value::Int(normalize("-", &digits))),
            Value::Float(number) if is_negative => Some(Value::Float(-number)),
            Value::Complex(real, imaginary) if is_negative => {
                Some(Value::Complex(-real, -imaginary))
            }
            Value::Int(_) | Value::Float(_) | Value::Complex(..) | Value::Other("int") => {
                Some(value)
            }
            _ => None,
        }
    }

    /// A number, a constant, a tuple or what stands in parentheses, an empty set, or strings with a prefix.
    pub(super) fn literal_word(&mut self) -> Option<Value> {
        match self.peek() {
            b'(' => return self.nested(),
            b'.' if self.take("...") => return Some(Value::Other("ellipsis")),
            b'0'..=b'9' | b'.' => {
                self.is_plain = true;
                return self.literal_number();
            }
            _ => {}
        }
        let constant = self.constant();
        if constant.is_some() {
            return constant;
        }
        let word = self.take_while(|c| c.is_ascii_alphabetic());
        if self.is_quote() {
            return self.strings(word, Role::Item);
        }
        self.skip_space()?;
        if word != "set" || self.peek() != b'(' {
            return None;
        }
        self.open()?;
        let is_empty = self.peek() == b')';
        self.close();
        is_empty.then(|| Value::Set(Vec::new()))
    }

    fn literal_number(&mut self) -> Option<Value> {
        let start = self.at;
        let bits = match self.rest() {
            [b'0', b'x' | b'X', ..] => 4,
            [b'0', b'o' | b'O', ..] => 3,
            [b'0', b'b' | b'B', ..] => 1,
            _ => 0,
        };
        if bits > 0 {
            self.at += 2;
            let text = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            // An underscore may follow the base directly.
            let digits = text.strip_prefix('_').unwrap_or(text);
            if digits.is_empty() || !is_lined_up(digits, 1 << bits) {
                return None;
            }
            let value = to_decimal(&replace(digits, "_", ""), bits);
            return Some(value.map_or(Value::Other("int"), Value::Int));
        }
        self.skip_digits();
        let is_float = self.skip_fraction();
        let text = self.text_since(start);
        if self.take("j") || self.take("J") {
            return Some(Value::Complex(0.0, parse_number(text)?));
        }
        if is_float {
            return parse_number(text).map(Value::Float);
        }
        let digits = read_digits(text)?;
        let number = normalize("", &digits);
        // No int but 0 starts with it.
        let is_plain = number == "0" || !digits.starts_with('0');
        (is_plain && digits.len() <= MAX_DIGITS).then_some(Value::Int(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::repr::repr;

    #[test]
    fn literals_are_read_as_python_reads_them() {
        for (text, value) in [
            ("-0.0", Some("-0.0")),
            ("00", Some("0")),
            ("0_7", None),
            ("1_0.5e1_0j", Some("105000000000j")),
            ("1 + 2j", Some("(1+2j)")),
            ("1j + 2", None),
            ("--1", None),
            ("-(1)", Some("-1")),
            ("(1,)", Some("(1,)")),
            ("1, 2,", Some("(1, 2)")),
            ("()", Some("()")),
            ("[1,]", Some("[1]")),
            ("[,]", None),
            ("{1: 'a', True: 'b', 1.0: 'c'}", Some("{1: 'c'}")),
            ("{[1]: 2}", None),
            ("{1, [2]}", None),
            ("{1, 2, True}", Some("{1, 2}")),
            ("{1, 2: 3}", None),
            ("set()", Some("set()")),
            ("...", Some("Ellipsis")),
            ("b'x' b\"'\\xff\"", Some("b\"x'\\xff\"")),
            ("b'x' 'y'", None),
            ("b'é'", None),
            ("f'x'", None),
            ("u'é' R'\\n'", Some("'é\\\\n'")),
            ("'\\x41\\101\\u00e9\\q'", Some("'AAé\\\\q'")),
            ("'\\x4'", None),
            ("'a\nb'", None),
            ("'''a\r\nb'''", Some("'a\\nb'")),
            ("# c\n\n[1, # d\n 2]\n # e", Some("[1, 2]")),
            ("\n 1", None),
            ("1\n ", None),
            ("1 \\\n", None),
            ("\\\n1", Some("1")),
            ("\\\n 1", None),
            ("\n \\\n1", None),
            ("\n\\\n \\\n1", None),
            ("\\\n \x0c1", Some("1")),
            ("\n \\\n\x0c1", None),
            ("1\n\\\n\n", Some("1")),
            ("1\n \\\n# c", Some("1")),
            ("1\n\\\n", None),
            ("1\n\\\n ", None),
            ("[1 \\\n]", Some("[1]")),
            ("  1", Some("1")),
            ("None", Some("None")),
            ("none", None),
            ("Nonex", None),
            ("1 if 1 else 2", None),
            ("x", None),
            ("", None),
        ] {
            let got = literal_eval(text).map(|value| repr(&value).to_string_lossy());
            assert_eq!(got.as_deref(), value, "{text:?}");
        }
    }

    #[test]
    fn brackets_nest_no_deeper_than_python_lets_them() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(literal_eval(&nested(200)).is_some());
        assert!(literal_eval(&nested(201)).is_none());
    }
}
