//! Text in, whether Python parses it out, as far as a glance tells.

use crate::python::search::{contains, split};
use crate::python::text::strip_start_of;
/// Whether Python parses `text`: nothing but blanks and comments it does, and what starts with a
/// character that starts no statement it does not. `None` where it takes a parser to tell.
#[must_use]
pub fn parses(text: &str) -> Option<bool> {
    if contains(text, "\0") {
        return Some(false);
    }
    for line in split(text, "\n").flat_map(|line| split(line, "\r")) {
        let content = strip_start_of(line, " \t\u{c}");
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let is_indented = content.len() < strip_start_of(line, "\u{c}").len();
        let starts_nothing = strip_start_of(content, "`<>|$?!=)]},;:%&/^").len() < content.len();
        return (is_indented || starts_nothing).then_some(false);
    }
    Some(true)
}
