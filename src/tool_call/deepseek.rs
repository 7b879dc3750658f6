//! The format of DeepSeek-V4, as verl's `DeepSeekV4ToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): `invoke` and `parameter`
//! tags, the latter saying of their values whether they are texts or JSON.

use super::scan::{Cut, Mark, Name, elements, find, pairs, slice};
use super::{Options, Parsed, ToolCall};
use crate::python::json::loads;
use crate::python::repair::Repairs;
use crate::python::search::last_of;
use crate::python::text::{text_from, text_to};
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

pub(super) const OPEN: &str = "<｜DSML｜tool_calls>";
pub(super) const CLOSE: &str = "</｜DSML｜tool_calls>";
pub(super) const INVOKE_CLOSE: &str = "</｜DSML｜invoke>";
const STRING: &str = "\" string=\"";
const PAD_TOKEN: &str = "<｜▁pad▁｜>";

const INVOKE: Mark<'_> = Mark {
    open: "<｜DSML｜invoke name=\"",
    name: |text, at| Name::up_to(text, at, "\">"),
    close: INVOKE_CLOSE,
};
const PARAMETER: Mark<'_> = Mark {
    open: "<｜DSML｜parameter name=\"",
    name: read_parameter,
    close: "</｜DSML｜parameter>",
};

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let mut cut = Cut::new(text);
    cut.leave_out_pairs(options.pad_token.as_deref().unwrap_or(PAD_TOKEN), "");
    cut.leave_out_pairs("<｜end▁of▁sentence｜>", "");
    let text = &cut.text;
    let first = find(text, OPEN, 0);
    // What follows the last end of thinking.
    let content = last_of(text_to(text, first.unwrap_or(text.len())), "</think>");
    let without_lines = content.strip_suffix("\n\n").filter(|_| first.is_some());
    let mut parsed = Parsed::new(without_lines.unwrap_or(content), Vec::new());
    for block in pairs(text, OPEN, CLOSE) {
        for call in elements(text, block.body, &INVOKE) {
            let mut arguments = DictBuilder::default();
            for found in elements(text, call.body, &PARAMETER) {
                let value = slice(text, found.body);
                let flag = slice(text, Span::new(found.name.end, found.body.start));
                let json = loads(value).ok().filter(|_| flag.ends_with("false\">"));
                let value = json.unwrap_or_else(|| Value::Str(value.into()));
                arguments.insert_text(slice(text, found.name).into(), value);
            }
            let name = slice(text, call.name).into();
            let span = cut.original(call.span);
            let call = ToolCall::write(name, &arguments.build(), span, Repairs::default());
            parsed.calls.push(call);
        }
    }
    parsed
}

/// A name goes on to the first `string` attribute that is true or false.
fn read_parameter(text: &str, at: usize) -> Option<Name> {
    let mut end = find(text, STRING, at)?;
    loop {
        let behind = end + STRING.len();
        for word in ["true\">", "false\">"] {
            if text_from(text, behind).starts_with(word) {
                return Some(Name::Read(Span::new(at, end), behind + word.len()));
            }
        }
        // The quote at the end of one occurrence may start the next.
        end = find(text, STRING, end + 1)?;
    }
}
