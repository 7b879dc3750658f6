//! slime's example of retool.

use super::rules::find::{
    CLOSE_FENCE, Close, Found, Head, Miss, NO_HEAD, Pattern, find_pairs, space_length,
};
use super::{Extracted, Profile};
use crate::python::text::{is_space, strip};

const VERSION: &str = "624b824a898a";

/// What the model reads where a turn has neither code nor an answer.
pub const INVALID: &str = "\nMy previous action is invalid. If I want to execute code, I should put the code between \
    <code> and </code>. If I want to give the final answer, I should use the format \
    'Answer: \\boxed{answer}'. Let me try again.\n";

/// What the tool says to code that is blank.
pub const NO_CODE: &str = "Error: No Python code found";

/// The profiles of slime.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "slime",
    source: "THUDM/slime examples/retool/generate_with_retool.py, examples/retool/tool_sandbox.py",
    version: VERSION,
    description: "an answer in a box, else a tool call, else a <code> tag, else a ```python fence; <interpreter> tags",
    extract: Some(|text, _| extract(text)),
    observe: Some(|result, _| {
        let Some(run) = result.run.as_ref().or(result.compile.as_ref()) else {
            return show("Error: Process exited with code None\n");
        };
        let mut shown = String::new();
        if !run.stdout.is_empty() {
            shown += &format!("Output:\n{}", run.stdout);
        }
        if !run.stderr.is_empty() {
            shown += &format!("\nErrors:\n{}", run.stderr);
        }
        show(strip(&shown))
    }),
}];

/// What the model reads of a result.
#[must_use]
pub fn show(result: &str) -> String {
    format!("\n\n<interpreter>\n{result}\n</interpreter>\n\n")
}

/// `Answer:\s*\\boxed\{`
const BOX: Head = |rest| {
    let after = rest
        .get(space_length(rest)..)
        .and_then(|after| after.strip_prefix("\\boxed{"));
    after
        .map(|after| rest.len() - after.len())
        .ok_or(Miss::Here)
};

/// The answer in a box, whose braces may hold braces once: `((?:[^{}]|\{[^{}]*\})*)\}`. Every way
/// through it takes whole characters or whole pairs of braces, so it ends at the first brace that
/// closes nothing, or nowhere.
///
/// A box that is searched to the end in vain closes all boxes inside it, and those match.
fn find_answer(text: &str, from: usize) -> Option<Found<'_>> {
    let mut from = from;
    loop {
        let open = "Answer:";
        let start = from + text.get(from..)?.find(open)?;
        from = start + open.len();
        let rest = text.get(from..)?;
        let body = BOX(rest).ok().and_then(|head| rest.get(head..));
        if let Some((body, length)) = body.and_then(|body| Some((body, box_length(body)?))) {
            return Some(Found {
                head: "",
                body: body.get(..length)?,
                start,
                end: text.len() - body.len() + length + 1,
            });
        }
    }
}

fn box_length(body: &str) -> Option<usize> {
    let mut inside = false;
    for (at, brace) in body.match_indices(['{', '}']) {
        inside = match (brace, inside) {
            ("{", false) => true,
            ("}", true) => false,
            ("}", false) => return Some(at),
            _ => return None,
        };
    }
    None
}

/// `<tool_call>\s*\{`, with the brace in the body.
const TOOL_CALL: Pattern = Pattern {
    open: "<tool_call>",
    head: |rest| {
        let space = space_length(rest);
        let brace = rest
            .get(space..)
            .is_some_and(|after| after.starts_with('{'));
        brace.then_some(space).ok_or(Miss::Here)
    },
    close: CLOSE_TOOL_CALL,
};

/// `\}\s*</tool_call>`, with the brace in the body.
const CLOSE_TOOL_CALL: Close = |rest| {
    rest.match_indices("</tool_call>").find_map(|(at, tag)| {
        let body = rest.get(..at)?.trim_end_matches(is_space);
        let braces = body.len() > 1 && body.ends_with('}');
        braces.then_some((body.len(), at + tag.len() - body.len()))
    })
};

/// A ```` ```python ```` fence.
const FENCED: Pattern = Pattern {
    open: "```python",
    head: NO_HEAD,
    close: CLOSE_FENCE,
};

fn extract(text: &str) -> Extracted {
    let kept = kept_turn(text);
    if let Some(found) = find_answer(text, 0) {
        return Extracted::nothing()
            .keeping(strip(found.body))
            .of_kind("answer");
    }
    let tagged = || find_pairs(text, "<code>", "</code>").next();
    let found = tagged().or_else(|| FENCED.find(text));
    match found.map(|found| strip(found.body)) {
        Some(code) => Extracted::python(text, code).of_kind("code").keeping(kept),
        None => Extracted {
            reply: Some(INVALID.to_owned()),
            ..Extracted::nothing().keeping(kept)
        },
    }
}

/// `postprocess_responses`: the turn up to the end of the last tool call, else of the first code
/// tag, else of the last fence, else of the last answer.
#[must_use]
pub fn kept_turn(text: &str) -> &str {
    let up_to = |end: usize| text.get(..end).unwrap_or(text);
    if let Some(last) = TOOL_CALL.find_all(text).last() {
        return up_to(last.end);
    }
    let close = "</code>";
    if let Some(at) = text.find(close) {
        return up_to(at + close.len());
    }
    if let Some(last) = FENCED.find_all(text).last() {
        return up_to(last.end);
    }
    let mut last = None;
    while let Some(found) = find_answer(text, last.unwrap_or(0)) {
        last = Some(found.end);
    }
    up_to(last.unwrap_or(text.len()))
}
