//! rllm's parsers for Qwen and for DeepSeek-R1 (`rllm/parser/tool_parser.py`, commit
//! 9beb6e0f676a). JSON that cannot be read is passed over; JSON of another shape raises.

use super::reader::{Read, Reader};
use super::scan::{Element, Mark};
use crate::python::search::{first_of, split_once};
use crate::python::text::strip;

pub(super) const R1_OPEN: &str = "<｜tool▁call▁begin｜>";
pub(super) const R1_CLOSE: &str = "<｜tool▁call▁end｜>";
pub(super) const R1_CALL: Mark<'_> = Mark::pair(R1_OPEN, R1_CLOSE);

pub(super) fn read_r1(reader: &mut Reader<'_>, call: Element) -> Read {
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
    let tagged = split_once(body, "```json\n").or_else(|| split_once(body, "```json"));
    let (json, _) = split_once(tagged?.1, "```")?;
    Some((strip(name), strip(json)))
}
