//! What goes beyond the originals: thinking, truncated calls, faulty JSON.

use super::scan::{Cut, find, slice};
use super::{Format, Options, Parsed, ToolCall};
use crate::python::json::{loads, loads_leniently};
use crate::python::repair::{Repair, Repairs};
use crate::python::unicode::strip;
use crate::python::value::Value;
use crate::span::Span;

const THINK: &str = "<think>";
const THINK_CLOSE: &str = "</think>";

/// The calls outside of thinking, and word of those inside and of the one that is cut off.
pub(super) fn parse(text: &str, format: &Format, options: &Options) -> Parsed {
    let thinking = find_thinking(text, format);
    let mut cut = Cut::new(text);
    cut.leave_out(&thinking);
    let mut parsed = (format.parse)(&cut.text, options);
    if parsed.raised.take().is_some() {
        // One call that cannot be read takes no other with it.
        parsed.calls = parse_each(&cut.text, format, options);
    }
    complete(&cut.text, format, options, &mut parsed);
    for call in &mut parsed.calls {
        let span = call.span_mut();
        *span = cut.original(*span);
    }
    for part in thinking {
        for call in (format.parse)(slice(text, part), options).calls {
            let Span { start, end } = call.span();
            let span = Span::new(part.start + start, part.start + end);
            parsed.calls.push(ToolCall::InThinking { span });
        }
    }
    parsed.calls.sort_by_key(|call| call.span().start);
    parsed
}

/// Reads every call of a format by itself.
fn parse_each(text: &str, format: &Format, options: &Options) -> Vec<ToolCall> {
    let mut calls = Vec::new();
    for pair in super::scan::pairs(text, format.open, format.close) {
        for mut call in (format.parse)(slice(text, pair.span), options).calls {
            let span = call.span_mut();
            *span = Span::new(span.start + pair.span.start, span.end + pair.span.start);
            calls.push(call);
        }
    }
    calls
}

/// The parts of a text that are thinking. Tags inside of a call are the call's own.
fn find_thinking(text: &str, format: &Format) -> Vec<Span> {
    let mut parts: Vec<Span> = Vec::new();
    let mut from = 0;
    let mut next_open = find(text, THINK, 0);
    let mut next_close = find(text, THINK_CLOSE, 0);
    let mut next_call = find(text, format.open, 0);
    let later = |found: Option<usize>, needle: &str, from: usize| match found {
        Some(at) if at < from => find(text, needle, from),
        found => found,
    };
    loop {
        next_open = later(next_open, THINK, from);
        next_close = later(next_close, THINK_CLOSE, from);
        next_call = later(next_call, format.open, from);
        let tag = match (next_open, next_close) {
            (Some(open), Some(close)) => open.min(close),
            (open, close) => match open.or(close) {
                Some(tag) => tag,
                None => return parts,
            },
        };
        if let Some(call) = next_call.filter(|&call| call < tag) {
            from = match find(text, format.close, call) {
                Some(close) => close + format.close.len(),
                None => return parts,
            };
        } else if next_open == Some(tag) {
            let end = find(text, THINK_CLOSE, tag).map_or(text.len(), |at| at + THINK_CLOSE.len());
            parts.push(Span::new(tag, end));
            from = end;
        } else {
            // Thinking that began in the prompt.
            from = tag + THINK_CLOSE.len();
            if parts.is_empty() {
                parts.push(Span::new(0, from));
            }
        }
    }
}

/// Reads the call that the text ends in, if nothing but its closing tag is missing, and tells of
/// it otherwise.
fn complete(text: &str, format: &Format, options: &Options, parsed: &mut Parsed) {
    let mut from = 0;
    while let Some(pair) = super::scan::find_pair(text, format.open, format.close, from) {
        from = pair.span.end;
    }
    let Some(start) = find(text, format.open, from) else {
        return;
    };
    let rest = text.get(start..).unwrap_or_default();
    let span = Span::new(start, text.len());
    parsed.calls.retain(|call| call.span().start < start);
    if rest.trim_end().ends_with(format.last) {
        let closed = format!("{}{}", rest.trim_end(), format.close);
        let before = text.get(..start).unwrap_or_default();
        let whole = (format.parse)(&format!("{before}{closed}"), options);
        let mut found = false;
        for mut call in whole.calls {
            let at = call.span_mut();
            if at.start < start || !matches!(call, ToolCall::Call { .. }) {
                continue;
            }
            let at = call.span_mut();
            *at = Span::new(at.start, at.end.min(text.len()));
            found = true;
            parsed
                .calls
                .push(call.with_repairs(Repairs::of(Repair::MissingEnd)));
        }
        if found {
            parsed.content = whole.content;
            return;
        }
    }
    parsed.calls.push(ToolCall::Truncated { span });
}

/// A faulty JSON text with one sensible reading, in a fence or not.
pub(super) fn read_json(body: &str) -> Option<(Value, Repairs)> {
    let mut repairs = Repairs::default();
    let mut json = strip(body);
    if let Some(fenced) = json
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"))
    {
        repairs.add(Repair::Fence);
        json = strip(fenced.trim_start_matches(|c: char| c.is_ascii_alphanumeric()));
    }
    let (value, more) = loads_leniently(json)?;
    repairs.join(more);
    Some((value, repairs))
}

/// The object in arguments that are a string with JSON in it.
pub(super) fn decode_arguments(arguments: &Value) -> Option<(Value, Repairs)> {
    let text = arguments.as_str()?;
    let mut repairs = Repairs::of(Repair::ArgumentsInString);
    let value = match loads(text) {
        Ok(value) => value,
        Err(_) => {
            let (value, more) = read_json(text)?;
            repairs.join(more);
            value
        }
    };
    matches!(value, Value::Dict(_)).then_some((value, repairs))
}

/// The text of a value that is JSON, where the schema of the tool asks for a text.
pub(super) fn keep_text(
    text: &str,
    value: Value,
    options: &Options,
    tool: &str,
    key: &str,
    repairs: &mut Repairs,
) -> Value {
    if !options.robust {
        return value;
    }
    let mut tools = options.tools.iter();
    let tool = tools.find(|candidate| candidate.name == tool);
    if tool.and_then(|tool| tool.type_of(key)).as_deref() != Some("string") {
        return value;
    }
    repairs.add(Repair::TextKept);
    Value::Str(text.into())
}
