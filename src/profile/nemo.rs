//! `NeMo`-RL's environment for code.

use super::rules::show::fill;
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;
use crate::python::search::{contains, split_last, split_once};

/// The profiles of `NeMo`-RL.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "nemo-rl",
    source: prose("NVIDIA-NeMo/RL nemo_rl/environments/code_environment.py"),
    version: prose("7ea279abfbeb"),
    description: prose("from the first <code> to the last </code>, tags between them and all"),
    extract: Some(extract),
    observe: None,
}];

/// The code, and what follows it: the original looks there for what the model has begun to write
/// of the result.
fn extract(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let parts = split_once(text, "<code>").and_then(|(_, behind)| split_last(behind, "</code>"));
    if let Some((code, following)) = parts {
        extracted.python(text, code);
        extracted.keep(following);
    }
}

/// What the model reads of a value that the last expression has, as Python writes it: on a line of
/// its own when it or the code has several. What the model has begun to write of it is left out.
#[must_use]
pub fn show_value(value: &str, code: &str, following: &str) -> String {
    let template = if contains(code, "\n") || contains(value, "\n") {
        "\n\n<result>\n{}\n</result>"
    } else {
        "<result>{}</result>"
    };
    let shown = fill(template, &[value]);
    match shown.strip_prefix(following) {
        Some(rest) => rest.to_owned(),
        None => shown,
    }
}
