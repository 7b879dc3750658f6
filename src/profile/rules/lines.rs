//! Lines in, the lines of a program out: the scanners that look at whole lines.

use super::find::FENCE;
use crate::python::search::{self, find, first_of, last_of, split};
use crate::python::text::{text_between, text_from};

/// A line and where it stands.
pub type Line<'a> = (usize, &'a str);

/// The lines of `text` with their positions, ends left out: `text.split("\n")`.
#[must_use]
pub fn numbered(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in split(text, "\n") {
        lines.push((start, line));
        start += line.len() + 1;
    }
    lines
}

/// The lines of `text` that are wanted, joined again.
#[must_use]
pub fn keep_lines(text: &str, is_kept: &dyn Fn(&str) -> bool) -> String {
    join(split(text, "\n").filter(|line| is_kept(line)).collect())
}

/// Lines as a text.
#[must_use]
pub fn join(lines: Vec<&str>) -> String {
    search::join(&lines, "\n")
}

/// The lines that hold three backticks.
#[must_use]
pub fn fenced(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut from = 0;
    while let Some(at) = find(text_from(text, from), FENCE) {
        let before = text_between(text, from, from + at);
        let start = from + before.len() - last_of(before, "\n").len();
        let line = first_of(text_from(text, start), "\n");
        lines.push((start, line));
        from = start + line.len() + 1;
    }
    lines
}

/// The programs of a text in the way of tool-integrated reasoning: a line that starts or ends with
/// ```` ```python ```` opens one, and a line that starts with three backticks closes it. A program
/// left open voids the ones before it. Each has the line end of its last line.
///
/// `GAIR-NLP/ToRL` and `QwenLM/Qwen-Agent` have this scanner in common.
#[must_use]
pub fn scan_programs(text: &str) -> Vec<&str> {
    let mut programs: Vec<&str> = Vec::new();
    let mut open = None;
    for (at, line) in numbered(text) {
        let opens = line.starts_with("```python") || line.ends_with("```python");
        if !opens && !line.starts_with(FENCE) {
            continue;
        }
        if let Some(start) = open.take() {
            programs.push(text_between(text, start, at));
        }
        if opens {
            open = Some(at + line.len() + 1);
        }
    }
    if open.is_some() {
        programs.clear();
    }
    programs
}
