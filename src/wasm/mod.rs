//! The bindings: JavaScript values in, JavaScript values out. The only files that name
//! `wasm_bindgen`, `js_sys` or `web_sys`.
//!
//! Every function here converts, calls the core and converts back; none of them is meant to be
//! called but by the TypeScript around it, which documents what users see.

#![expect(
    clippy::missing_errors_doc,
    reason = "the TypeScript around it documents the errors"
)]

mod cancel;
mod convert;
mod error;
mod fetch;
mod json;
pub mod profiles;
pub mod rollout;
pub mod tools;

use wasm_bindgen::prelude::*;

use crate::language::{LANGUAGES, Language};
use crate::markdown::Repair;
use crate::select::{Choice, Selection};
use crate::{observation, request, response};
use convert::{read_request, read_result, write_observation, write_result};
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

/// The JSON body of `POST /run_code` for a request.
#[wasm_bindgen(js_name = buildRunCodeBody)]
pub fn build_run_code_body(run_request: JsValue) -> Result<String, JsValue> {
    let run_request = read_request(&from_js(&run_request)?).map_err(|e| throw(&e, 0))?;
    Ok(request::build_run_code_body(&run_request))
}

/// The result in an answer to `POST /run_code`.
#[wasm_bindgen(js_name = readRunCodeAnswer)]
pub fn read_run_code_answer(http_status: u16, body: &str) -> Result<JsValue, JsValue> {
    let result = response::read_run_code_answer(http_status, body).map_err(|e| throw(&e, 1))?;
    to_js(write_result(&result))
}

/// The observation that a result gives.
#[wasm_bindgen]
pub fn observe(result: JsValue) -> Result<JsValue, JsValue> {
    let result = read_result(&from_js(&result)?).map_err(|e| throw(&e, 0))?;
    to_js(write_observation(&observation::observe(&result)))
}

/// Sends a request to `POST /run_code` and reads the answer.
#[wasm_bindgen(js_name = runCode)]
pub async fn run_code(run_request: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let run_request = read_request(&from_js(&run_request)?).map_err(|e| throw(&e, 0))?;
    fetch::run_code(&run_request, &fetch::Options::read(options)?).await
}
