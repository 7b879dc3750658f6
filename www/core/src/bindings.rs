//! The bindings: a text in, nested arrays out; chunks of a file in, columns out.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use fencerun::rollout::{DEFAULT_MAX_LINE_BYTES, Entry, LogFormat, ReadOptions, Reader};

use crate::facts::{Columns, Layout, guess_layout};
use crate::find::find_in_any_case;
use crate::tree::{Node, read_markdown};

/// The tree of a text in Markdown: a list of nodes, where a node is a string or `[name, detail or null, ...nodes]`.
#[wasm_bindgen(js_name = readMarkdown)]
#[must_use]
pub fn read_markdown_tree(text: &str) -> Array {
    write_nodes(Array::new(), &read_markdown(text))
}

fn write_nodes(list: Array, nodes: &[Node]) -> Array {
    for node in nodes {
        list.push(&match node {
            Node::Text(text) => JsValue::from_str(text),
            Node::Element(element) => {
                let detail = element.detail.as_deref();
                let detail = detail.map_or(JsValue::NULL, JsValue::from_str);
                let head = Array::of2(&JsValue::from_str(element.name), &detail);
                write_nodes(head, &element.children).into()
            }
        });
    }
    list
}

/// The facts of the lines in `bytes`, as columns. `places` are where the lines begin and end, one after the other; `offset` is where
/// `bytes` begin in their file, and `line` the number of the first.
#[wasm_bindgen(js_name = readFacts)]
#[must_use]
pub fn read_facts(bytes: &[u8], places: &[u32], offset: f64, line: u32) -> Object {
    let mut facts = Columns::default();
    for (place, line) in places.chunks_exact(2).zip(line..) {
        let &[begin, end] = place else { continue };
        let text = bytes.get(begin as usize..end as usize).unwrap_or_default();
        facts.add(text, offset + f64::from(begin), line);
    }
    write_facts(facts)
}

/// Which of the lines in `bytes` have `needle` in them, in any case of ASCII; `places` are as for `readFacts`.
#[wasm_bindgen(js_name = findLines)]
#[must_use]
pub fn find_lines(bytes: &[u8], places: &[u32], needle: &str) -> Vec<u32> {
    let mut lines = Vec::new();
    let mut ends = (0_u32..).zip(places.chunks_exact(2)).peekable();
    for at in find_in_any_case(bytes, needle.as_bytes()) {
        while ends
            .next_if(|(_, place)| place.last().is_some_and(|&end| end as usize <= at))
            .is_some()
        {}
        if let Some((line, _)) =
            ends.next_if(|(_, place)| place.first().is_some_and(|&start| start as usize <= at))
        {
            lines.push(line);
        }
    }
    lines
}

/// `lines`, `entries` or `text`: how the rollouts stand in a log that begins with `head`, of which there is more unless `is_whole`.
#[wasm_bindgen(js_name = guessLayout)]
#[must_use]
pub fn guess_layout_of(head: &[u8], is_whole: bool) -> String {
    match guess_layout(head, is_whole) {
        Layout::Lines => "lines".to_owned(),
        Layout::Entries => "entries".to_owned(),
        Layout::Text => "text".to_owned(),
    }
}

/// Reads the facts of rollouts that are not one a line, in the order of their log.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EntryIndexer(Reader);

#[wasm_bindgen]
impl EntryIndexer {
    /// An indexer of a log from its beginning, all of which is one text when `is_text`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(is_text: bool) -> Self {
        let options = ReadOptions {
            format: is_text.then_some(LogFormat::Text),
            ..ReadOptions::default()
        };
        Self(Reader::new(options, DEFAULT_MAX_LINE_BYTES))
    }

    /// The facts of the rollouts that more bytes complete.
    pub fn push(&mut self, chunk: &[u8]) -> Object {
        write_entries(&self.0.push(chunk))
    }

    /// The facts of those that the end of the log completes.
    pub fn finish(&mut self) -> Object {
        write_entries(&self.0.finish())
    }
}

fn write_entries(entries: &[Entry]) -> Object {
    let mut facts = Columns::default();
    for entry in entries {
        facts.add_entry(entry);
    }
    write_facts(facts)
}

fn write_facts(facts: Columns) -> Object {
    let columns: [(&str, JsValue); 11] = [
        (
            "offset",
            js_sys::Float64Array::from(&facts.offset[..]).into(),
        ),
        ("bytes", js_sys::Uint32Array::from(&facts.bytes[..]).into()),
        ("line", js_sys::Uint32Array::from(&facts.line[..]).into()),
        ("flags", js_sys::Uint8Array::from(&facts.flags[..]).into()),
        ("score", js_sys::Float64Array::from(&facts.score[..]).into()),
        ("step", js_sys::Float64Array::from(&facts.step[..]).into()),
        ("tools", js_sys::Uint16Array::from(&facts.tools[..]).into()),
        (
            "written",
            js_sys::Uint32Array::from(&facts.written[..]).into(),
        ),
        (
            "languages",
            js_sys::Uint32Array::from(&facts.languages[..]).into(),
        ),
        ("group", js_sys::Float64Array::from(&facts.group[..]).into()),
        (
            "preview",
            facts
                .preview
                .iter()
                .map(JsValue::from)
                .collect::<Array>()
                .into(),
        ),
    ];
    let object = Object::new();
    for (name, column) in columns {
        // Setting a property of an object of one's own does not fail.
        let _ = Reflect::set(&object, &name.into(), &column);
    }
    object
}
