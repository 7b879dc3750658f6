//! AReaL's example of tool-integrated reasoning.

use super::qwen::output_and_report;
use super::rules::find::{CLOSE_FENCE_LINE, Close, FENCE, Head, Miss, Pattern};
use super::rules::truncate::keep_ends;
use super::{Extracted, Profile};
use crate::python::literal::literal_eval;
use crate::python::repr::str;
use crate::python::search::places;
use crate::python::text::{strip, strip_word_of_any_case};
use crate::python::value::Value;

/// The profiles of AReaL.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "areal",
    source: "inclusionAI/AReaL examples/tir/tools/python_tool.py, examples/tir/tir_workflow.py",
    version: "4aef98d8d818",
    description: "last ```python fence on lines of its own, else last <python> tag; output in an ```output fence",
    extract: Some(|text, _| extract(text)),
    observe: Some(|result, _| {
        let (output, report) = output_and_report(result);
        let shown = match report {
            "Done" => keep_ends(strip(output), 256),
            _ => format!("Error: {}", keep_ends(strip(report), 256)),
        };
        show_result(&shown)
    }),
}];

/// What the model reads of a result. A result that is a literal of two parts, such as `(1, 2)`, is
/// taken for an output and a report.
#[must_use]
pub fn show_result(result: &str) -> String {
    let text = |value: &Value| str(value).to_string_lossy();
    let parts = match literal_eval(result) {
        Some(Value::List(parts) | Value::Tuple(parts) | Value::Set(parts)) => {
            parts.iter().map(text).collect()
        }
        Some(Value::Dict(entries)) => entries.iter().map(|(key, _)| text(key)).collect(),
        Some(Value::Str(parts)) => parts.to_string_lossy().chars().map(String::from).collect(),
        Some(Value::Bytes(parts)) => {
            let numbers = parts.to_string_lossy();
            numbers
                .chars()
                .map(|byte| u32::from(byte).to_string())
                .collect()
        }
        _ => vec![],
    };
    let shown = match <[String; 2]>::try_from(parts) {
        Ok([output, report]) if report == "Done" => output,
        Ok([_, report]) => format!("Error: {report}"),
        Err(_) => result.to_owned(),
    };
    format!("\n```output\n{shown}\n```\n")
}

/// `python` in any case and what follows it.
fn python_and(rest: &str, end: &str) -> Result<usize, Miss> {
    let after = strip_word_of_any_case(rest, "python").and_then(|after| after.strip_prefix(end));
    after
        .map(|after| rest.len() - after.len())
        .ok_or(Miss::Here)
}

const PYTHON_LINE: Head = |rest| python_and(rest, "\n");
const PYTHON_TAG: Head = |rest| python_and(rest, ">");

/// `</python>` in any case.
const CLOSE_TAG: Close = |rest| {
    places(rest, "</").find_map(|at| {
        let name = python_and(rest.get(at + 2..)?, ">").ok()?;
        Some((at, 2 + name))
    })
};

fn extract(text: &str) -> Extracted {
    let fenced = Pattern {
        open: FENCE,
        head: PYTHON_LINE,
        close: CLOSE_FENCE_LINE,
    };
    let tagged = Pattern {
        open: "<",
        head: PYTHON_TAG,
        close: CLOSE_TAG,
    };
    let mut all = fenced.find_all(text);
    if all.is_empty() {
        all = tagged.find_all(text);
    }
    Extracted::python_or_nothing(text, all.last().map(|found| strip(found.body)))
}
