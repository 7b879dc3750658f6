//! The bindings: JavaScript values in, JavaScript values out. The only files that name
//! `wasm_bindgen`.
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
pub mod rollout;
pub mod tools;

use wasm_bindgen::prelude::*;

use crate::observation;
use crate::response::read_result;
use convert::write_observation;
use error::throw;
pub use fencerun_blocks::wasm::{
    BlockScanner, StreamScanner, language_of, languages, repair_names, select_blocks,
};
use json::{from_js, to_js};

/// The observation that a result gives.
#[wasm_bindgen]
pub fn observe(result: JsValue) -> Result<JsValue, JsValue> {
    let result = read_result(&from_js(&result)?).map_err(|e| throw(&e, 0))?;
    to_js(write_observation(&observation::observe(&result)))
}
