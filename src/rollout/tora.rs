//! `ToRA`'s inference log: `code` is a list of rationales with programs and outputs in fences
//! (`microsoft/ToRA`, `src/infer/inference_tora.py`).

use super::steps::read_turn;
use super::{LogFormat, Rollout};
use crate::python::value::Value;
use crate::select::Choice;

/// `None` when `value` is not of this format. Where a rationale has several programs before an
/// output, the last one ran (`extract_program(…, last_only=True)`).
pub(super) fn read(value: &Value) -> Option<Rollout> {
    let rationales = value.get("code")?.as_list()?;
    let texts: Option<Vec<String>> = rationales.iter().map(Value::to_text).collect();
    let texts = texts.filter(|texts| !texts.is_empty())?;
    Some(Rollout {
        format: LogFormat::Tora,
        input: value
            .get("question")
            .and_then(Value::to_text)
            .unwrap_or_default(),
        score: None,
        training_step: None,
        steps: texts
            .iter()
            .flat_map(|text| read_turn(text, Choice::Last, None))
            .collect(),
    })
}
