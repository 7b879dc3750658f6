//! rllm's parsers for Qwen and for DeepSeek-R1 (`rllm/parser/tool_parser.py`, commit
//! 9beb6e0f676a). JSON that cannot be read is passed over; JSON of another shape raises.

use super::Exception;
use super::reader::Reader;
use super::scan::{Element, Mark, find};
use crate::python::search::{first_of, split_once};
use crate::python::text::{strip, text_from, text_to};

pub(super) const R1_OPEN: &str = "<｜tool▁call▁begin｜>";
pub(super) const R1_CLOSE: &str = "<｜tool▁call▁end｜>";
pub(super) const R1_CALL: Mark<'_> = Mark::pair(R1_OPEN, R1_CLOSE);

pub(super) fn read_r1(reader: &mut Reader<'_>, call: Element) -> Result<(), Exception> {
    if let Some((name, json)) = split_r1(reader.part(call.body)) {
        let arguments = reader.read_json(json)?;
        reader.add(name.into(), arguments);
    } else {
        reader.fail("expected a name and a block of JSON".into());
    }
    Ok(())
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
