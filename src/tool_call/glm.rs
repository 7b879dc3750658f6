//! The format of GLM, as verl's `GLMToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): in `<tool_call>` a name,
//! then pairs of `<arg_key>` and `<arg_value>`.

use super::scan::{find, pairs, slice};
use super::xml::read_value;
use super::{Options, Parsed, ToolCall, hermes};
use crate::python::repair::Repairs;
use crate::python::search::{contains, split_once};
use crate::python::text::strip;
use crate::python::value::DictBuilder;
use crate::span::Span;

pub(super) const VALUE_CLOSE: &str = "</arg_value>";
const KEY: &str = "<arg_key>";
const KEY_CLOSE: &str = "</arg_key>";
const VALUE: &str = "<arg_value>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let first = find(text, hermes::OPEN, 0).filter(|_| contains(text, hermes::CLOSE));
    let Some(first) = first else {
        return Parsed::text(text);
    };
    let calls = pairs(text, hermes::OPEN, hermes::CLOSE)
        .map(|pair| read(slice(text, pair.body), pair.span, options))
        .collect();
    Parsed {
        content: strip_thinking(text.get(..first).unwrap_or_default()).to_owned(),
        calls,
        raised: None,
    }
}

fn read(body: &str, span: Span, options: &Options) -> ToolCall {
    let keys = find(body, KEY, 0).unwrap_or(body.len());
    let name = strip(body.get(..keys).unwrap_or_default());
    let mut arguments = DictBuilder::default();
    let mut repairs = Repairs::default();
    let mut from = keys;
    while let Some((key, value)) = find_argument(body, from) {
        from = value.end + VALUE_CLOSE.len();
        let key = strip(slice(body, key));
        let value = read_value(slice(body, value), options, name, key, &mut repairs);
        arguments.insert_text(key.into(), value);
    }
    ToolCall::write(name, arguments, span).with_repairs(repairs)
}

/// The next key and its value. A key goes on to the first closing tag that a value follows.
fn find_argument(body: &str, from: usize) -> Option<(Span, Span)> {
    let key = find(body, KEY, from)? + KEY.len();
    let mut close = find(body, KEY_CLOSE, key)?;
    loop {
        let behind = close + KEY_CLOSE.len();
        let rest = body.get(behind..)?.trim_start();
        if rest.starts_with(VALUE) {
            let value = body.len() - rest.len() + VALUE.len();
            let end = find(body, VALUE_CLOSE, value)?;
            return Some((Span::new(key, close), Span::new(value, end)));
        }
        close = find(body, KEY_CLOSE, behind)?;
    }
}

/// The text without thinking in front, or without the tag that ends thinking which began in the
/// prompt.
fn strip_thinking(content: &str) -> &str {
    let close = "</think>";
    let start = content.trim_start();
    let thought = start
        .strip_prefix("<think>")
        .and_then(|thought| split_once(thought, close));
    let rest = thought.map_or(content, |(_, rest)| rest);
    rest.trim_start().strip_prefix(close).unwrap_or(rest)
}
