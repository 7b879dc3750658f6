//! AReaL's example of tool-integrated reasoning.

use super::qwen::output_and_report;
use super::rules::find::find_all_of;
use super::rules::show::{fill, show_value};
use super::rules::truncate::keep_ends;
use super::torl::items_of;
use super::{ExtractOptions, Extracted, Profile};
use crate::catalogue::prose;
use crate::python::literal::literal_eval;
use crate::python::text::strip;
use crate::python::value::Value;

/// The profiles of AReaL.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "areal",
    source: prose(
        "inclusionAI/AReaL examples/tir/tools/python_tool.py, examples/tir/tir_workflow.py",
    ),
    version: prose("4aef98d8d818"),
    description: prose(
        "last ```python fence on lines of its own, else last <python> tag; output in an ```output fence",
    ),
    extract: Some(extract),
    observe: Some(|result, _| {
        let (output, report) = output_and_report(result);
        let shown = match report {
            "Done" => keep_ends(strip(output), 256),
            _ => fill("Error: {}", &[&keep_ends(strip(report), 256)]),
        };
        show_result(&shown)
    }),
}];

/// What the model reads of a result. A result that is a literal of two parts, such as `(1, 2)`, is
/// taken for an output and a report.
#[must_use]
pub fn show_result(result: &str) -> String {
    let value = literal_eval(result).unwrap_or(Value::None);
    let mut parts = items_of(&value);
    if let Value::Dict(entries) = &value {
        for (key, _) in entries {
            parts.push(key.clone());
        }
    }
    let shown = match parts.as_slice() {
        [output, report] if report.as_str() == Some("Done") => show_value(output),
        [_, report] => fill("Error: {}", &[&show_value(report)]),
        _ => result.to_owned(),
    };
    fill("\n```output\n{}\n```\n", &[&shown])
}

fn extract(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let patterns = ["(?i)```python\n(.*?)\n```", "(?i)<python>(.*?)</python>"];
    extracted.python_in(text, find_all_of(text, &patterns).last());
}
