//! The format of DeepSeek-V4, as verl's `DeepSeekV4ToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): `invoke` and `parameter`
//! tags, the latter saying of their values whether they are texts or JSON.

use super::reader::{Read, Reader, read_json};
use super::scan::{Element, Mark, Name, find, slice};
use crate::python::search::last_of;
use crate::python::text::text_from;
use crate::python::value::Value;
use crate::span::Span;

pub(super) const OPEN: &str = "<｜DSML｜tool_calls>";
pub(super) const CLOSE: &str = "</｜DSML｜tool_calls>";
pub(super) const INVOKE_CLOSE: &str = "</｜DSML｜invoke>";
const STRING: &str = "\" string=\"";
const TRUE: &str = "true\">";
const FALSE: &str = "false\">";

pub(super) const INVOKE: Mark<'_> = Mark::named(
    "<｜DSML｜invoke name=\"",
    |text, at| Name::up_to(text, at, "\">"),
    INVOKE_CLOSE,
);
pub(super) const PARAMETER: Mark<'_> = Mark::named(
    "<｜DSML｜parameter name=\"",
    read_parameter,
    "</｜DSML｜parameter>",
);

/// What the reader gets follows the last end of thinking.
pub(super) fn parse(reader: &mut Reader<'_>) {
    reader.walk();
    let front = &reader.parsed.content;
    let content = last_of(front, "</think>");
    let without_lines = content
        .strip_suffix("\n\n")
        .filter(|_| front.len() < reader.text.len());
    reader.parsed.content = without_lines.unwrap_or(content).to_owned();
}

/// JSON where the tag says that the value is no string, unless it cannot be read.
#[expect(
    clippy::unnecessary_wraps,
    reason = "one way to read a value among others"
)]
pub(super) fn read_value(
    reader: &mut Reader<'_>,
    parameter: Element,
    text: &mut &str,
) -> Read<Option<Value>> {
    let tag = slice(
        reader.text,
        Span::new(parameter.name.end, parameter.body.start),
    );
    Ok(if tag.ends_with(FALSE) {
        read_json(text)
    } else {
        None
    })
}

/// A name goes on to the first `string` attribute that is true or false.
fn read_parameter(text: &str, at: usize) -> Option<Name> {
    let mut end = find(text, STRING, at)?;
    loop {
        let behind = end + STRING.len();
        let rest = text_from(text, behind);
        let is = |word| rest.starts_with(word);
        if is(TRUE) || is(FALSE) {
            let length = if is(TRUE) { TRUE.len() } else { FALSE.len() };
            return Some(Name::Read(Span::new(at, end), behind + length));
        }
        // The quote at the end of one occurrence may start the next.
        end = find(text, STRING, end + 1)?;
    }
}
