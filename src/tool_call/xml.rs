//! The XML-like formats of Seed and of `MiniMax`, as verl's `SeedToolParser` and
//! `MiniMaxToolParser` read them (`verl/experimental/agent_loop/tool_parser.py`, commit
//! 1dda039b9c63). A value is what its text is as JSON, or the text.

use super::scan::{find, find_any, pairs, slice};
use super::{Options, Parsed, ToolCall, robust};
use crate::python::json::loads;
use crate::python::repair::Repairs;
use crate::python::search::contains;
use crate::python::text::strip;
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

/// How a tag with a name in it is written: `<function=NAME>`, `<invoke name="NAME">`.
struct NamedTag {
    open: &'static str,
    /// Where the name ends.
    stops: &'static [char],
    /// What must stand there.
    end: &'static str,
    close: &'static str,
}

const FUNCTION: NamedTag = NamedTag {
    open: "<function=",
    stops: &['>', '\n'],
    end: ">",
    close: "</function>",
};
const PARAMETER: NamedTag = NamedTag {
    open: "<parameter=",
    stops: &['>', '\n'],
    end: ">",
    close: "</parameter>",
};
const INVOKE: NamedTag = NamedTag {
    open: "<invoke name=\"",
    stops: &['"'],
    end: "\">",
    close: "</invoke>",
};
const NAMED_PARAMETER: NamedTag = NamedTag {
    open: "<parameter name=\"",
    stops: &['"'],
    end: "\">",
    close: "</parameter>",
};

struct NamedPair {
    name: Span,
    body: Span,
    span: Span,
}

impl NamedTag {
    /// The next tag with a name and an end at or behind `from`, inside of `text`.
    fn find(&self, text: &str, from: usize) -> Option<NamedPair> {
        let mut from = from;
        loop {
            let start = find(text, self.open, from)?;
            let name = start + self.open.len();
            // A name without an end ends the search: no later name has one.
            let stop = find_any(text, name, |c| self.stops.contains(&c))?;
            if stop == name || !text.get(stop..)?.starts_with(self.end) {
                // Every name that starts before `stop` stops there too, and fails too, unless it was
                // its own tag that stopped this one.
                from = if self.open.contains(self.stops) {
                    name
                } else {
                    stop
                };
                continue;
            }
            let body = stop + self.end.len();
            let end = find(text, self.close, body)?;
            return Some(NamedPair {
                name: Span::new(name, stop),
                body: Span::new(body, end),
                span: Span::new(start, end + self.close.len()),
            });
        }
    }
}

pub(super) fn parse_seed(text: &str, options: &Options) -> Parsed {
    parse(
        text,
        options,
        ("<seed:tool_call>", "</seed:tool_call>"),
        |block| FUNCTION.find(block, 0).into_iter().collect(),
        &PARAMETER,
    )
}

pub(super) fn parse_minimax(text: &str, options: &Options) -> Parsed {
    parse(
        text,
        options,
        ("<minimax:tool_call>", "</minimax:tool_call>"),
        |block| {
            let mut found: Vec<NamedPair> = Vec::new();
            let mut from = 0;
            while let Some(pair) = INVOKE.find(block, from) {
                from = pair.span.end;
                found.push(pair);
            }
            found
        },
        &NAMED_PARAMETER,
    )
}

fn parse(
    text: &str,
    options: &Options,
    (open, close): (&str, &str),
    find_calls: fn(&str) -> Vec<NamedPair>,
    parameter: &NamedTag,
) -> Parsed {
    let Some(first) = find(text, open, 0).filter(|_| contains(text, close)) else {
        return Parsed::text(text);
    };
    let mut calls = Vec::new();
    for pair in pairs(text, open, close) {
        let block = slice(text, pair.body);
        for call in find_calls(block) {
            let name = strip(slice(block, call.name));
            let mut arguments = DictBuilder::default();
            let mut repairs = Repairs::default();
            let body = slice(block, call.body);
            let mut from = 0;
            while let Some(found) = parameter.find(body, from) {
                from = found.span.end;
                let key = strip(slice(body, found.name));
                let value = read_value(slice(body, found.body), options, name, key, &mut repairs);
                arguments.insert_text(key.into(), value);
            }
            let at = pair.body.start;
            let span = Span::new(at + call.span.start, at + call.span.end);
            calls.push(ToolCall::write(name, arguments, span).with_repairs(repairs));
        }
    }
    Parsed {
        content: text.get(..first).unwrap_or_default().to_owned(),
        calls,
        raised: None,
    }
}

/// A value without the space around it: what it is as JSON, or the text.
pub(super) fn read_value(
    text: &str,
    options: &Options,
    tool: &str,
    key: &str,
    repairs: &mut Repairs,
) -> Value {
    let text = strip(text);
    match loads(text) {
        Ok(value) => robust::keep_text(text, value, options, tool, key, repairs),
        Err(_) => Value::Str(text.into()),
    }
}
