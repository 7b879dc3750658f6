//! Python's `pprint.pformat` with its defaults: a value on one line where 80 characters are enough,
//! else one item a line; keys in order.

use std::mem::replace;

use super::order::sort;

use super::repr::{repr, repr_str, str};
use super::search::join;
use super::text::{
    count, is_space, skip_start, split_lines_with_ends, strip_start, text_between, text_from,
};
use super::value::Value;

const WIDTH: usize = 80;

/// The text of a value as JSON can hold it.
#[must_use]
pub fn pformat(value: &Value) -> String {
    let mut out = String::new();
    let mut sorted = value.clone();
    sort_keys(&mut sorted);
    Writer { out: &mut out }.write(&sorted, 0, 0, 1);
    out
}

/// Puts the keys of all the dicts in a value in order.
fn sort_keys(value: &mut Value) {
    match value {
        Value::List(items) => items.iter_mut().for_each(sort_keys),
        Value::Dict(entries) => {
            let mut places = Vec::new();
            for (index, (key, item)) in entries.iter_mut().enumerate() {
                sort_keys(item);
                places.push((str(key).as_bytes().to_vec(), index));
            }
            let mut sorted = Vec::new();
            for (_, index) in sort(places) {
                if let Some(entry) = entries.get_mut(index) {
                    sorted.push(replace(entry, (Value::None, Value::None)));
                }
            }
            *entries = sorted;
        }
        _ => {}
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
        let mut entries: Vec<(String, &Value)> = Vec::new();
        let (open, close) = match value {
            Value::List(items) if !items.is_empty() => {
                entries.extend(items.iter().map(|item| (String::new(), item)));
                ("[", "]")
            }
            Value::Dict(members) if !members.is_empty() => {
                let key = |key| repr(key).to_string_lossy() + ": ";
                entries.extend(members.iter().map(|(name, item)| (key(name), item)));
                ("{", "}")
            }
            Value::Str(text) => {
                return self.write_text(&text.to_string_lossy(), indent, allowance, level);
            }
            _ => (plain.as_str(), ""),
        };
        self.out.push_str(open);
        for (index, (key, item)) in entries.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
                self.out.push_str(&new_line(indent + 1));
            }
            self.out.push_str(key);
            let is_last = index + 1 == entries.len();
            let behind = if is_last { allowance + 1 } else { 1 };
            self.write(item, indent + 1 + count(key), behind, level + 1);
        }
        self.out.push_str(close);
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
            let (mut start, mut end) = (0, 0);
            while end < line.len() {
                // `\S*\s*`
                let word = skip_start(text_from(line, end), &|character| !is_space(character));
                let rest = strip_start(word);
                let next = line.len() - rest.len();
                let is_last = is_last_line && rest.is_empty();
                let candidate = repr_str(text_between(line, start, next));
                if count(&candidate) + if is_last { allowance } else { 0 } > width && end > start {
                    chunks.push(repr_str(text_between(line, start, end)));
                    start = end;
                }
                end = next;
            }
            chunks.push(repr_str(text_from(line, start)));
        }
        let brackets = outer == 1 && chunks.len() > 1;
        self.out.push_str(if brackets { "(" } else { "" });
        self.out.push_str(&join(&chunks, &new_line(indent)));
        self.out.push_str(if brackets { ")" } else { "" });
    }
}

fn new_line(indent: usize) -> String {
    "\n".to_owned() + &" ".repeat(indent)
}
