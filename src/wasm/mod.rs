//! The bindings: JavaScript values in, JavaScript values out. The only files that name
//! `wasm_bindgen` or `js_sys`.
//!
//! Every function here converts, calls the core and converts back; none of them is meant to be
//! called but by the TypeScript around it, which documents what users see.

#![expect(
    clippy::missing_errors_doc,
    reason = "the TypeScript around it documents the errors"
)]

mod convert;
mod error;
pub mod exchange;
mod json;
pub mod profiles;
pub mod tools;

use wasm_bindgen::prelude::*;

use crate::language::{LANGUAGES, Language};
use crate::markdown::Repair;
use crate::response::read_result;
use crate::select::{Choice, Selection};
use crate::{observation, rollout};
use convert::{write_observation, write_rollout};
use error::{invalid, throw};
pub use fencerun_blocks::wasm::{BlockScanner, StreamScanner};
use json::{from_js, to_js};

/// The places of the blocks that run in a list of their tags, where an empty one is none, each
/// followed by the place of its language in [`languages`].
#[wasm_bindgen(js_name = selectBlocks)]
pub fn select_blocks(
    langs: Vec<String>,
    languages: Vec<String>,
    untagged: Option<String>,
    choice: &str,
) -> Result<Vec<u32>, JsValue> {
    let choice = Choice::from_name(choice).ok_or_else(|| {
        let names = Choice::NAMES.map(|(name, _)| name).join(", ");
        throw(
            &invalid(format!("choice: expected one of {names}, found `{choice}`")),
            0,
        )
    })?;
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
    Ok(numbers
        .flatten()
        .filter_map(|number| u32::try_from(number).ok())
        .collect())
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

/// The observation that a result gives.
#[wasm_bindgen]
pub fn observe(result: JsValue) -> Result<JsValue, JsValue> {
    let result = read_result(&from_js(&result)?).map_err(|e| throw(&e, 0))?;
    to_js(write_observation(&observation::observe(&result)))
}

/// The rollout in one line of a log.
#[wasm_bindgen(js_name = readRolloutLine)]
pub fn read_rollout_line(line: &str) -> Result<JsValue, JsValue> {
    let rollout = rollout::read_line(line).map_err(|e| JsError::new(&e.to_string()))?;
    to_js(write_rollout(&rollout))
}

/// Whether a new observation is the recorded one, line ends at the end apart.
#[wasm_bindgen(js_name = isIdentical)]
#[must_use]
pub fn is_identical(recorded: &str, observed: &str) -> bool {
    rollout::is_identical(recorded, observed)
}
