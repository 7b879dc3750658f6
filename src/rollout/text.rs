//! A text of a model, with nothing known about it: alone, or as a member of an object.

use super::json::find_member;
use super::turns::{Role, split_turns};
use super::{LogFormat, ReadOptions, Rollout};
use crate::python::value::Value;

/// What logs call the text that the model wrote, and what it was given.
pub(super) const TEXTS: [&str; 6] = [
    "response",
    "completion",
    "generation",
    "model_output",
    "generated_text",
    "text",
];
pub(super) const PROMPTS: [&str; 5] = ["prompt", "question", "problem", "instruction", "query"];

pub(super) fn is_row(value: &Value) -> bool {
    matches!(value, Value::Str(_)) || matches!(find_member(value, &TEXTS), Some(Value::Str(_)))
}

pub(super) fn read(value: Value, options: &ReadOptions) -> Rollout {
    let text = value
        .to_text()
        .or_else(|| find_member(&value, &TEXTS)?.to_text());
    let input = find_member(&value, &PROMPTS)
        .and_then(Value::to_text)
        .unwrap_or_default();
    let mut turns = split_turns(&input, Role::User, true);
    turns.extend(split_turns(
        &text.unwrap_or_default(),
        Role::Assistant,
        false,
    ));
    Rollout {
        input,
        ..Rollout::new(LogFormat::Text, turns, value, options)
    }
}

/// The rollout that a whole text is, whatever stands in it.
///
/// # Examples
///
/// ```
/// use fencerun::rollout::{ReadOptions, read_text};
/// let rollout = read_text("```python\n1\n```\n```output\n1\n```\nOne.", &ReadOptions::default());
/// assert_eq!(rollout.steps.len(), 2);
/// ```
#[must_use]
pub fn read_text(text: &str, options: &ReadOptions) -> Rollout {
    read(Value::Str(text.into()), options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout::read_line;

    #[test]
    fn the_text_may_have_one_of_several_names() {
        for name in TEXTS {
            let rollout = read_line(
                &format!("{{\"prompt\": \"q\", \"{name}\": \"a\"}}"),
                &ReadOptions::default(),
            )
            .unwrap();
            assert_eq!(
                (rollout.input.as_str(), rollout.steps[0].text.as_str()),
                ("q", "a"),
                "{name}"
            );
        }
    }
}
