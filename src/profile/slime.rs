//! slime's example of retool.

use super::rules::find::{
    CLOSE_FENCE, Close, Found, Head, Miss, NO_HEAD, Pattern, find_pair, space_length, word_length,
};
use super::{Extracted, Profile, Raised};
use crate::python::json::{JsonError, loads};
use crate::python::search::{find, find_last, places, replace, split_once};
use crate::python::text::{is_word, strip, strip_end, strip_word_of_any_case, text_from};
use crate::python::value::Value;

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
        let stream = |mark: &str, stream: &str| {
            if stream.is_empty() {
                String::new()
            } else {
                format!("{mark}{stream}")
            }
        };
        let shown = stream("Output:\n", &run.stdout) + &stream("\nErrors:\n", &run.stderr);
        show(strip(&shown))
    }),
}];

/// What no code may hold, as the original's patterns.
const DANGEROUS: [&str; 31] = [
    r"import\s+os",
    r"import\s+sys",
    r"import\s+subprocess",
    r"import\s+shutil",
    r"import\s+glob",
    r"import\s+pathlib",
    r"__import__",
    r"eval\s*\(",
    r"exec\s*\(",
    r"open\s*\(",
    r"file\s*\(",
    r"input\s*\(",
    r"raw_input\s*\(",
    r"compile\s*\(",
    r"execfile\s*\(",
    r"getattr\s*\(",
    r"setattr\s*\(",
    r"delattr\s*\(",
    r"hasattr\s*\(",
    r"globals\s*\(",
    r"locals\s*\(",
    r"vars\s*\(",
    r"dir\s*\(",
    r"type\s*\(",
    r"isinstance\s*\(",
    r"issubclass\s*\(",
    r"super\s*\(",
    r"property\s*\(",
    r"staticmethod\s*\(",
    r"classmethod\s*\(",
    r"__\w+__",
];

/// The modules that code may import.
const ALLOWED: [&str; 10] = [
    "math",
    "random",
    "datetime",
    "collections",
    "itertools",
    "functools",
    "operator",
    "statistics",
    "decimal",
    "fractions",
];

/// Whether the tool runs this code, with its reason: `_check_code_safety`.
///
/// Of several imports that are not allowed, the first is named; the original names any.
#[must_use]
pub fn check_code(code: &str) -> (bool, String) {
    if let Some(pattern) = DANGEROUS.iter().find(|pattern| is_dangerous(code, pattern)) {
        return (false, format!("Code contains dangerous pattern: {pattern}"));
    }
    let imported = ["import", "from"].into_iter().flat_map(|word| {
        places(code, word).filter_map(move |at| {
            let rest = code.get(at + word.len()..)?;
            let space = space_length(rest);
            let name = rest.get(space..).filter(|_| space > 0)?;
            name.get(..word_length(name))
                .filter(|name| !name.is_empty())
        })
    });
    let mut refused = imported.filter(|name| !ALLOWED.contains(name));
    match refused.next() {
        Some(name) => (false, format!("Import of '{name}' is not allowed")),
        None => (true, "Code is safe".to_owned()),
    }
}

/// Whether one of [`DANGEROUS`] matches somewhere, without regard to case: a word, and behind it
/// white space and another word, or an opening bracket; or a word between double underscores.
fn is_dangerous(code: &str, pattern: &str) -> bool {
    if pattern == r"__\w+__" {
        return code.split(|character| !is_word(character)).any(|word| {
            let ends = find(word, "__").zip(find_last(word, "__"));
            ends.is_some_and(|(first, last)| last > first + 2)
        });
    }
    let (word, least, next) = match (split_once(pattern, r"\s+"), split_once(pattern, r"\s*\(")) {
        (Some((word, next)), _) => (word, 1, next),
        (_, Some((word, _))) => (word, 0, "("),
        _ => (pattern, 0, ""),
    };
    let mut starts = code.char_indices();
    starts.any(|(at, _)| {
        let rest = code
            .get(at..)
            .and_then(|rest| strip_word_of_any_case(rest, word));
        rest.is_some_and(|rest| {
            let space = if next.is_empty() {
                0
            } else {
                space_length(rest)
            };
            let behind = text_from(rest, space);
            space >= least && strip_word_of_any_case(behind, next).is_some()
        })
    })
}

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
        let start = from + find(text.get(from..)?, open)?;
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
    places(rest, "</tool_call>").find_map(|at| {
        let body = strip_end(rest.get(..at)?);
        let braces = body.len() > 1 && body.ends_with('}');
        braces.then_some((body.len(), at + "</tool_call>".len() - body.len()))
    })
};

/// A ```` ```python ```` fence.
const FENCED: Pattern = Pattern {
    open: "```python",
    head: NO_HEAD,
    close: CLOSE_FENCE,
};

/// The code of a call: line ends in the JSON text are escaped first, so that those inside of texts
/// pass and those between members do not.
fn read_call(body: &str) -> Result<Option<String>, Raised> {
    let call = match loads(&replace(body, "\n", "\\n")) {
        Ok(call) => call,
        Err(JsonError::Decode { .. }) => return Ok(None),
        Err(error) => return Err(Raised::new(error.type_name(), error.to_string())),
    };
    let is_ours = call.get("name").and_then(Value::as_str) == Some("code_interpreter");
    let code = call
        .get("arguments")
        .and_then(|arguments| match arguments.get("code") {
            Some(Value::Str(code)) => Some(code.to_string_lossy()),
            _ => None,
        });
    Ok(code.filter(|code| is_ours && !strip(code).is_empty()))
}

fn extract(text: &str) -> Extracted {
    let kept = kept_turn(text);
    if let Some(found) = find_answer(text, 0) {
        return Extracted::nothing()
            .keeping(strip(found.body))
            .of_kind("answer");
    }
    match TOOL_CALL.find(text).map(|found| read_call(found.body)) {
        Some(Ok(Some(code))) => {
            return Extracted::python(text, &code).of_kind("code").keeping(kept);
        }
        Some(Err(raised)) => return Extracted::raised(raised.kind, raised.message),
        _ => {}
    }
    let tagged = || find_pair(text, "<code>", "</code>");
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
    if let Some(at) = find(text, close) {
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
