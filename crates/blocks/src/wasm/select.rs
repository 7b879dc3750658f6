//! Which blocks run, and the names that this is told with.

use wasm_bindgen::prelude::*;

use super::blocks::to_number;
use crate::language::{LANGUAGES, Language};
use crate::markdown::Repair;
use crate::select::{Choice, Selection};

/// The places of the blocks that run in a list of their tags, where an empty one is none, each
/// followed by the place of its language in [`languages`]; nothing for a choice that there is not.
/// A line feed ends each tag and stands between the languages: one text costs less code than many.
#[wasm_bindgen(js_name = selectBlocks)]
#[must_use]
pub fn select_blocks(
    langs: &str,
    languages: &str,
    untagged: Option<String>,
    choice: &str,
) -> Vec<u32> {
    let Some(choice) = Choice::from_name(choice) else {
        return Vec::new();
    };
    let selection = Selection {
        languages: languages
            .split('\n')
            .filter_map(Language::from_name)
            .collect(),
        untagged: untagged.as_deref().and_then(Language::from_name),
        choice,
    };
    let langs = langs
        .split_terminator('\n')
        .map(|lang| Some(lang).filter(|lang| !lang.is_empty()));
    let chosen = selection.choose(langs.collect::<Vec<_>>().into_iter());
    let mut numbers = Vec::new();
    for (index, language) in chosen {
        let mut names = LANGUAGES.iter();
        if let Some(place) = names.position(|&name| name == language.name()) {
            numbers.extend([to_number(index), to_number(place)]);
        }
    }
    numbers
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
