//! open-r1's code rewards.

use super::rules::find::{FENCE, find_all, find_pairs};
use super::rules::show::fill;
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;

/// The profiles of open-r1.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "open-r1",
    source: prose("huggingface/open-r1 src/open_r1/rewards.py"),
    version: prose("1416fa0cf215"),
    description: prose("last fence with the language and nothing else behind it, as it stands"),
    extract: Some(extract),
    observe: None,
}];

fn extract(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let language = options.language_or("python");
    let found = if language == "c++" {
        // The original takes the plus signs for a pattern: a row of `c`.
        find_all(text, "```c+\n(.*?)```")
    } else {
        find_pairs(text, &fill("```{}\n", &[language]), FENCE)
    };
    if let Some(found) = found.last() {
        extracted.push(text, found.body, Some(language));
    }
}
