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

use crate::{observation, request, response};
use convert::{read_request, read_result, write_observation, write_result};
use error::throw;
pub use fencerun_blocks::wasm::{
    BlockScanner, StreamScanner, language_of, languages, repair_names, select_blocks,
};
use json::{from_js, to_js};

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
