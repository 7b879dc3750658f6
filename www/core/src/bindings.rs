//! The bindings: a text in, nested arrays out; chunks of a file in, columns out.

use js_sys::{Array, Float64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use wasm_bindgen::prelude::*;

use fencerun::rollout::{
    DEFAULT_MAX_LINE_BYTES, Entry, LogFormat, ReadOptions, Reader, read_facts,
};

use crate::facts::{Columns, Extra, Layout, guess_layout};
use crate::find::find_in_any_case;
use crate::range::{RangeLine, RangeLines};
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

/// Reads the facts of the lines that begin in a part of a file.
#[wasm_bindgen]
#[derive(Debug)]
pub struct LineIndexer {
    lines: RangeLines,
    columns: Columns,
}

#[wasm_bindgen]
impl LineIndexer {
    /// An indexer of the lines that begin from `start` up to `end`, in bytes; it is given the file from the byte before `start` on.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(start: f64, end: f64) -> Self {
        Self {
            lines: RangeLines::new(to_whole(start), to_whole(end)),
            columns: Columns::default(),
        }
    }

    /// Takes more bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        let Self { lines, columns } = self;
        lines.push(chunk, |line| add_line(columns, &line));
    }

    /// Takes the end of the file. A last line without a line feed that is no rollout is left for later when it `may_grow`.
    pub fn finish(&mut self, may_grow: bool) {
        let Self { lines, columns } = self;
        lines.finish(|line| {
            let is_half = || {
                line.bytes
                    .is_none_or(|bytes| read_facts(bytes).format.is_none())
            };
            let is_taken = !(may_grow && is_half());
            if is_taken {
                add_line(columns, &line);
            }
            is_taken
        });
    }

    /// Whether all lines of the part have been given.
    #[wasm_bindgen(getter = isDone)]
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.lines.is_done()
    }

    /// How many lines there were, the blank ones too.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.lines.count()
    }

    /// Up to where the lines have been taken, in bytes.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn end(&self) -> f64 {
        to_float(self.lines.next())
    }

    /// The facts since the last time, as columns.
    pub fn take(&mut self) -> Object {
        write_facts(std::mem::take(&mut self.columns))
    }
}

fn add_line(columns: &mut Columns, line: &RangeLine<'_>) {
    let offset = to_float(line.offset);
    if let Some(bytes) = line.bytes {
        columns.add(bytes, offset, line.number);
    } else {
        let length = usize::try_from(line.end - line.offset).unwrap_or(usize::MAX);
        columns.add_too_long(length, offset, line.number, DEFAULT_MAX_LINE_BYTES);
    }
}

/// Finds the lines that begin in a part of a file and have some letters in them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct LineFinder {
    lines: RangeLines,
    needle: String,
}

#[wasm_bindgen]
impl LineFinder {
    /// A finder of the lines that begin from `start` up to `end`, in bytes, and have `needle` in them, in any case of ASCII; of all of
    /// them when it is empty. It is given the file from the byte before `start` on.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(start: f64, end: f64, needle: String) -> Self {
        let lines = RangeLines::new(to_whole(start), to_whole(end));
        Self { lines, needle }
    }

    /// The lines that more bytes complete: where each begins, and its text, one after the other.
    pub fn push(&mut self, chunk: &[u8]) -> Array {
        let found = Array::new();
        let Self { lines, needle } = self;
        lines.push(chunk, |line| add_found(&found, needle, &line));
        found
    }

    /// The line that the end of the file completes.
    pub fn finish(&mut self) -> Array {
        let found = Array::new();
        let Self { lines, needle } = self;
        lines.finish(|line| {
            add_found(&found, needle, &line);
            true
        });
        found
    }

    /// Whether all lines of the part have been given.
    #[wasm_bindgen(getter = isDone)]
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.lines.is_done()
    }
}

fn add_found(found: &Array, needle: &str, line: &RangeLine<'_>) {
    let bytes = line.bytes.unwrap_or_default();
    let mut places = find_in_any_case(bytes, needle.as_bytes());
    if !bytes.is_empty() && (needle.is_empty() || places.next().is_some()) {
        found.push(&to_float(line.offset).into());
        found.push(&JsValue::from_str(&String::from_utf8_lossy(bytes)));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole and below 2^53"
)]
const fn to_whole(place: f64) -> u64 {
    place as u64
}

#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
const fn to_float(place: u64) -> f64 {
    place as f64
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
    let extras: Array = facts.extras.iter().map(write_extra).collect();
    write_object([
        ("offset", Float64Array::from(&facts.offset[..]).into()),
        ("bytes", Uint32Array::from(&facts.bytes[..]).into()),
        ("line", Uint32Array::from(&facts.line[..]).into()),
        ("flags", Uint8Array::from(&facts.flags[..]).into()),
        ("score", Float64Array::from(&facts.score[..]).into()),
        ("step", Float64Array::from(&facts.step[..]).into()),
        ("tools", Uint16Array::from(&facts.tools[..]).into()),
        ("written", Uint32Array::from(&facts.written[..]).into()),
        ("languages", Uint32Array::from(&facts.languages[..]).into()),
        ("group", Float64Array::from(&facts.group[..]).into()),
        ("preview", Uint8Array::from(facts.preview.as_bytes()).into()),
        (
            "previewEnd",
            Uint32Array::from(&facts.preview_end[..]).into(),
        ),
        ("extras", extras.into()),
    ])
}

fn write_extra(extra: &Extra) -> Object {
    write_object([
        ("name", JsValue::from_str(&extra.name)),
        ("rows", Uint32Array::from(&extra.rows[..]).into()),
        ("values", Float64Array::from(&extra.values[..]).into()),
    ])
}

fn write_object<const COUNT: usize>(members: [(&str, JsValue); COUNT]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Setting a property of an object of one's own does not fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}
