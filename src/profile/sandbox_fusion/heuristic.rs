//! Text without fences in, what looks like code out.

use std::borrow::Cow;

use super::blocks::CodeBlock;
use crate::profile::rules::find::{find_all, match_front};
use crate::python::search::{find, first_of, join, split};
use crate::python::text::{strip, strip_start, text_from, text_to};

/// Code without fences: functions and classes of Python, statements of SQL, every line of Bash.
#[must_use]
pub fn extract_heuristic<'a>(text: &str, language: &str) -> Vec<CodeBlock<'a>> {
    let mut lines: Vec<&str> = split(text, "\n").collect();
    lines.retain(|line| !strip(line).is_empty());
    let (language, codes) = match language {
        "python" => ("python", extract_python(&lines)),
        "sql" => ("sql", extract_sql(&as_text(&lines))),
        "bash" => ("bash", vec![as_text(&lines)]),
        _ => return vec![],
    };
    let blocks = codes.into_iter().map(|code| CodeBlock {
        priority: 10,
        language,
        code: Cow::Owned(code),
    });
    blocks.collect()
}

fn as_text(lines: &[&str]) -> String {
    join(lines, "\n") + "\n"
}

/// Lines of imports and comments, one that opens a function or a class, and at least one indented
/// line. There are no blank lines, so every part of the original's pattern matches whole lines;
/// a run of imports without a function behind it is passed over at once.
fn extract_python(lines: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let (mut start, mut end) = (0, 0);
    while let Some(line) = lines.get(end) {
        end += 1;
        if match_front(line, "(?:import|from|#)[^\n]").is_some() {
            continue;
        }
        if match_front(line, "(?:def |class )[^\n]").is_some() {
            let opening = end;
            while lines.get(end).is_some_and(|line| is_indented(line)) {
                end += 1;
            }
            if end > opening {
                found.push(as_text(lines.get(start..end).unwrap_or_default()));
            }
        }
        start = end;
    }
    found
}

/// `\s+[^\n]+\n`, on a line that is not blank.
fn is_indented(line: &str) -> bool {
    strip_start(line).len() < line.len()
}

/// `^\s*(?:select|with\s[^\n]+as)[^;]*` without regard to case, from the front of each line.
fn extract_sql(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < code.len() {
        let rest = text_from(code, from);
        if let Some(behind) = behind_words(strip_start(rest)) {
            let words = rest.len() - behind.len();
            let length = words + find(behind, ";").unwrap_or(behind.len());
            found.push(text_to(rest, length).to_owned());
            from += length;
        }
        // The next line: a match starts at the front of one.
        let rest = text_from(code, from);
        from += find(rest, "\n").map_or(rest.len(), |end| end + 1);
    }
    found
}

/// What follows the words that open a statement: `select`, or `with`, one white space, and on the
/// line that follows it at least one character and the last `as`.
fn behind_words(rest: &str) -> Option<&str> {
    if let Some(length) = match_front(rest, "(?i)select") {
        return Some(text_from(rest, length));
    }
    let behind = text_from(rest, match_front(rest, "(?i)with\\s")?);
    let mut words = find_all(first_of(behind, "\n"), "(?i)as").into_iter();
    let last = words.next_back().filter(|word| word.start > 0)?;
    Some(text_from(behind, last.end))
}
