//! Numbers and their texts, as the JavaScript engine has them: exact, and no code of ours.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The number nearest to a decimal number. The language lets engines pass over digits behind the twentieth; none does.
    #[wasm_bindgen(js_name = Number)]
    pub(crate) fn nearest(text: &str) -> f64;

    /// The fewest digits that read back as the same number, with an exponent: `1.5e-3`, `1e+21`.
    #[wasm_bindgen(js_namespace = ["Number", "prototype", "toExponential"], js_name = call)]
    pub(crate) fn shortest(value: f64) -> String;
}
