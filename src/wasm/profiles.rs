//! Profiles across the boundary.

use wasm_bindgen::prelude::*;

use super::exchange::write_observation;
use super::given::{is_true, list_of, mark, text_of};
use crate::error::RunError;
use crate::profile::apply::{Applied, apply};
use crate::profile::{self, ExtractOptions, Extracted, ObserveOptions, Program};
use crate::python::float::repr;
use crate::python::json::loads;
use crate::python::value::Value;
use crate::response::read_phases;
use crate::span::Span;
use crate::wire::json::{Json, replace_all};
use fencerun_blocks::wasm::{BlockScanner, Writer};

/// The framework behind a profile does not take the text: its numbers are this one, and the
/// message as a piece.
const REFUSED: u32 = 2;

/// What the framework behind `profile` makes of the text in the first `bytes` bytes of the
/// scanner's buffer, as the scanner's numbers; returns how many programs it would run. `options` are
/// JSON.
#[wasm_bindgen(js_name = extractWith)]
#[must_use]
pub fn extract_with(
    scanner: &mut BlockScanner,
    bytes: usize,
    profile: &str,
    options: &str,
) -> usize {
    let options = loads(options).unwrap_or(Value::None);
    let (text, mut writer) = scanner.start(bytes);
    match profile::extract_with(profile, text, &read_extract_options(&options)) {
        Ok(extracted) => {
            let count = extracted.programs.len();
            write_extracted(extracted, text, &mut writer);
            count
        }
        Err(error) => {
            writer.push(REFUSED);
            writer.push_string(Some(error.message()));
            0
        }
    }
}

/// What the framework behind a profile lets the model read of a result.
pub(super) fn observe_with(name: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let result = read_phases(&given.take("result"))?;
    let options = ObserveOptions {
        action: text_of(given, "action").unwrap_or_default(),
        output_tag: text_of(given, "outputTag"),
    };
    write_observation(&profile::observe_with(name, &result, &options)?, out);
    Ok(())
}

/// What one rule of a profile makes of JSON: `{"value": …}`, `{"raised": …}` or
/// `{"needsPython": true}`.
pub(super) fn apply_rule(rule: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let (input, options) = (given.take("input"), given.take("options"));
    let applied = apply(rule, &input, &options)?;
    out.open("", "{");
    match applied {
        Applied::Value(mut value) => {
            replace_all(&mut value, mark_infinite);
            out.value("value", value);
        }
        Applied::NeedsPython => out.flag("needsPython", true),
        Applied::Raised(raised) => {
            out.open("raised", "{");
            out.text("type", raised.kind);
            out.text("message", &raised.message);
            out.close("}");
        }
    }
    out.close("}");
    Ok(())
}

/// Numbers that JSON lacks become `{"__float__": "inf"}`.
fn mark_infinite(value: &Value) -> Option<Value> {
    match value {
        Value::Float(number) if !number.is_finite() => mark("__float__", repr(*number)),
        _ => None,
    }
}

fn read_extract_options(options: &Value) -> ExtractOptions {
    let text = |name| text_of(options, name);
    let is = |name| is_true(options, name);
    let texts = |name| {
        let items = list_of(options, name).iter();
        items
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let index = options.get("codeBlockIndex").and_then(Value::as_whole);
    let index = index.and_then(|index| isize::try_from(index).ok());
    ExtractOptions {
        language: text("language"),
        languages: texts("languages"),
        first_block_only: is("firstBlockOnly"),
        code_block_index: index,
        exactly_match: is("exactlyMatch"),
        is_fewshot_task: is("isFewshotTask"),
        remove_asserts: is("removeAsserts"),
        no_removal: is("noRemoval"),
        inner_function_only: is("innerFunctionOnly"),
        is_unit_test: is("isUnitTest"),
        entry_point: text("entryPoint"),
        declaration: text("declaration"),
        last_only: options.get("lastOnly").map(|_| is("lastOnly")),
        code_block_tags: match list_of(options, "codeBlockTags") {
            [open, close] => open.to_text().zip(close.to_text()),
            _ => None,
        },
        style: text("style"),
        prompt: text("prompt"),
        case_type: text("caseType"),
    }
}

/// In the order in which `js/src/profiles.ts` reads it.
fn write_extracted(extracted: Extracted, text: &str, writer: &mut Writer<'_>) {
    writer.push(extracted.needs_python.into());
    writer.push_string(extracted.kind.map(str::to_owned));
    match extracted.kept {
        // What is kept of a turn is how the text begins.
        Some(kept) if text.starts_with(&kept) => writer.push_span(Span::new(0, kept.len())),
        kept => writer.push_string(kept),
    }
    writer.push_string(extracted.reply.map(str::to_owned));
    let raised = extracted.raised;
    let (kind, message) = raised
        .map(|raised| (raised.kind.to_owned(), raised.message))
        .unzip();
    writer.push_string(kind);
    writer.push_string(message);
    for Program {
        code,
        language,
        span,
    } in extracted.programs
    {
        match span {
            Some(span) => writer.push_span(span),
            None => writer.push_string(Some(code)),
        }
        writer.push_string(language);
    }
}
