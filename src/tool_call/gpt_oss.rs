//! The harmony format of gpt-oss, as verl's `GptOssToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): messages
//! `<|start|>assistant<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>…<|call|>`
//! outside of the analysis channel. The arguments stay as the model wrote them.

use super::scan::{Cut, Mark, Name, elements, find, slice, spans, without};
use super::{Options, Parsed, ToolCall, hermes};
use crate::python::repair::Repairs;
use crate::python::search::find_last;
use crate::python::text::{text_from, text_to};
use crate::span::Span;

pub(super) const CLOSE: &str = "<|call|>";
pub(super) const RECIPIENT: &str = " to=functions.";
const JSON: &str = "<|constrain|>json<|message|>";
const PAD_TOKEN: &str = "<|endoftext|>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let mut cut = Cut::new(text);
    cut.leave_out_pairs(options.pad_token.as_deref().unwrap_or(PAD_TOKEN), "");
    // The start may stand in the prompt.
    for open in [
        "<|start|>assistant<|channel|>analysis<|message|>",
        "<|channel|>analysis<|message|>",
    ] {
        cut.leave_out_pairs(open, "<|end|>");
    }
    let mark = Mark {
        open: "<|start|>assistant<|channel|>",
        name: read_header,
        close: CLOSE,
    };
    let found = elements(&cut.text, Span::new(0, cut.text.len()), &mark);
    let mut parsed = Parsed::new(&without(&cut.text, &spans(&found)), Vec::new());
    for call in found {
        let (name, arguments) = (slice(&cut.text, call.name), slice(&cut.text, call.body));
        parsed
            .calls
            .push(read(name, arguments, cut.original(call.span), options));
    }
    parsed
}

/// One call. Only the robust option looks at the arguments.
fn read(name: &str, arguments: &str, span: Span, options: &Options) -> ToolCall {
    if options.robust {
        match hermes::read_json(arguments, options) {
            Ok((_, repairs)) if repairs.is_empty() => {}
            Ok((value, repairs)) => return ToolCall::write(name.into(), &value, span, repairs),
            Err(exception) => return ToolCall::unreadable(exception.message, span),
        }
    }
    ToolCall::call(name.into(), arguments.into(), span, Repairs::default())
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
    // The name has at least one character.
    let last = named.chars().next_back()?;
    let before_last = text_to(named, named.len() - last.len_utf8());
    let recipient = find_last(text_from(before_last, at), RECIPIENT)?;
    Some(Span::new(at + recipient + RECIPIENT.len(), named.len()))
}
