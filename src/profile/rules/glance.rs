//! Text in, whether Python parses it out, as far as a glance tells.

use crate::python::search::{contains, last_of, replace, split};
use crate::python::text::{strip_start_of, text_to};

/// Whether Python parses `text`: nothing but blanks and comments it does, and what starts with a
/// character that starts no statement it does not. `None` where it takes a parser to tell.
#[must_use]
pub fn parses(text: &str) -> Option<bool> {
    if contains(text, "\0") {
        return Some(false);
    }
    for line in split(&replace(text, "\r", "\n"), "\n") {
        let content = strip_start_of(line, " \t\u{c}");
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        // A form feed starts the indentation anew; behind a backslash there may be only a comment.
        let indent = last_of(text_to(line, line.len() - content.len()), "\u{c}");
        let is_indented = !indent.is_empty() && !content.starts_with('\\');
        let starts_nothing = strip_start_of(content, "`<>|$?!=)]},;:%&/^").len() < content.len();
        return (is_indented || starts_nothing).then_some(false);
    }
    Some(true)
}
