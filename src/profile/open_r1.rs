//! open-r1's code rewards.

use super::rules::find::{CLOSE_FENCE, FENCE, Miss, Pattern, find_pairs, length_while};
use super::{ExtractOptions, Extracted, Profile, Program};

/// The profiles of open-r1.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "open-r1",
    source: "huggingface/open-r1 src/open_r1/rewards.py",
    version: "1416fa0cf215",
    description: "last fence with the language and nothing else behind it, as it stands",
    extract: Some(extract),
    observe: None,
}];

/// The original's pattern for `c++`, where it takes the plus signs for a pattern: a row of `c`.
const ROW_OF_C: Pattern = Pattern {
    open: FENCE,
    head: |rest| {
        let row = length_while(rest, |character| character == 'c');
        let newline = rest.get(row..).is_some_and(|rest| rest.starts_with('\n'));
        (row > 0 && newline).then_some(row + 1).ok_or(Miss::Here)
    },
    close: CLOSE_FENCE,
};

fn extract(text: &str, options: &ExtractOptions) -> Extracted {
    let language = options.language_or("python");
    let found = if language == "c++" {
        ROW_OF_C.find_all(text)
    } else {
        find_pairs(text, &format!("{FENCE}{language}\n"), FENCE)
    };
    let body = found.last().map(|found| found.body);
    let programs = body.map(|body| Program::new(text, body, Some(language)));
    Extracted::programs(programs.into_iter().collect())
}
