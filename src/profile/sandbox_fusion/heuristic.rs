//! Text without fences in, what looks like code out.

use crate::python::search::{find, first_of};
use std::borrow::Cow;

use super::blocks::CodeBlock;
use crate::profile::rules::lines::keep_lines;
use crate::python::text::{is_space, strip, strip_start, strip_word_of_any_case, text_from};

/// Code without fences: functions and classes of Python, statements of SQL, every line of Bash.
#[must_use]
pub fn extract_heuristic<'a>(text: &str, language: &str) -> Vec<CodeBlock<'a>> {
    let (language, codes) = match language {
        "python" => ("python", extract_python(&without_blank_lines(text))),
        "sql" => ("sql", extract_sql(&without_blank_lines(text))),
        "bash" => ("bash", vec![without_blank_lines(text)]),
        _ => return vec![],
    };
    let blocks = codes.into_iter().map(|code| CodeBlock {
        priority: 10,
        language,
        code: Cow::Owned(code),
    });
    blocks.collect()
}

fn without_blank_lines(text: &str) -> String {
    keep_lines(text, &|line| !strip(line).is_empty()) + "\n"
}

/// Lines of imports and comments, one that opens a function or a class, and at least one indented
/// line. `code` has no blank lines, so every part of the original's pattern matches whole lines;
/// a run of imports without a function behind it is passed over at once.
fn extract_python(code: &str) -> Vec<String> {
    let longer = |line: &str, start: &str| {
        line.strip_prefix(start)
            .is_some_and(|rest| !rest.is_empty())
    };
    let is_header = |line: &str| {
        ["import", "from", "#"]
            .iter()
            .any(|start| longer(line, start))
    };
    let is_opening = |line: &str| ["def ", "class "].iter().any(|start| longer(line, start));
    let mut found = Vec::new();
    let mut lines = code.split_inclusive('\n').peekable();
    let mut block = String::new();
    while let Some(line) = lines.next() {
        let content = line.strip_suffix('\n').unwrap_or(line);
        if is_header(content) {
            block.push_str(line);
            continue;
        }
        if is_opening(content) && lines.peek().is_some_and(|line| is_indented(line)) {
            block.push_str(line);
            while let Some(line) = lines.next_if(|line| is_indented(line)) {
                block.push_str(line);
            }
            found.push(std::mem::take(&mut block));
        }
        block.clear();
    }
    found
}

/// `\s+[^\n]+\n`, on a line that is not blank.
fn is_indented(line: &str) -> bool {
    line.starts_with(is_space)
}

/// `^\s*(?:select|with\s[^\n]+as)[^;]*` without regard to case, from the front of each line.
fn extract_sql(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = code.get(from..).filter(|rest| !rest.is_empty()) {
        if let Some(behind) = behind_words(strip_start(rest)) {
            let words = rest.len() - behind.len();
            let length = words + find(behind, ";").unwrap_or(behind.len());
            found.extend(rest.get(..length).map(str::to_owned));
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
    if let Some(behind) = strip_word_of_any_case(rest, "select") {
        return Some(behind);
    }
    let mut behind = strip_word_of_any_case(rest, "with")?.chars();
    behind.next().filter(|space| is_space(*space))?;
    let behind = behind.as_str();
    let line = first_of(behind, "\n");
    let starts = line.char_indices().skip(1).map(|(at, _)| at);
    let is_last = |at: &usize| {
        let after = line
            .get(*at..)
            .and_then(|rest| strip_word_of_any_case(rest, "as"));
        after.is_some()
    };
    let last = starts.filter(is_last).last()?;
    strip_word_of_any_case(behind.get(last..)?, "as")
}
