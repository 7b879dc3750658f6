//! The harmony format of gpt-oss, as verl's `GptOssToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): messages
//! `<|start|>assistant<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>…<|call|>`
//! outside of the analysis channel. The arguments stay as the model wrote them.

use super::reader::{Read, Reader};
use super::scan::{Element, Mark, Name, find};
use crate::python::search::find_last;
use crate::python::text::{text_from, text_to};
use crate::span::Span;

pub(super) const CLOSE: &str = "<|call|>";
pub(super) const RECIPIENT: &str = " to=functions.";
const JSON: &str = "<|constrain|>json<|message|>";
pub(super) const CALL: Mark<'_> = Mark::named("<|start|>assistant<|channel|>", read_header, CLOSE);

/// The padding token, and the analysis, whose start may stand in the prompt.
pub(super) const LEFT_OUT: &[(&str, &str)] = &[
    ("<|endoftext|>", ""),
    (
        "<|start|>assistant<|channel|>analysis<|message|>",
        "<|end|>",
    ),
    ("<|channel|>analysis<|message|>", "<|end|>"),
];

/// One call. Only the robust option looks at the arguments.
pub(super) fn read(reader: &mut Reader<'_>, call: Element) -> Read {
    let (name, arguments) = (reader.name.into(), reader.part(call.body));
    if reader.options.robust {
        let value = reader.read_json(arguments)?;
        if !reader.repairs.is_empty() {
            reader.add(name, value);
            return Ok(());
        }
    }
    reader.add_written(name, arguments.into());
    Ok(())
}

/// A header, which ends in a name behind the last recipient, and one space.
fn read_header(text: &str, at: usize) -> Option<Name> {
    let tag = find(text, "<", at)?;
    let is_json = text_from(text, tag).starts_with(JSON);
    let name = find_name(text_to(text, tag), at).filter(|_| is_json);
    Some(name.map_or(Name::Passed(at), |name| Name::Read(name, tag + JSON.len())))
}

fn find_name(text: &str, at: usize) -> Option<Span> {
    let named = text.strip_suffix(' ')?;
    // The name is not empty.
    let before = named.strip_suffix(RECIPIENT).unwrap_or(named);
    let recipient = find_last(text_from(before, at), RECIPIENT)?;
    Some(Span::new(at + recipient + RECIPIENT.len(), named.len()))
}
