//! rllm's parsers for Qwen and for DeepSeek-R1 (`rllm/parser/tool_parser.py`, commit
//! 9beb6e0f676a). JSON that cannot be read is passed over; JSON of another shape raises.

use super::hermes::{CLOSE, OPEN, index, read_json};
use super::scan::{find, pairs, slice};
use super::{Exception, Options, Parsed, ToolCall};
use crate::python::search::{first_of, split_once};
use crate::python::text::{strip, text_from, text_to};
use crate::span::Span;

pub(super) const R1_OPEN: &str = "<｜tool▁call▁begin｜>";
pub(super) const R1_CLOSE: &str = "<｜tool▁call▁end｜>";

/// A call goes from the first opening tag to the first closing tag of what is left, even where
/// the closing one comes first.
pub(super) fn parse_qwen(text: &str, options: &Options) -> Parsed {
    let mut parsed = Parsed::new(text, Vec::new());
    let mut from = 0;
    let mut open = find(text, OPEN, 0);
    while let Some(start) = open {
        let Some(end) = find(text, CLOSE, from) else {
            break;
        };
        from = end + CLOSE.len();
        if end < start {
            // An empty text is not JSON.
            continue;
        }
        let span = Span::new(start, from);
        let body = strip(slice(text, Span::new(start + OPEN.len(), end)));
        open = find(text, OPEN, from);
        if !parsed.add(read_qwen(body, span, options), span) {
            break;
        }
    }
    parsed
}

impl Parsed {
    /// Adds a call, or what its JSON raised; false where the original gives up the whole text.
    fn add(&mut self, call: Result<ToolCall, Exception>, span: Span) -> bool {
        let exception = match call {
            Ok(call) => {
                self.calls.push(call);
                return true;
            }
            Err(exception) => exception,
        };
        let reason = exception.message.clone();
        self.calls.push(ToolCall::unreadable(reason, span));
        if exception.type_name != "JSONDecodeError" {
            self.raised = Some(exception);
        }
        self.raised.is_none()
    }
}

fn read_qwen(body: &str, span: Span, options: &Options) -> Result<ToolCall, Exception> {
    let (value, repairs) = read_json(body, options)?;
    let name = index(&value, "name")?.clone();
    let arguments = index(&value, "arguments")?;
    Ok(ToolCall::write(name, arguments, span, repairs))
}

pub(super) fn parse_r1(text: &str, options: &Options) -> Parsed {
    let mut parsed = Parsed::new(text, Vec::new());
    for pair in pairs(text, R1_OPEN, R1_CLOSE) {
        let call = match split_r1(strip(slice(text, pair.body))) {
            None => {
                let reason = "expected a name and a block of JSON".into();
                Ok(ToolCall::unreadable(reason, pair.span))
            }
            Some((name, json)) => read_json(json, options)
                .map(|(value, repairs)| ToolCall::write(name.into(), &value, pair.span, repairs)),
        };
        if !parsed.add(call, pair.span) {
            break;
        }
    }
    parsed
}

/// The name and the JSON of a call. The JSON ends at the first fence, wherever it stands.
fn split_r1(body: &str) -> Option<(&str, &str)> {
    let (_, named) = split_once(body, "function<｜tool▁sep｜>")?;
    let name = first_of(named, "\n");
    // A tag that ends its line goes before one that does not.
    let behind = |tag: &str| find(body, tag, 0).map(|at| at + tag.len());
    let json = text_from(body, behind("```json\n").or_else(|| behind("```json"))?);
    let end = find(json, "```", 0)?;
    Some((strip(name), strip(text_to(json, end))))
}
