//! Python's `pprint.pformat` with its defaults: a value on one line where 80 characters are enough,
//! else one item a line; keys in order.

use super::order::sort;

use super::repr::{repr, repr_str};
use super::search::join;
use super::text::{count, is_space, skip_start, split_lines_with_ends, strip_start, text_to};
use super::value::Value;

const WIDTH: usize = 80;

/// The text of a value as JSON can hold it.
#[must_use]
pub fn pformat(value: &Value) -> String {
    let mut out = String::new();
    Writer { out: &mut out }.write(&sorted(value), 0, 0, 1);
    out
}

/// The value with the keys of all its dicts in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        Value::Dict(entries) => {
            let place = |(index, (key, _)): (usize, &(Value, Value))| match key {
                Value::Str(key) => (key.as_bytes().to_vec(), index),
                other => (repr(other).as_bytes().to_vec(), index),
            };
            let places = sort(entries.iter().enumerate().map(place).collect());
            let ordered = places.iter().filter_map(|(_, index)| entries.get(*index));
            Value::Dict(
                ordered
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

struct Writer<'a> {
    out: &'a mut String,
}

impl Writer<'_> {
    /// Writes a value that begins in the column `indent` and has `allowance` characters behind it
    /// on its last line.
    fn write(&mut self, value: &Value, indent: usize, allowance: usize, level: usize) {
        let plain = repr(value).to_string_lossy();
        if count(&plain) + indent + allowance <= WIDTH {
            self.out.push_str(&plain);
            return;
        }
        match value {
            Value::List(items) if !items.is_empty() => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.next_item(index, indent + 1);
                    let is_last = index + 1 == items.len();
                    self.write(
                        item,
                        indent + 1,
                        if is_last { allowance + 1 } else { 1 },
                        level + 1,
                    );
                }
                self.out.push(']');
            }
            Value::Dict(entries) if !entries.is_empty() => {
                self.out.push('{');
                for (index, (key, item)) in entries.iter().enumerate() {
                    self.next_item(index, indent + 1);
                    let key = repr(key).to_string_lossy() + ": ";
                    self.out.push_str(&key);
                    let is_last = index + 1 == entries.len();
                    let behind = if is_last { allowance + 1 } else { 1 };
                    self.write(item, indent + 1 + count(&key), behind, level + 1);
                }
                self.out.push('}');
            }
            Value::Str(text) => self.write_text(&text.to_string_lossy(), indent, allowance, level),
            _ => self.out.push_str(&plain),
        }
    }

    fn next_item(&mut self, index: usize, indent: usize) {
        if index > 0 {
            self.out.push_str(",\n");
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
    }

    /// A text in pieces: line by line, and long lines word by word.
    fn write_text(&mut self, text: &str, indent: usize, allowance: usize, level: usize) {
        if text.is_empty() {
            self.out.push_str("''");
            return;
        }
        let outer = usize::from(level == 1);
        let (indent, allowance) = (indent + outer, allowance + outer);
        let width = WIDTH.saturating_sub(indent);
        let lines = split_lines_with_ends(text);
        let mut chunks: Vec<String> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let is_last_line = index + 1 == lines.len();
            let behind = if is_last_line { allowance } else { 0 };
            let plain = repr_str(line);
            if count(&plain) + behind <= width {
                chunks.push(plain);
                continue;
            }
            let mut current = String::new();
            let mut words = words_with_space(line).peekable();
            while let Some(word) = words.next() {
                let is_last = is_last_line && words.peek().is_none();
                let candidate = current.clone() + word;
                if count(&repr_str(&candidate)) + if is_last { allowance } else { 0 } > width {
                    if !current.is_empty() {
                        chunks.push(repr_str(&current));
                    }
                    word.clone_into(&mut current);
                } else {
                    current = candidate;
                }
            }
            if !current.is_empty() {
                chunks.push(repr_str(&current));
            }
        }
        let brackets = outer == 1 && chunks.len() > 1;
        let between = format!("\n{}", " ".repeat(indent));
        self.out.push_str(if brackets { "(" } else { "" });
        self.out.push_str(&join(&chunks, &between));
        self.out.push_str(if brackets { ")" } else { "" });
    }
}

/// `re.findall(r'\S*\s*', line)`, but for the empty match at the end.
fn words_with_space(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let next = strip_start(skip_start(rest, &|character| !is_space(character)));
        let word = text_to(rest, rest.len() - next.len());
        rest = next;
        (!word.is_empty()).then_some(word)
    })
}
