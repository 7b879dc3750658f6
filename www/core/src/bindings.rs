//! The bindings: a text in, nested arrays out.

use js_sys::Array;
use wasm_bindgen::prelude::*;

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
