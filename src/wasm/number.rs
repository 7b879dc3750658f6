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

    /// The same digits without an exponent, from 1e-6 on and below 1e21.
    #[wasm_bindgen(js_name = String)]
    pub(crate) fn plain(value: f64) -> String;

    /// So many digits behind the point, at most 100, rounded by the exact value; of two that are equally near, the larger.
    #[wasm_bindgen(js_namespace = ["Number", "prototype", "toFixed"], js_name = call)]
    fn to_fixed(value: f64, decimals: u32) -> String;
}

/// So many digits behind the point, at most 100, rounded by the exact value, ties to even. The number is not whole and not below 0.
pub(crate) fn round(value: f64, decimals: u32) -> String {
    let mut text = to_fixed(value, decimals);
    // The two numbers are equally near where `value * 10^decimals` is half an odd number, and so `value * 2^decimals` is, too.
    let scaled = (0..decimals).fold(value, |scaled, _| scaled * 2.0);
    if scaled.fract() != 0.0
        && (scaled * 2.0).fract() == 0.0
        && let Some(last) = text.pop()
    {
        // One of the two ends with an even digit, the larger with this one or the next.
        text.extend(char::from_u32(u32::from(last) & !1));
    }
    text
}
