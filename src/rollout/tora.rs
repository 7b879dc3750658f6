//! `ToRA`'s inference log: `code` is a list of rationales with programs and outputs in fences
//! (`microsoft/ToRA`, `src/infer/inference_tora.py`).

use super::json::read_text;
use super::turns::{Role, Turn};
use super::{LogFormat, ReadOptions, Rollout};
use crate::python::value::Value;

pub(super) fn is_row(value: &Value) -> bool {
    let texts = value
        .get("code")
        .and_then(Value::as_list)
        .unwrap_or_default();
    !texts.is_empty() && texts.iter().all(|text| matches!(text, Value::Str(_)))
}

/// Each rationale, one a sample, is a turn.
pub(super) fn read(value: Value, options: &ReadOptions) -> Rollout {
    let input = read_text(&value, "question").unwrap_or_default();
    let rationales = value
        .get("code")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let texts = rationales.iter().filter_map(Value::to_text);
    let turns = (!input.is_empty())
        .then(|| Turn::new(Role::User, input.as_str(), true))
        .into_iter()
        .chain(texts.map(|text| Turn::new(Role::Assistant, text, false)))
        .collect();
    Rollout {
        input,
        ..Rollout::new(LogFormat::Tora, turns, value, options)
    }
}
