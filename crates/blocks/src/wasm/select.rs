//! Which blocks run, and the names that this is told with.

use wasm_bindgen::prelude::*;

use super::blocks::to_number;
use crate::language::{LANGUAGES, Language};
use crate::markdown::Repair;
use crate::select::{Choice, Selection};

/// The places of the blocks that run in a list of their tags, where an empty one is none, each
/// followed by the place of its language in [`languages`]; nothing for a choice that there is not.
/// A line feed ends each tag and stands between the languages: one text costs less code than many.
/// `untagged` is empty to pass blocks without a tag over.
#[wasm_bindgen(js_name = selectBlocks)]
#[must_use]
pub fn select_blocks(langs: &str, languages: &str, untagged: &str, choice: &str) -> Vec<u32> {
    let Some(choice) = Choice::from_name(choice) else {
        return Vec::new();
    };
    let selection = Selection {
        languages: languages
            .split('\n')
            .filter_map(Language::from_name)
            .collect(),
        untagged: Language::from_name(untagged),
        choice,
    };
    let langs = langs
        .split_terminator('\n')
        .map(|lang| Some(lang).filter(|lang| !lang.is_empty()));
    let chosen = selection.choose(langs);
    let mut numbers = Vec::new();
    for (index, language) in chosen {
        numbers.extend([to_number(index), to_number(place_of(language))]);
    }
    numbers
}

fn place_of(language: Language) -> usize {
    let mut names = LANGUAGES.iter();
    let place = names.position(|&name| name == language.name());
    place.unwrap_or(LANGUAGES.len())
}

/// The place in [`languages`] of a language as people write it; beyond them where it is none.
#[wasm_bindgen(js_name = languageOf)]
#[must_use]
pub fn language_of(name: &str) -> usize {
    Language::from_name(name).map_or(LANGUAGES.len(), place_of)
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
