//! Harbor's agent trajectory interchange format, 1.x: `schema_version` and `steps` with `source`, `message`,
//! `reasoning_content`, `tool_calls` and `observation`.

use super::messages::read_message;
use super::openai::read_turns;
use super::turns::{Role, Turn};
use super::{LogFormat, ReadOptions, Rollout};
use crate::python::value::Value;

pub(super) fn is_trajectory(value: &Value) -> bool {
    let steps = value
        .get("steps")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let version = value.get("schema_version").and_then(Value::as_str);
    version.is_some_and(|version| version.starts_with("ATIF")) && value.get("steps").is_some()
        || !steps.is_empty()
            && steps.iter().all(|step| {
                step.get("source")
                    .is_some_and(|source| source.as_str().is_some())
            })
}

/// Each step is a turn of its source, and each result in its observation a turn of the tool.
pub(super) fn read(value: Value, options: &ReadOptions) -> Rollout {
    let mut turns = Vec::new();
    let mut given = true;
    for step in value
        .get("steps")
        .and_then(Value::as_list)
        .unwrap_or_default()
    {
        let source = step.get("source").and_then(Value::as_str);
        let role = Role::from_message(source.unwrap_or_default());
        given &= role != Role::Assistant;
        read_message(step, role, given, &mut turns);
        let results = step
            .get("observation")
            .and_then(|observation| observation.get("results")?.as_list());
        for result in results.unwrap_or_default() {
            let mut answer = Vec::new();
            read_message(result, Role::Tool, given, &mut answer);
            let call_id = result.member("source_call_id").and_then(Value::to_text);
            turns.extend(answer.into_iter().map(|turn| Turn {
                call_id: call_id.clone(),
                ..turn
            }));
        }
    }
    read_turns(LogFormat::Atif, turns, value, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout::read_line;

    #[test]
    fn an_observation_answers_the_calls_of_its_step() {
        let rollout = read_line(r#"{"schema_version": "ATIF-v1.7", "session_id": "s", "agent": {"name": "a", "version": "1"}, "steps": [
            {"step_id": 1, "source": "user", "message": "q"},
            {"step_id": 2, "source": "agent", "message": "m", "reasoning_content": "r",
             "tool_calls": [{"tool_call_id": "c1", "function_name": "python", "arguments": {"code": "print(1)"}}],
             "observation": {"results": [{"source_call_id": "c1", "content": "1\n"}]}},
            {"step_id": 3, "source": "agent", "message": "Done"}], "final_metrics": {"total_steps": 3}}"#, &ReadOptions::default()).unwrap();
        assert_eq!(rollout.format, LogFormat::Atif);
        assert_eq!(rollout.id.as_deref(), Some("s"));
        assert_eq!(rollout.turns[1].thinking.as_deref(), Some("r"));
        let facts: Vec<_> = rollout
            .steps
            .iter()
            .map(|step| {
                (
                    step.program.as_ref().map(|program| program.code.as_str()),
                    step.recorded.as_deref(),
                )
            })
            .collect();
        assert_eq!(facts, [(Some("print(1)"), Some("1\n")), (None, None)]);
    }
}
