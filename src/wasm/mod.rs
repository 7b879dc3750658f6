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
mod fetch;
pub mod profiles;
pub mod tools;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::language::{LANGUAGES, Language};
use crate::select::{Selection, select};
use crate::{extract, observation, request, response, rollout};
use convert::{JsRunRequest, from_js, throw, to_js};

/// The fenced code blocks of `text`, with spans in UTF-16 units.
#[wasm_bindgen(js_name = extract)]
pub fn extract_blocks(text: &str) -> Result<JsValue, JsValue> {
    to_js(&convert::to_utf16_blocks(text, extract::extract(text)))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SelectedBlock {
    index: usize,
    language: Language,
}

/// The index and language of the first block of `text` in one of `languages`, or `undefined`.
#[wasm_bindgen(js_name = selectBlock)]
pub fn select_block(text: &str, languages: Vec<String>) -> Result<JsValue, JsValue> {
    let languages = languages
        .iter()
        .filter_map(|name| Language::from_name(name))
        .collect();
    let blocks = extract::extract(text);
    let Some((chosen, language)) = select(&blocks, &Selection::first_of(languages)) else {
        return Ok(JsValue::UNDEFINED);
    };
    let index = blocks
        .iter()
        .position(|block| block == chosen)
        .unwrap_or_default();
    to_js(&SelectedBlock { index, language })
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

/// The JSON body of `POST /run_code` for a request.
#[wasm_bindgen(js_name = buildRunCodeBody)]
pub fn build_run_code_body(run_request: JsValue) -> Result<String, JsValue> {
    let run_request = from_js::<JsRunRequest>(run_request)?
        .read()
        .map_err(|e| throw(&e, 0))?;
    Ok(request::build_run_code_body(&run_request))
}

/// The result in an answer to `POST /run_code`.
#[wasm_bindgen(js_name = readRunCodeAnswer)]
pub fn read_run_code_answer(http_status: u16, body: &str) -> Result<JsValue, JsValue> {
    let result = response::read_run_code_answer(http_status, body).map_err(|e| throw(&e, 1))?;
    to_js(&result)
}

/// The observation that a result gives.
#[wasm_bindgen]
pub fn observe(result: JsValue) -> Result<JsValue, JsValue> {
    to_js(&observation::observe(&from_js(result)?))
}

/// The rollout in one line of a log.
#[wasm_bindgen(js_name = readRolloutLine)]
pub fn read_rollout_line(line: &str) -> Result<JsValue, JsValue> {
    let rollout = rollout::read_line(line).map_err(|e| JsError::new(&e.to_string()))?;
    to_js(&rollout)
}

/// Whether a new observation is the recorded one, line ends at the end apart.
#[wasm_bindgen(js_name = isIdentical)]
#[must_use]
pub fn is_identical(recorded: &str, observed: &str) -> bool {
    rollout::is_identical(recorded, observed)
}

/// Sends a request to `POST /run_code` and reads the answer.
#[wasm_bindgen(js_name = runCode)]
pub async fn run_code(run_request: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let run_request = from_js::<JsRunRequest>(run_request)?
        .read()
        .map_err(|e| throw(&e, 0))?;
    fetch::run_code(&run_request, &fetch::Options::read(options)?).await
}
