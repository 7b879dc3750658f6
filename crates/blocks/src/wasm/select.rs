//! Which blocks run, and the names that this is told with.

use wasm_bindgen::prelude::*;

use crate::language::{LANGUAGES, Language};
use crate::markdown::Repair;
use crate::select::{Choice, Selection};

/// The places of the blocks that run in a list of their tags, where an empty one is none, each
/// followed by the place of its language in [`languages`]; `undefined` for a choice that there is
/// not.
#[wasm_bindgen(js_name = selectBlocks)]
#[must_use]
pub fn select_blocks(
    langs: Vec<String>,
    languages: Vec<String>,
    untagged: Option<String>,
    choice: &str,
) -> Option<Vec<u32>> {
    let choice = Choice::from_name(choice)?;
    let languages = languages
        .iter()
        .filter_map(|name| Language::from_name(name))
        .collect();
    let untagged = untagged.as_deref().and_then(Language::from_name);
    let langs = langs
        .iter()
        .map(|lang| Some(lang.as_str()).filter(|lang| !lang.is_empty()));
    let chosen = Selection {
        languages,
        untagged,
        choice,
    }
    .choose(langs);
    let place = |language: Language| LANGUAGES.iter().position(|&name| name == language.name());
    let numbers = chosen
        .into_iter()
        .flat_map(|(index, language)| [Some(index), place(language)]);
    Some(
        numbers
            .flatten()
            .filter_map(|number| u32::try_from(number).ok())
            .collect(),
    )
}

/// `SandboxFusion`'s name for a language as people write it, or `undefined`.
#[wasm_bindgen(js_name = languageOf)]
#[must_use]
pub fn language_of(name: &str) -> Option<String> {
    Language::from_name(name).map(|language| language.name().to_owned())
}

/// The names of all languages of `SandboxFusion`.
#[wasm_bindgen]
#[must_use]
pub fn languages() -> Vec<String> {
    LANGUAGES.iter().map(|&name| name.to_owned()).collect()
}

/// The names of all repairs of what models write, in the order of their bits.
#[wasm_bindgen(js_name = repairNames)]
#[must_use]
pub fn repair_names() -> Vec<String> {
    Repair::ALL
        .iter()
        .map(|repair| repair.name().to_owned())
        .collect()
}
