//! `LiveCodeBench`'s extractors.

use super::rules::lines::{Line, fenced, lines_of};
use super::{ExtractOptions, Extracted, Profile, Raised};
use crate::catalogue::prose;
use crate::python::search::contains;
use crate::python::text::{strip, text_between};

const SOURCE: &str = "LiveCodeBench/LiveCodeBench lcb_runner/utils/extraction_utils.py";
const VERSION: &str = "28fef95ea8c9";

/// The profiles of `LiveCodeBench`.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "livecodebench",
        source: prose(SOURCE),
        version: prose(VERSION),
        description: prose("between the last two lines that hold a fence"),
        extract: Some(extract),
        observe: None,
    },
    Profile {
        name: "livecodebench/test-output",
        source: prose(SOURCE),
        version: prose(VERSION),
        description: prose(
            "last line that starts with `assert`, else the first ```python fence by lines",
        ),
        extract: Some(extract_test_output),
        observe: None,
    },
    Profile {
        name: "livecodebench/self-repair",
        source: prose("LiveCodeBench/LiveCodeBench lcb_runner/prompts/self_repair.py"),
        version: prose(VERSION),
        description: prose("always an error: it asks for a style that does not exist"),
        extract: Some(|extracted, _, _| {
            extracted.raise(Raised::filled("AttributeError", "CodeLLaMa", &[]));
        }),
        observe: None,
    },
];

fn extract(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    match options.style.as_deref() {
        Some("GenericBase") => extracted.python(text, strip(text)),
        // The original has no answer for this style.
        Some("CodeLLaMaInstruct") => extracted.kind = Some("none"),
        _ => {
            let fenced = fenced(text);
            between(
                extracted,
                text,
                fenced.get(fenced.len().saturating_sub(2)..),
            );
        }
    }
}

fn extract_test_output(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let lines = lines_of(text);
    if let Some(line) = lines.iter().rfind(|line| line.starts_with("assert")) {
        return extracted.python(text, line);
    }
    let markers = fenced(text);
    let tagged = |(_, line): &Line<'_>| contains(line, "```python") || contains(line, "```Python");
    let first = markers.iter().position(tagged).unwrap_or_default();
    between(extracted, text, markers.get(first..));
}

/// What stands between the first two of these lines: from the line after the first to the end of the
/// line before the second, without that line's end.
fn between(extracted: &mut Extracted, text: &str, lines: Option<&[Line<'_>]>) {
    if let Some([(start, first), (end, _), ..]) = lines {
        let start = start + first.len() + 1;
        extracted.python(text, text_between(text, start, end.saturating_sub(1)));
    }
}
