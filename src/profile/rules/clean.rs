//! Code in, code as the framework runs it out.

use super::lines::lines_of;
use super::show::fill;
use crate::python::search::{find, find_last, join};
use crate::python::text::{strip, strip_end_of, strip_start_of, text_from, text_to};

/// Wraps the last line that is not empty in `print(…)`, unless it starts with `print` or
/// `is_left` says to leave it: verl's way to show the value of a notebook-style last line. It
/// wraps assignments, closing brackets and comments, too, as verl does.
#[must_use]
pub fn print_last_line(code: &str, is_left: fn(&str) -> bool) -> String {
    let end = strip_end_of(code, "\n").len();
    let (before, rest) = code.split_at_checked(end).unwrap_or((code, ""));
    let start = find_last(before, "\n").map_or(0, |at| at + 1);
    let (head, line) = before.split_at_checked(start).unwrap_or(("", before));
    if line.is_empty() || line.starts_with("print") || is_left(line) {
        return code.to_owned();
    }
    fill("{}print({}){}", &[head, line, rest])
}

/// The code before the first `mark`, stripped; all of it when there is none.
#[must_use]
pub fn cut_at<'a>(code: &'a str, mark: &str) -> &'a str {
    find(code, mark).map_or(code, |at| strip(text_to(code, at)))
}

/// The code after the last `mark`, stripped; all of it when there is none.
#[must_use]
pub fn strip_after_last<'a>(text: &'a str, mark: &str) -> &'a str {
    match find_last(text, mark) {
        Some(at) => strip(text_from(text, at + mark.len())),
        None => text,
    }
}

/// `textwrap.dedent`: takes the white space off that all lines begin with, and every blank off
/// lines of nothing but blanks and tabs.
#[must_use]
pub fn dedent(text: &str) -> String {
    let mut lines = lines_of(text);
    let mut margin: Option<&str> = None;
    for line in &mut lines {
        let content = strip_start_of(line, " \t");
        if content.is_empty() {
            *line = content;
            continue;
        }
        let own = text_to(line, line.len() - content.len());
        margin = Some(margin.map_or(own, |margin| common_start(margin, own)));
    }
    let margin = margin.unwrap_or_default().len();
    for line in &mut lines {
        *line = text_from(line, margin.min(line.len()));
    }
    join(&lines, "\n")
}

fn common_start<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(one, other)| one == other);
    text_to(one, same.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(code: &str) -> String {
        print_last_line(code, |_| false)
    }

    #[test]
    fn the_last_line_is_printed_whatever_it_is() {
        for (code, expected) in [
            ("", ""),
            ("\n\n", "\n\n"),
            ("x", "print(x)"),
            ("a\nb\n\n", "a\nprint(b)\n\n"),
            ("a\n ", "a\nprint( )"),
            ("printer()", "printer()"),
            (" print(1)", "print( print(1))"),
            ("x = 1\r", "print(x = 1\r)"),
        ] {
            assert_eq!(printed(code), expected, "{code:?}");
        }
    }

    #[test]
    fn dedent_takes_the_common_margin() {
        assert_eq!(dedent("\n  a\n    b\n \t\n"), "\na\n  b\n\n");
        assert_eq!(dedent("\t a\n  b"), "\t a\n  b");
    }
}
