//! Python's `pprint.pformat` with its defaults: a value on one line where 80 characters are enough,
//! else one item a line; keys in order.

use std::mem::replace;

use super::order::sort;

use super::repr::{repr, repr_str, str};
use super::search::{join, last_of};
use super::text::{
    count, is_space, skip_start, split_lines_with_ends, strip_start, text_between, text_from,
};
use super::value::Value;
use super::write::parts_of;

const WIDTH: usize = 80;

/// The text of a value as JSON can hold it.
#[must_use]
pub fn pformat(value: &Value) -> String {
    let mut out = String::new();
    let mut sorted = value.clone();
    sort_keys(&mut sorted);
    write(&sorted, 0, &mut out);
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

/// Writes a value behind what is written already, with `allowance` characters behind it on its last line.
fn write(value: &Value, allowance: usize, out: &mut String) {
    let indent = count(last_of(out, "\n"));
    let plain = repr(value).to_string_lossy();
    if count(&plain) + indent + allowance <= WIDTH {
        out.push_str(&plain);
        return;
    }
    if let Value::Str(text) = value {
        return write_text(&text.to_string_lossy(), indent, allowance, out);
    }
    let Some(parts) = parts_of(value) else {
        out.push_str(&plain);
        return;
    };
    out.push_str(parts.open);
    let mut left = parts.items.len() + parts.entries.len();
    for (key, item) in parts.iter() {
        if let Some(key) = key {
            out.push_str(&repr(key).to_string_lossy());
            out.push_str(": ");
        }
        left -= 1;
        if left == 0 {
            write(item, allowance + parts.close.len(), out);
        } else {
            write(item, 1, out);
            out.push(',');
            out.push_str(&new_line(indent + 1));
        }
    }
    out.push_str(parts.close);
}

/// A text in pieces: line by line, and long lines word by word.
fn write_text(text: &str, indent: usize, allowance: usize, out: &mut String) {
    if text.is_empty() {
        out.push_str("''");
        return;
    }
    // Alone it stands in parentheses.
    let outer = usize::from(out.is_empty());
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
    out.push_str(if brackets { "(" } else { "" });
    out.push_str(&join(&chunks, &new_line(indent)));
    out.push_str(if brackets { ")" } else { "" });
}

fn new_line(indent: usize) -> String {
    "\n".to_owned() + &" ".repeat(indent)
}
