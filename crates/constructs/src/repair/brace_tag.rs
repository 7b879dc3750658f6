//! `Repair::BraceTag`.

/// The name at the front of an info string in braces.
///
/// ```text
/// {.python, echo=FALSE}
///   ^^^^^^
/// ```
pub fn read_tag(info: &str) -> Option<&str> {
    let inner = info.strip_prefix("{")?.trim_start();
    let name = inner.strip_prefix(".").unwrap_or(inner);
    let ends = |character: char| character.is_whitespace() || matches!(character, ',' | '}' | '.');
    let name = name.get(..name.find(ends).unwrap_or(name.len()))?;
    let starts_well = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (starts_well && !name.as_bytes().contains(&b'=')).then_some(name)
}
