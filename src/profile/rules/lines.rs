//! Lines in, the lines of a program out: the scanners that look at whole lines.

use super::find::FENCE;
use crate::python::search::{self, find, first_of, last_of, split};

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

/// What stands between two lines, each given by its position and itself: from the line after the
/// first to the end of the line before the second, without that line's end.
#[must_use]
pub fn between<'a>(text: &'a str, first: (usize, &str), second: (usize, &str)) -> &'a str {
    let start = first.0 + first.1.len() + 1;
    text.get(start..second.0.saturating_sub(1))
        .unwrap_or_default()
}

/// The lines that hold three backticks.
#[must_use]
pub fn fenced(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| find(rest, FENCE)) {
        let before = text.get(from..from + at).unwrap_or_default();
        let start = from + before.len() - last_of(before, "\n").len();
        let line = first_of(text.get(start..).unwrap_or_default(), "\n");
        lines.push((start, line));
        from = start + line.len() + 1;
    }
    lines
}

/// The programs of a text in the way of tool-integrated reasoning: a line that starts or ends with
/// ```` ```python ```` opens one, and a line that starts with three backticks closes it. A program
/// left open voids the ones before it.
///
/// `GAIR-NLP/ToRL` and `QwenLM/Qwen-Agent` have this scanner in common.
#[must_use]
pub fn scan_programs(text: &str) -> Vec<Scanned<'_>> {
    let mut programs: Vec<Scanned<'_>> = Vec::new();
    let mut open = None;
    for (at, line) in numbered(text) {
        let opens = line.starts_with("```python") || line.ends_with("```python");
        if !opens && !line.starts_with(FENCE) {
            continue;
        }
        if let Some(start) = open.take() {
            programs.push(Scanned(text.get(start..at).unwrap_or_default()));
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

/// One program of [`scan_programs`], with the line end of its last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanned<'a>(pub &'a str);
