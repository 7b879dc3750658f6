//! Which blocks run, and the names that this is told with.

use fencerun_bytes::search::find;
use wasm_bindgen::prelude::*;

use super::blocks::to_number;
use crate::language::{LANGUAGES, Language};
use crate::markdown::Repair;
use crate::select::{Choice, Selection};

/// The places of the blocks that run in a list of their tags, where an empty one is none, each
/// followed by the place of its language in [`languages`]. A line feed ends each tag: one text costs
/// less code than many. The languages that run are bits by their places, and so is the one language
/// of blocks without a tag; no bit passes them over. `choice` is the place in
/// [`Choice::NAMES`].
#[wasm_bindgen(js_name = selectBlocks)]
#[must_use]
pub fn select_blocks(tags: &str, languages: u32, untagged: u32, choice: usize) -> Vec<u32> {
    let Some(&(_, choice)) = Choice::NAMES.get(choice) else {
        return Vec::new();
    };
    let selection = Selection {
        languages: languages_of(languages),
        untagged: languages_of(untagged).first().copied(),
        choice,
    };
    let mut tags = tags;
    let tags = std::iter::from_fn(|| {
        let end = find(b'\n', tags.as_bytes())?;
        let tag = tags.get(..end)?;
        tags = tags.get(end + 1..)?;
        Some(Some(tag).filter(|tag| !tag.is_empty()))
    });
    let mut numbers = Vec::new();
    for (index, language) in selection.choose(tags) {
        numbers.push(to_number(index));
        numbers.push(to_number(place_of(language)));
    }
    numbers
}

// One for each language.
const _: () = assert!(LANGUAGES.len() < 32);

#[inline(never)]
fn languages_of(bits: u32) -> Vec<Language> {
    let mut languages = Vec::new();
    for (place, language) in Language::all().enumerate() {
        if bits >> place & 1 == 1 {
            languages.push(language);
        }
    }
    languages
}

#[inline(never)]
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
