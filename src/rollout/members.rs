//! A line of JSON in, where its members stand out, without making values of it.

use crate::python::search::find;
use crate::span::Span;

/// A member of an object: its name with the quotes, and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: Span,
    pub(super) value: Span,
}

/// Where the members of the object `bytes` stand; `None` when it is no object as far as can be seen.
///
/// # Complexity
///
/// Linear.
pub(super) fn scan_members(bytes: &[u8]) -> Option<Vec<Member>> {
    let mut members = Vec::new();
    let mut at = open(bytes, b'{')?;
    while bytes.get(at) != Some(&b'}') {
        let end = skip_string(bytes, at)?;
        let name = Span::new(at, end);
        at = skip_space(bytes, end);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        let value = skip_space(bytes, at + 1);
        let end = skip_value(bytes, value)?;
        members.push(Member {
            name,
            value: Span::new(value, end),
        });
        at = next(bytes, end, b'}')?;
    }
    (skip_space(bytes, at + 1) == bytes.len()).then_some(members)
}

/// Where the items of the array `bytes` stand, up to where it is none as far as can be seen. Each is looked for when it is asked for.
pub(super) fn scan_items(bytes: &[u8]) -> impl Iterator<Item = Span> {
    let mut next_at = open(bytes, b'[');
    std::iter::from_fn(move || {
        let at = next_at.filter(|&at| bytes.get(at) != Some(&b']'))?;
        let end = skip_value(bytes, at)?;
        next_at = next(bytes, end, b']');
        Some(Span::new(at, end))
    })
}

fn open(bytes: &[u8], bracket: u8) -> Option<usize> {
    let at = skip_space(bytes, 0);
    (bytes.get(at) == Some(&bracket)).then(|| skip_space(bytes, at + 1))
}

/// Steps over the comma behind a value, or stands on the closing bracket.
fn next(bytes: &[u8], end: usize, close: u8) -> Option<usize> {
    let at = skip_space(bytes, end);
    match bytes.get(at) {
        Some(b',') => Some(skip_space(bytes, at + 1)),
        Some(&byte) if byte == close => Some(at),
        _ => None,
    }
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        .count();
    at + length
}

/// Where a string ends that begins at `at`. Quotes are rarer than escapes, so those alone are looked for; the backslashes in front of
/// each are counted once.
fn skip_string(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let start = at + 1;
    let mut at = start;
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)?;
        let before = bytes.get(start..at)?.iter().rev();
        at += 1;
        if before.take_while(|&&byte| byte == b'\\').count() % 2 == 0 {
            return Some(at);
        }
    }
}

fn skip_value(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => return skip_string(bytes, at),
        b'{' | b'[' => {}
        _ => {
            let rest = bytes.get(at..)?;
            let end = rest
                .iter()
                .position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'));
            return Some(at + end.unwrap_or(rest.len())).filter(|&end| end > at);
        }
    }
    let (mut at, mut depth) = (at, 0_usize);
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = skip_string(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The two halves of a log line around a member yet to be written: what stands before its value and what
/// stands behind. A member of this name that is there already gives way; everything else stays byte for
/// byte. A bare list of messages becomes the member `messages`, and a bare text `text`. `None` when the
/// line is no JSON.
///
/// # Examples
///
/// ```
/// use fencerun::rollout::split_at_member;
/// let split = |line| split_at_member(line, "new").map(|(head, tail)| format!("{head}1{tail}"));
/// assert_eq!(split(r#"{"a":NaN}"#).as_deref(), Some(r#"{"a":NaN, "new": 1}"#));
/// assert_eq!(split(r#"{"a":NaN, "new": 0}"#).as_deref(), Some(r#"{"a":NaN, "new": 1}"#));
/// assert_eq!(split("half"), None);
/// ```
///
/// # Complexity
///
/// Linear.
#[must_use]
pub fn split_at_member(line: &str, name: &str) -> Option<(String, String)> {
    let bytes = line.as_bytes();
    let Some(members) = scan_members(bytes) else {
        let wrapper = match line.trim_start().as_bytes().first()? {
            b'[' => "messages",
            b'"' => "text",
            _ => return None,
        };
        let head = format!("{{\"{wrapper}\": {}, \"{name}\": ", line.trim());
        return Some((head, "}".to_owned()));
    };
    let quoted = format!("\"{name}\"");
    let mut kept = 0;
    // Each member goes with what stands in front of it; the first that stays has no comma there.
    let mut from = find(line, "{")? + 1;
    let mut head = line.get(..from)?.to_owned();
    for member in &members {
        if member.name.of(line) != Some(quoted.as_str()) {
            let before = line.get(from..member.name.start)?;
            let comma = before.strip_prefix(',').filter(|_| kept == 0);
            let before = comma.map_or(before, str::trim_start);
            head.push_str(before);
            head.push_str(line.get(member.name.start..member.value.end)?);
            kept += 1;
        }
        from = member.value.end;
    }
    if kept > 0 {
        head.push_str(", ");
    }
    head.push_str(&quoted);
    head.push_str(": ");
    Some((head, line.get(from..)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(line: &str) -> Option<String> {
        split_at_member(line, "r").map(|(head, tail)| format!("{head}0{tail}"))
    }

    #[test]
    fn everything_but_the_member_stays_byte_for_byte() {
        for (line, expected) in [
            ("{}", r#"{"r": 0}"#),
            (
                r#" { "a" : "}\"" , "b":[1,{"r":2}] } "#,
                r#" { "a" : "}\"" , "b":[1,{"r":2}], "r": 0 } "#,
            ),
            (
                r#"{"r": [1], "a": -Infinity}"#,
                r#"{"a": -Infinity, "r": 0}"#,
            ),
            (
                r#"{"a": 1, "r": [1], "b": 2}"#,
                r#"{"a": 1, "b": 2, "r": 0}"#,
            ),
            (r#"{"r": 1, "r": 2}"#, r#"{"r": 0}"#),
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 1, "a": 2, "r": 0}"#),
            ("[1]", r#"{"messages": [1], "r": 0}"#),
        ] {
            assert_eq!(set(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_is_no_json_has_no_members() {
        for line in [
            "",
            "{",
            r#"{"a"}"#,
            r#"{"a": 1"#,
            r#"{"a": "b"#,
            r#"{"a": 1} x"#,
            "12",
        ] {
            assert_eq!(set(line), None, "{line}");
        }
    }
}
