//! What a model and its tool wrote in turn, cut into steps.

use crate::extract::{Block, extract};
use crate::language::Language;
use crate::python::json::loads;
use crate::python::value::Value;
use crate::select::{Choice, Program, Selection, select};
use crate::tool_call::{Format, Options, ToolCall, parse_tool_calls};

/// One thing the model wrote, up to where a tool would answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What the model wrote.
    pub text: String,
    /// The program in it; `None` when there is none.
    pub program: Option<Program>,
    /// The observation that the log recorded; `None` when there is none.
    pub recorded: Option<String>,
}

/// Cuts one turn of the model into steps. An `output` block in the turn is an observation that
/// was written into it, as `ToRA` and `ToRL` do; `answer` is the observation that followed the turn.
pub(super) fn read_turn(turn: &str, choice: Choice, answer: Option<&str>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut start = 0;
    let mut waiting: Vec<Block> = Vec::new();
    for block in extract(turn) {
        if block.lang.as_deref() == Some("output") {
            let text = turn.get(start..block.span.start).unwrap_or_default();
            steps.push(build_step(text, &waiting, choice, Some(block.code)));
            start = block.span.end;
            waiting.clear();
        } else {
            waiting.push(block);
        }
    }
    let rest = turn.get(start..).unwrap_or_default();
    if !rest.trim().is_empty() || answer.is_some() || steps.is_empty() {
        steps.push(build_step(
            rest,
            &waiting,
            choice,
            answer.map(str::to_owned),
        ));
    }
    steps
}

fn build_step(text: &str, blocks: &[Block], choice: Choice, recorded: Option<String>) -> Step {
    let languages = Language::all().collect();
    let selection = Selection {
        choice,
        ..Selection::first_of(languages)
    };
    let in_block = || select(blocks, &selection).into_iter().next();
    let program = Format::from_name("hermes")
        .map(|hermes| parse_tool_calls(text, hermes, &Options::default()).calls)
        .and_then(|calls| calls.iter().find_map(read_program))
        .or_else(in_block);
    Step {
        text: text.trim().to_owned(),
        program,
        recorded,
    }
}

/// The program in the arguments of a tool call: `code`, and `language` where it is given, as
/// verl's `SandboxFusionTool` takes them.
fn read_program(call: &ToolCall) -> Option<Program> {
    let ToolCall::Call { arguments, .. } = call else {
        return None;
    };
    let arguments = loads(arguments.as_str()?).ok()?;
    let code = arguments.get("code")?.as_str()?.to_owned();
    let language = arguments.get("language").and_then(Value::as_str);
    let language = language.map_or(Some(Language::PYTHON), Language::from_name)?;
    Some(Program { code, language })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(code: &str) -> Program {
        Program {
            code: code.to_owned(),
            language: Language::PYTHON,
        }
    }

    #[test]
    fn output_blocks_cut_a_turn_into_steps() {
        let turn =
            "A\n```python\n1\n```\n```output\none\n```\nB\n```python\n2\n```\n```output\n```\nC";
        let steps = read_turn(turn, Choice::First, None);
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[0].program, Some(program("1\n")));
        assert_eq!(steps[0].recorded.as_deref(), Some("one\n"));
        assert_eq!(steps[1].text, "B\n```python\n2\n```");
        assert_eq!(steps[1].recorded.as_deref(), Some(""));
        assert_eq!(
            steps[2],
            Step {
                text: "C".into(),
                program: None,
                recorded: None
            }
        );
    }

    #[test]
    fn a_tool_call_comes_before_a_block() {
        let call =
            r#"<tool_call>{"name": "code_interpreter", "arguments": {"code": "2"}}</tool_call>"#;
        let steps = read_turn(
            &format!("```python\n1\n```\n{call}"),
            Choice::First,
            Some("two"),
        );
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].program, Some(program("2")));
        assert_eq!(steps[0].recorded.as_deref(), Some("two"));
    }

    #[test]
    fn an_empty_turn_is_one_step() {
        assert_eq!(read_turn("", Choice::First, None).len(), 1);
    }
}
