//! Text in, whether Python parses it out, as far as a glance tells.

/// Whether Python parses `text`: nothing but blanks and comments it does, and what starts with a
/// character that starts no statement it does not. `None` where it takes a parser to tell.
#[must_use]
pub fn parses(text: &str) -> Option<bool> {
    if text.contains('\0') {
        return Some(false);
    }
    let blanks = [' ', '\t', '\u{c}', '\r'];
    let mut lines = text
        .split(['\n', '\r'])
        .map(|line| (line, line.trim_start_matches(blanks)));
    let first = lines.find(|(_, content)| !content.is_empty() && !content.starts_with('#'));
    let Some((line, content)) = first else {
        return Some(true);
    };
    let is_indented = content.len() < line.trim_start_matches('\u{c}').len();
    let starts_nothing = content.starts_with(|first: char| "`<>|$?!=)]},;:%&/^".contains(first));
    (is_indented || starts_nothing).then_some(false)
}
