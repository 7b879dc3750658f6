//! lm-evaluation-harness.

use super::rules::find::{FENCE, match_front};
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;
use crate::python::search::{first_of, split_once};
use crate::python::text::text_from;

const VERSION: &str = "4e7e0d47f33b";

/// The profiles of lm-evaluation-harness.
pub const PROFILES: [Profile; 2] = [
    Profile {
        name: "lm-eval/mbpp",
        source: prose("EleutherAI/lm-evaluation-harness lm_eval/tasks/mbpp/utils.py"),
        version: prose(VERSION),
        description: prose("up to the first fence, as the prompt has opened one"),
        extract: Some(extract_opened),
        observe: None,
    },
    Profile {
        name: "lm-eval/humaneval",
        source: prose("EleutherAI/lm-evaluation-harness lm_eval/tasks/humaneval/utils.py"),
        version: prose(VERSION),
        description: prose("up to the first fence, or all"),
        extract: Some(|extracted, text, _| extracted.python(text, first_of(text, FENCE))),
        observe: None,
    },
];

/// ```` ```(?:\w+)?\n?(.*?)\n?``` ````, where the first fence stands in front of the text.
fn extract_opened(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let opener = match_front(text, "\\w*\n?").unwrap_or_default();
    if let Some((body, _)) = split_once(text_from(text, opener), FENCE) {
        extracted.python(text, body.strip_suffix('\n').unwrap_or(body));
    }
}
