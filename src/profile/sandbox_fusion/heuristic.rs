//! Text without fences in, what looks like code out.

use std::borrow::Cow;

use super::blocks::CodeBlock;
use crate::profile::rules::find::{find_all, match_front};
use crate::profile::rules::lines::keep_lines;
use crate::python::search::{find, first_of};
use crate::python::text::{strip, strip_start, text_from, text_to};

/// Code without fences: functions and classes of Python, statements of SQL, every line of Bash.
#[must_use]
pub fn extract_heuristic<'a>(text: &str, language: &str) -> Vec<CodeBlock<'a>> {
    let (language, extract): (_, fn(&str) -> Vec<&str>) = match language {
        "python" => ("python", extract_python),
        "sql" => ("sql", extract_sql),
        "bash" => ("bash", |code| vec![code]),
        _ => return vec![],
    };
    let code = keep_lines(text, &|line| !strip(line).is_empty()) + "\n";
    let mut blocks = Vec::new();
    for code in extract(&code) {
        blocks.push(CodeBlock {
            priority: 10,
            language,
            code: Cow::Owned(code.to_owned()),
        });
    }
    blocks
}

/// What follows the first line of `text`.
fn behind_line(text: &str) -> &str {
    text_from(text, find(text, "\n").map_or(text.len(), |end| end + 1))
}

/// Lines of imports and comments, one that opens a function or a class, and at least one indented
/// line. There are no blank lines, so every part of the original's pattern matches whole lines;
/// a run of imports without a function behind it is passed over at once.
fn extract_python(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code;
    while !rest.is_empty() {
        let imports = match_front(rest, "(?:import[^\n]+\n|from[^\n]+\n|#[^\n]+\n)*");
        let imports = imports.unwrap_or_default();
        let behind = text_from(rest, imports);
        match match_front(behind, "(?:def |class )[^\n]+\n(?:\\s[^\n]+\n)+") {
            Some(length) => {
                found.push(text_to(rest, imports + length));
                rest = text_from(behind, length);
            }
            None => rest = behind_line(behind),
        }
    }
    found
}

/// `^\s*(?:select|with\s[^\n]+as)[^;]*` without regard to case, from the front of each line.
fn extract_sql(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code;
    while !rest.is_empty() {
        if let Some(behind) = behind_words(strip_start(rest)) {
            let end = find(behind, ";").unwrap_or(behind.len());
            let behind = text_from(behind, end);
            found.push(text_to(rest, rest.len() - behind.len()));
            rest = behind;
        }
        // The next line: a match starts at the front of one.
        rest = behind_line(rest);
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
