//! The names that it is told with which blocks run, and how they were read.

use wasm_bindgen::prelude::*;

use crate::language::{LANGUAGES, Language};
use crate::markdown::Repair;

/// The place in [`languages`] of a language as people write it; beyond them where it is none.
#[wasm_bindgen(js_name = languageOf)]
#[must_use]
pub fn language_of(name: &str) -> usize {
    let language = Language::from_name(name).map(Language::name);
    let mut names = LANGUAGES.iter();
    let place = language.and_then(|language| names.position(|&name| name == language));
    place.unwrap_or(LANGUAGES.len())
}

/// The names of all languages of `SandboxFusion`, with a line feed between them.
#[wasm_bindgen]
#[must_use]
pub fn languages() -> String {
    LANGUAGES.join("\n")
}

/// The names of all repairs of what models write, in the order of their bits, with a line feed
/// between them.
#[wasm_bindgen(js_name = repairNames)]
#[must_use]
pub fn repair_names() -> String {
    Repair::ALL.map(Repair::name).join("\n")
}
