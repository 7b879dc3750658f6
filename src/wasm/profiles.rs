//! Profiles, as JSON text across the boundary: that costs less code than objects.

use wasm_bindgen::prelude::*;

use super::convert::write_observation;
use super::error::throw;
use super::json::{from_js, list, object, read, text, to_js, write};
use crate::error::RunError;
use crate::profile::apply::{Applied, apply};
use crate::profile::{self, ExtractOptions, Extracted, ObserveOptions, Program, Raised};
use crate::python::float::repr;
use crate::python::value::Value;
use crate::response::read_result;
use crate::span::Span;
use fencerun_blocks::wasm::{BlockScanner, Writer};

/// The profiles, as a JSON array.
#[wasm_bindgen]
#[must_use]
pub fn profiles() -> String {
    write(list(profile::profiles().map(|profile| {
        object([
            ("name", text(profile.name)),
            ("source", text(profile.source)),
            ("version", text(profile.version)),
            ("description", text(profile.description)),
            ("extracts", Value::Bool(profile.extract.is_some())),
            ("observes", Value::Bool(profile.observe.is_some())),
        ])
    })))
}

/// Whether the framework behind a profile reads the argument of a tool call.
#[wasm_bindgen(js_name = readsArguments)]
#[must_use]
pub fn reads_arguments(name: &str) -> bool {
    profile::reads_arguments(name)
}

/// What the framework behind a profile makes of the text in the first `bytes` bytes of the
/// scanner's buffer, as the scanner's numbers; returns how many programs it would run.
#[wasm_bindgen(js_name = extractWith)]
pub fn extract_with(
    scanner: &mut BlockScanner,
    bytes: usize,
    name: &str,
    options: &str,
) -> Result<usize, JsValue> {
    let options = read_extract_options(&read(options)?);
    let (text, mut writer) = scanner.start(bytes);
    let extracted = profile::extract_with(name, text, &options).map_err(refuse)?;
    let count = extracted.programs.len();
    write_extracted(extracted, text, &mut writer);
    Ok(count)
}

/// What the framework behind a profile lets the model read of a result.
#[wasm_bindgen(js_name = observeWith)]
pub fn observe_with(result: JsValue, name: &str, options: &str) -> Result<JsValue, JsValue> {
    let options = read(options)?;
    let options = ObserveOptions {
        action: text_of(&options, "action").unwrap_or_default(),
        output_tag: text_of(&options, "outputTag"),
    };
    let result = read_result(&from_js(&result)?).map_err(refuse)?;
    let observed = profile::observe_with(name, &result, &options).map_err(refuse)?;
    to_js(write_observation(&observed))
}

/// What one rule of a profile makes of JSON, as JSON: `{"value": …}`, `{"raised": …}` or
/// `{"needsPython": true}`.
#[wasm_bindgen(js_name = applyRule)]
pub fn apply_rule(rule: &str, input: &str, options: &str) -> Result<String, JsValue> {
    let applied = apply(rule, &read(input)?, &read(options)?).map_err(refuse)?;
    Ok(write(match applied {
        Applied::Value(value) => object([("value", mark_infinite(value))]),
        Applied::NeedsPython => object([("needsPython", Value::Bool(true))]),
        Applied::Raised(raised) => object([("raised", write_raised(raised))]),
    }))
}

fn text_of(options: &Value, name: &str) -> Option<String> {
    options.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn read_extract_options(options: &Value) -> ExtractOptions {
    let text = |name| text_of(options, name);
    let is = |name| options.get(name) == Some(&Value::Bool(true));
    let texts = |name| {
        let items = options
            .get(name)
            .and_then(Value::as_list)
            .unwrap_or_default();
        items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let index = match options.get("codeBlockIndex") {
        Some(Value::Int(digits)) => digits.parse().ok(),
        _ => None,
    };
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
        code_block_tags: <[String; 2]>::try_from(texts("codeBlockTags"))
            .ok()
            .map(<(String, String)>::from),
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

fn write_raised(Raised { kind, message }: Raised) -> Value {
    object([("type", text(kind)), ("message", text(message))])
}

/// Numbers that JSON lacks become `{"__float__": "inf"}`.
fn mark_infinite(value: Value) -> Value {
    match value {
        Value::Float(number) if !number.is_finite() => object([("__float__", text(repr(number)))]),
        Value::List(items) => list(items.into_iter().map(mark_infinite)),
        Value::Dict(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, item)| (key, mark_infinite(item)));
            Value::Dict(entries.collect())
        }
        other => other,
    }
}

fn refuse(error: RunError) -> JsValue {
    throw(&error, 0)
}
