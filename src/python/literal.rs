//! Python's `ast.literal_eval`: texts that are literals, and nothing else, as CPython 3.11 reads
//! them.
//!
//! Whatever is not a literal is an error to Python and `None` here, so this needs no grammar but
//! that of literals. One thing is missing: `\N{…}` in a string would need the names of all
//! characters and counts as no literal.

use super::float::parse_number;
use super::integer::{MAX_DIGITS, normalize, read_digits, to_decimal};
use super::search::{contains, last_of, replace};
use super::text::{skip_start, strip_start_of, text_to};
use super::value::{DictBuilder, Value};

mod text;

/// How deep Python lets brackets nest.
const MAX_DEPTH: usize = 200;

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
    let mut reader = Reader {
        rest: strip_start_of(&text, " \t"),
        depth: 0,
    };
    reader.skip_blank_lines()?;
    let node = reader.items(None)?;
    reader.end()?;
    Some(node.value)
}

/// What a value was written as: `literal_eval` takes signs and sums of plain numbers only.
#[derive(PartialEq, Eq)]
enum Shape {
    Number,
    Signed,
    Other,
}

struct Node {
    value: Value,
    shape: Shape,
}

impl Node {
    const fn other(value: Value) -> Self {
        let shape = Shape::Other;
        Self { value, shape }
    }

    const fn number(value: Value) -> Self {
        let shape = Shape::Number;
        Self { value, shape }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take_while(&mut self, belongs: fn(char) -> bool) -> &'a str {
        let rest = skip_start(self.rest, &belongs);
        let taken = text_to(self.rest, self.rest.len() - rest.len());
        self.rest = rest;
        taken
    }

    /// Steps over space and continued lines; inside brackets over line endings and comments too.
    fn skip_space(&mut self) -> Option<()> {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\x0c'));
            if self.take("\\\n") {
                if self.rest.is_empty() {
                    return None;
                }
            } else if self.depth == 0 || !self.skip_comment() && !self.take("\n") {
                return Some(());
            }
        }
    }

    /// Steps over lines without code. The line behind them must not be indented, even where nothing
    /// but its indentation is left.
    fn skip_blank_lines(&mut self) -> Option<()> {
        loop {
            let space = self.take_while(|c| matches!(c, ' ' | '\t' | '\x0c'));
            let is_comment = self.skip_comment();
            if !self.take("\n") {
                let indent = last_of(space, "\x0c");
                return (is_comment || indent.is_empty()).then_some(());
            }
        }
    }

    fn skip_comment(&mut self) -> bool {
        let is_comment = self.peek() == Some('#');
        if is_comment {
            self.take_while(|c| c != '\n');
        }
        is_comment
    }

    /// Only space, line endings and comments may follow the literal.
    fn end(&mut self) -> Option<()> {
        self.skip_space()?;
        self.skip_comment();
        if self.take("\n") {
            self.skip_blank_lines()?;
        }
        self.rest.is_empty().then_some(())
    }

    /// One item, or a tuple of items, up to `close`.
    fn items(&mut self, close: Option<char>) -> Option<Node> {
        self.skip_space()?;
        let first = self.item()?;
        self.skip_space()?;
        if self.peek() != Some(',') {
            return Some(first);
        }
        let mut items = vec![first.value];
        while self.take(",") {
            self.skip_space()?;
            let over = match self.peek() {
                None | Some('\n' | '#') => close.is_none(),
                next => next == close,
            };
            if over {
                break;
            }
            items.push(self.item()?.value);
            self.skip_space()?;
        }
        Some(Node::other(Value::Tuple(items)))
    }

    /// A value with at most one sign, and at most one imaginary number added or subtracted.
    fn item(&mut self) -> Option<Node> {
        let left = self.signed()?;
        self.skip_space()?;
        let negative = self.peek() == Some('-');
        if !negative && self.peek() != Some('+') {
            return Some(left);
        }
        if left.shape == Shape::Other {
            return None;
        }
        let real = match &left.value {
            Value::Int(digits) => Some(parse_number(strip_start_of(digits, "-"))?)
                .filter(|real| real.is_finite())
                .map(|real| if digits.starts_with('-') { -real } else { real })?,
            Value::Float(real) => *real,
            _ => return None,
        };
        self.take(if negative { "-" } else { "+" });
        self.skip_space()?;
        let right = self.atom()?;
        match right.value {
            Value::Complex(_, imaginary) if right.shape == Shape::Number => {
                let imaginary = if negative { -imaginary } else { imaginary };
                Some(Node::other(Value::Complex(real, imaginary)))
            }
            _ => None,
        }
    }

    fn signed(&mut self) -> Option<Node> {
        let negative = self.peek() == Some('-');
        if !negative && self.peek() != Some('+') {
            return self.atom();
        }
        self.take(if negative { "-" } else { "+" });
        self.skip_space()?;
        let Node { value, shape } = self.atom()?;
        if shape != Shape::Number {
            return None;
        }
        let value = match value {
            Value::Int(digits) if negative => Value::Int(normalize("-", &digits)),
            Value::Float(number) if negative => Value::Float(-number),
            Value::Complex(real, imaginary) if negative => Value::Complex(-real, -imaginary),
            value => value,
        };
        let shape = Shape::Signed;
        Some(Node { value, shape })
    }

    fn atom(&mut self) -> Option<Node> {
        match self.peek()? {
            '(' => self.nested(Self::group),
            '[' => self.nested(Self::list),
            '{' => self.nested(Self::dict_or_set),
            '"' | '\'' => self.strings(),
            '.' if self.take("...") => Some(Node::other(Value::Other("ellipsis"))),
            '0'..='9' | '.' => self.number(),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Node>) -> Option<Node> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let mut characters = self.rest.chars();
        characters.next();
        self.rest = characters.as_str();
        self.skip_space()?;
        let node = read(self)?;
        self.depth -= 1;
        Some(node)
    }

    fn group(&mut self) -> Option<Node> {
        if self.take(")") {
            return Some(Node::other(Value::Tuple(Vec::new())));
        }
        let node = self.items(Some(')'))?;
        self.take(")").then_some(node)
    }

    fn list(&mut self) -> Option<Node> {
        let mut items = Vec::new();
        while !self.take("]") {
            items.push(self.item()?.value);
            self.separator(']')?;
        }
        Some(Node::other(Value::List(items)))
    }

    fn dict_or_set(&mut self) -> Option<Node> {
        let mut dict = DictBuilder::default();
        let mut is_set = None;
        while !self.take("}") {
            let key = self.item()?.value;
            self.skip_space()?;
            let has_value = self.take(":");
            if *is_set.get_or_insert(!has_value) == has_value {
                return None;
            }
            if has_value {
                self.skip_space()?;
                let value = self.item()?.value;
                dict.insert(key, value)?;
            } else {
                dict.insert(key, Value::None)?;
            }
            self.separator('}')?;
        }
        Some(Node::other(match is_set {
            Some(true) => dict.build_set(),
            _ => dict.build(),
        }))
    }

    /// A comma, or nothing in front of the closing bracket.
    fn separator(&mut self, close: char) -> Option<()> {
        self.skip_space()?;
        if self.take(",") {
            return self.skip_space();
        }
        (self.peek() == Some(close)).then_some(())
    }

    fn word(&mut self) -> Option<Node> {
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.peek().is_some_and(|c| !c.is_ascii()) {
            return None;
        }
        Some(Node::other(match word {
            "None" => Value::None,
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            "set" => {
                self.skip_space()?;
                let empty = self.peek() == Some('(') && {
                    self.nested(|reader| reader.take(")").then_some(Node::other(Value::None)))?;
                    true
                };
                return empty.then_some(Node::other(Value::Set(Vec::new())));
            }
            prefix if self.rest.starts_with(['"', '\'']) => {
                return self.strings_after(prefix);
            }
            _ => return None,
        }))
    }

    fn number(&mut self) -> Option<Node> {
        let base = match self.rest.get(..2).unwrap_or_default() {
            "0x" | "0X" => 4,
            "0o" | "0O" => 3,
            "0b" | "0B" => 1,
            _ => 0,
        };
        if base > 0 {
            let text = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            let digits = text.get(2..)?;
            // An underscore may follow the base directly.
            let digits = digits.strip_prefix('_').unwrap_or(digits);
            let fits = |c: char| c == '_' || c.is_digit(1 << base);
            let lined_up = !digits.is_empty()
                && !digits.starts_with('_')
                && !digits.ends_with('_')
                && !contains(digits, "__")
                && digits.chars().all(fits);
            let value = to_decimal(&replace(digits, "_", ""), base);
            let value = value.map_or(Value::Other("int"), Value::Int);
            return lined_up.then_some(Node::number(value));
        }
        let start = self.rest;
        let is_digit = |c: char| c.is_ascii_digit() || c == '_';
        self.take_while(is_digit);
        let mut is_float = self.take(".");
        if is_float {
            self.take_while(is_digit);
        }
        let before_exponent = self.rest;
        if self.take("e") || self.take("E") {
            let _ = self.take("+") || self.take("-");
            if self.take_while(is_digit).is_empty() {
                self.rest = before_exponent;
            } else {
                is_float = true;
            }
        }
        let text = start.get(..start.len() - self.rest.len())?;
        if self.take("j") || self.take("J") {
            let imaginary = parse_number(text)?;
            return Some(Node::number(Value::Complex(0.0, imaginary)));
        }
        if is_float {
            return Some(Node::number(Value::Float(parse_number(text)?)));
        }
        let digits = read_digits(text)?;
        let is_zero = digits.bytes().all(|digit| digit == b'0');
        if digits.len() > MAX_DIGITS || digits.starts_with('0') && !is_zero {
            return None;
        }
        Some(Node::number(Value::Int(normalize("", &digits))))
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
