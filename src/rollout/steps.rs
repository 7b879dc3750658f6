//! What a model and its tool wrote in turn in, steps out.

use std::collections::BTreeMap;

use super::turns::{Call, Role, Turn};
use super::wrapped::{cut_at_tags, read_answers};
use super::{LogFormat, ReadOptions};
use crate::extract::{Block, extract};
use crate::language::Language;
use crate::profile::{self, ExtractOptions};
use crate::python::json::{loads, loads_bytes};
use crate::python::value::Value;
use crate::select::{Choice, Program, Selection, select};
use crate::span::Span;
use crate::tool_call::{Format, Options, ToolCall, parse_tool_calls};

/// One thing the model wrote, up to where a tool would answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What the model wrote, without white space around it.
    pub text: String,
    /// The program in it; `None` when there is none.
    pub program: Option<Program>,
    /// The observation that the log recorded; `None` when there is none.
    pub recorded: Option<String>,
    /// The place of the turn that it is part of.
    pub turn: usize,
    /// Where `text` stands in the text of that turn.
    pub span: Span,
    /// Where the code of the program stands in the text of that turn, when it stands there in one piece
    /// and unchanged.
    pub code_span: Option<Span>,
}

/// The steps in what the model wrote. There is always one.
pub(super) fn read_steps(turns: &[Turn], format: LogFormat, options: &ReadOptions) -> Vec<Step> {
    let mut reader = Reader {
        turn: 0,
        text: "",
        // Where a rationale has several programs before an output, `ToRA` runs the last one:
        // `extract_program(…, last_only=True)` of `src/utils/python_executor.py`.
        choice: if format == LogFormat::Tora {
            Choice::Last
        } else {
            Choice::First
        },
        profile: options.profile.as_deref(),
        steps: Vec::new(),
    };
    for (place, turn) in turns.iter().enumerate() {
        if turn.given || turn.role != Role::Assistant {
            continue;
        }
        (reader.turn, reader.text) = (place, &turn.text);
        let answers = turns.get(place + 1..).unwrap_or_default();
        let answers = answers
            .iter()
            .take_while(|turn| turn.role != Role::Assistant);
        let answers = answers.flat_map(|turn| {
            let id = turn.call_id.as_deref();
            read_answers(turn)
                .into_iter()
                .map(move |text| Answer { id, text })
        });
        let answers: Vec<Answer<'_>> = answers.collect();
        if turn.calls.is_empty() {
            reader.read_turn(&answers);
        } else {
            reader.read_calls(&turn.calls, &answers);
        }
    }
    if reader.steps.is_empty() {
        (reader.turn, reader.text) = (turns.len().saturating_sub(1), "");
        reader.push(Span::new(0, 0), None, None);
    }
    reader.steps
}

/// What followed a turn: an observation, and the call that it says it answers.
struct Answer<'a> {
    id: Option<&'a str>,
    text: &'a str,
}

/// A program, and where in the turn its code stands.
type Found = (Program, Option<Span>);

struct Reader<'a> {
    turn: usize,
    text: &'a str,
    choice: Choice,
    profile: Option<&'a str>,
    steps: Vec<Step>,
}

impl Reader<'_> {
    /// Cuts the text of a turn at the observations that were written into it, in tags or as `output` blocks.
    /// `answers` are those that followed the turn.
    fn read_turn(&mut self, answers: &[Answer<'_>]) {
        let before = self.steps.len();
        for piece in cut_at_tags(self.text) {
            let mut start = piece.span.start;
            let mut waiting: Vec<Block> = Vec::new();
            for mut block in extract(piece.span.of(self.text).unwrap_or_default()) {
                block.span = shift(block.span, piece.span.start);
                block.code_span = block.code_span.map(|span| shift(span, piece.span.start));
                if block.lang.as_deref() == Some("output") {
                    let span = Span::new(start, block.span.start);
                    let found = self.find_program(span, &waiting, true);
                    self.push(span, found, Some(&block.code));
                    start = block.span.end;
                    waiting.clear();
                } else {
                    waiting.push(block);
                }
            }
            let span = Span::new(start, piece.span.end);
            if let Some(recorded) = piece.recorded {
                let found = self.find_program(span, &waiting, true);
                self.push(span, found, Some(recorded));
                continue;
            }
            let is_empty = span.of(self.text).unwrap_or_default().trim().is_empty();
            if !is_empty || !answers.is_empty() || self.steps.len() == before {
                self.read_answered(span, &waiting, answers);
            }
        }
    }

    /// What ends a turn: one step, or one for each of several tool calls.
    fn read_answered(&mut self, span: Span, blocks: &[Block], answers: &[Answer<'_>]) {
        let text = span.of(self.text).unwrap_or_default();
        let mut calls = find_calls(text);
        calls.pop();
        let mut start = span.start;
        let mut answers = answers.iter().map(|answer| answer.text);
        if self.profile.is_none() {
            for call in calls {
                let end = span.start + call.span().end;
                self.push(
                    Span::new(start, end),
                    read_program(&call).map(without_span),
                    answers.next(),
                );
                start = end;
            }
        }
        let span = Span::new(start, span.end);
        let blocks: Vec<Block> = blocks
            .iter()
            .filter(|block| block.span.start >= start)
            .cloned()
            .collect();
        let found = self.find_program(span, &blocks, false);
        self.push(span, found, answers.next());
        for more in answers {
            self.push(Span::new(span.end, span.end), None, Some(more));
        }
    }

    /// A step for each call that a log keeps apart from the text, which belongs to the first. A call has the
    /// answer with its identifier, or else the next one where one of the two has none.
    fn read_calls(&mut self, calls: &[Call], answers: &[Answer<'_>]) {
        let mut places = BTreeMap::new();
        for (place, answer) in answers.iter().enumerate().rev() {
            places.insert(answer.id.unwrap_or_default().as_bytes().to_vec(), place);
        }
        let mut is_taken = vec![false; answers.len()];
        let (mut next, mut next_nameless) = (0, 0);
        let mut span = Span::new(0, self.text.len());
        for call in calls {
            let is_free = |place: &usize| is_taken.get(*place) == Some(&false);
            let id = call.id.as_deref();
            let by_id = id
                .and_then(|id| places.get(id.as_bytes()).copied())
                .filter(is_free);
            let place = by_id.unwrap_or_else(|| {
                let from = if id.is_none() {
                    &mut next
                } else {
                    &mut next_nameless
                };
                while answers
                    .get(*from)
                    .is_some_and(|answer| !is_free(from) || id.is_some() && answer.id.is_some())
                {
                    *from += 1;
                }
                *from
            });
            if let Some(taken) = is_taken.get_mut(place) {
                *taken = true;
            }
            let program = read_arguments(&call.name, &call.arguments).map(without_span);
            let found = match self.profile {
                Some(name) if profile::reads_arguments(name) => {
                    program.and_then(|(program, _)| extract_by(name, &program.code, None))
                }
                _ => program,
            };
            self.push(span, found, answers.get(place).map(|answer| answer.text));
            span = Span::new(self.text.len(), self.text.len());
        }
        for (answer, _) in answers
            .iter()
            .zip(is_taken)
            .filter(|(_, is_taken)| !is_taken)
        {
            self.push(span, None, Some(answer.text));
        }
    }

    /// The program of a step: by the profile; else the first tool call with code; else a block.
    fn find_program(&self, span: Span, blocks: &[Block], is_observed: bool) -> Option<Found> {
        let text = span.of(self.text)?;
        if let Some(name) = self.profile {
            let calls = if profile::reads_arguments(name) {
                find_calls(text)
            } else {
                Vec::new()
            };
            return if calls.iter().any(is_readable) {
                let argument = calls.iter().find_map(read_program)?;
                extract_by(name, &argument.code, None)
            } else {
                extract_by(name, text, Some(span.start))
            };
        }
        let calls = find_calls(text);
        if let Some(program) = calls.iter().find_map(read_program) {
            return Some((program, None));
        }
        // A call that can be read is what ran, even where it has no code.
        if calls.iter().any(is_readable) {
            return None;
        }
        let languages = Language::all().collect();
        let selection = Selection {
            choice: self.choice,
            ..Selection::first_of(languages)
        };
        // An observation stands behind the block that ran; others before it did not.
        let ends_in = |block: &&Block| {
            let rest = self.text.get(block.span.end..span.end);
            is_observed && rest.is_some_and(|rest| rest.trim().is_empty())
        };
        let last = blocks.last().filter(ends_in).map(std::slice::from_ref);
        // What was thought is a draft of what runs, where anything stands behind it.
        let thought = span.start + text.rfind("</think>").unwrap_or_default();
        let drafts = blocks
            .iter()
            .take_while(|block| block.span.start < thought)
            .count();
        let said = blocks.get(drafts..).unwrap_or_default();
        last.and_then(|last| pick(last, &selection))
            .or_else(|| pick(said, &selection))
            .or_else(|| pick(blocks, &selection))
            .or_else(|| find_tagged(text, span.start))
    }

    fn push(&mut self, span: Span, found: Option<Found>, recorded: Option<&str>) {
        let text = span.of(self.text).unwrap_or_default();
        let start = span.start + (text.len() - text.trim_start().len());
        let text = text.trim();
        let (program, code_span) = found.unzip();
        self.steps.push(Step {
            text: text.to_owned(),
            program,
            recorded: recorded.map(str::to_owned),
            turn: self.turn,
            span: Span::new(start, start + text.len()),
            code_span: code_span.flatten(),
        });
    }
}

/// What the framework behind a profile would run of a text that stands at `start` of its turn, if it stands there.
fn extract_by(name: &str, text: &str, start: Option<usize>) -> Option<Found> {
    let extracted = profile::extract_with(name, text, &ExtractOptions::default()).ok()?;
    let program = extracted.programs.into_iter().next()?;
    let language = program.language.as_deref();
    let language = language.map_or(Some(Language::PYTHON), Language::from_name)?;
    let code_span = start.and_then(|start| Some(shift(program.span?, start)));
    Some((
        Program {
            code: program.code,
            language,
        },
        code_span,
    ))
}

const fn is_readable(call: &ToolCall) -> bool {
    matches!(call, ToolCall::Call { .. })
}

const fn shift(span: Span, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

const fn without_span(program: Program) -> Found {
    (program, None)
}

fn pick(blocks: &[Block], selection: &Selection) -> Option<Found> {
    let chosen = selection.choose(blocks.iter().map(|block| block.lang.as_deref()));
    let code_span = blocks.get(chosen.first()?.0)?.code_span;
    let program = select(blocks, selection).into_iter().next()?;
    Some((program, code_span))
}

/// Code in `<code>` or `<python>` that is in no block: the last, as the observation stands behind it.
fn find_tagged(text: &str, base: usize) -> Option<Found> {
    let (end, name) = ["code", "python"]
        .into_iter()
        .filter_map(|name| Some((text.rfind(&format!("</{name}>"))?, name)))
        .max()?;
    let before = text.get(..end)?;
    let open = format!("<{name}>");
    let start = before.rfind(&open)? + open.len();
    let code = before.get(start..)?;
    let skipped = usize::from(code.starts_with('\n'));
    let code = code.get(skipped..)?;
    let start = base + start + skipped;
    let program = Program {
        code: code.to_owned(),
        language: Language::PYTHON,
    };
    Some((program, Some(Span::new(start, start + code.len()))))
}

/// What opens a tool call, and the format that it is then in. What stands first decides.
const CALLS: [(&str, &str); 10] = [
    ("<function=", "qwen3_coder"),
    ("<arg_key>", "glm"),
    ("<tool_call>", "hermes"),
    ("<seed:tool_call>", "seed"),
    ("<minimax:tool_call>", "minimax"),
    ("<|tool_call_begin|>", "kimi"),
    ("<｜DSML｜invoke", "deepseek_v4"),
    ("<｜tool▁call▁begin｜>", "deepseek_r1"),
    ("<|tool_call>", "gemma4"),
    ("to=functions.", "gpt-oss"),
];

fn find_calls(text: &str) -> Vec<ToolCall> {
    // `<seed:tool_call>` and its kin hold functions like Qwen's: a call of theirs comes first.
    let find = |(mark, name): &(&str, &'static str)| text.contains(mark).then_some(*name);
    let own = CALLS.iter().skip(3).find_map(find);
    let name = own.or_else(|| CALLS.iter().take(3).find_map(find));
    let format = name.and_then(Format::from_name);
    format.map_or_else(Vec::new, |format| {
        parse_tool_calls(text, format, &Options::default()).calls
    })
}

fn read_program(call: &ToolCall) -> Option<Program> {
    let ToolCall::Call {
        name, arguments, ..
    } = call
    else {
        return None;
    };
    let arguments = loads_bytes(arguments.as_bytes()).ok()?;
    read_arguments(name.as_str().unwrap_or_default(), &arguments)
}

/// The program in the arguments of a tool call: `code`, and `language` where it is given, as verl's
/// `SandboxFusionTool` takes them. A tool that is named for running code may call its code otherwise, or
/// take it bare, as gpt-oss writes it.
fn read_arguments(name: &str, arguments: &Value) -> Option<Program> {
    let name = name.to_ascii_lowercase();
    let runs_code = ["python", "code", "interpreter", "jupyter"]
        .iter()
        .any(|word| name.contains(word));
    let parsed = arguments.as_str().map(loads);
    let arguments = match &parsed {
        Some(Ok(parsed @ Value::Dict(_))) => parsed,
        Some(_) if runs_code => {
            let code = arguments.as_str()?.to_owned();
            return Some(Program {
                code,
                language: Language::PYTHON,
            });
        }
        _ => arguments,
    };
    let further = ["input", "script", "source", "python", "program"]
        .iter()
        .filter(|_| runs_code);
    let mut names = ["code"].iter().chain(further);
    let code = names.find_map(|name| arguments.get(name)?.to_text())?;
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

    fn read(turn: &str, answers: &[&str]) -> Vec<Step> {
        let mut turns = vec![Turn::new(Role::Assistant, turn, false)];
        turns.extend(
            answers
                .iter()
                .map(|answer| Turn::new(Role::Tool, *answer, false)),
        );
        read_steps(&turns, LogFormat::Verl, &ReadOptions::default())
    }

    #[test]
    fn output_blocks_cut_a_turn_into_steps() {
        let turn =
            "A\n```python\n1\n```\n```output\none\n```\nB\n```python\n2\n```\n```output\n```\nC";
        let steps = read(turn, &[]);
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[0].program, Some(program("1\n")));
        assert_eq!(steps[0].recorded.as_deref(), Some("one\n"));
        assert_eq!(steps[1].text, "B\n```python\n2\n```");
        assert_eq!(steps[1].recorded.as_deref(), Some(""));
        assert_eq!((steps[2].text.as_str(), &steps[2].program), ("C", &None));
        for step in &steps {
            assert_eq!(step.span.of(turn), Some(step.text.as_str()));
            let code = step.code_span.map(|span| span.of(turn).unwrap());
            assert_eq!(
                code,
                step.program.as_ref().map(|program| program.code.as_str())
            );
        }
    }

    #[test]
    fn tags_cut_a_turn_into_steps() {
        for (code, open, close) in [
            (
                "<code>\n```python\n1\n```\n</code>",
                "<interpreter>",
                "</interpreter>",
            ),
            ("```python\n1\n```", "<output>", "</output>"),
            ("<python>\n1\n</python>", "<result>", "</result>"),
            (
                "<tool_call>\n{\"name\": \"c\", \"arguments\": {\"code\": \"1\\n\"}}\n</tool_call>",
                "<tool_response>",
                "</tool_response>",
            ),
        ] {
            let turn = format!("A\n{code}\n{open}\n7\n{close}\nB\n{code}\n{open}8{close}C");
            let steps = read(&turn, &[]);
            let recorded: Vec<_> = steps.iter().map(|step| step.recorded.as_deref()).collect();
            assert_eq!(recorded, [Some("7\n"), Some("8"), None], "{turn}");
            assert_eq!(steps[1].program, Some(program("1\n")), "{turn}");
            assert_eq!(steps[2].text, "C", "{turn}");
        }
    }

    #[test]
    fn the_block_in_front_of_an_observation_ran() {
        let steps = read(
            "```python\n1\n```\nno:\n```python\n2\n```\n```output\n2\n```",
            &[],
        );
        assert_eq!(steps[0].program, Some(program("2\n")));
    }

    #[test]
    fn a_block_behind_the_thoughts_comes_before_one_in_them() {
        let draft = "<think>\n```python\n1\n```\n</think>\n";
        let code = |text: &str| read(text, &[]).swap_remove(0).program;
        assert_eq!(
            code(&format!("{draft}```python\n2\n```")),
            Some(program("2\n"))
        );
        assert_eq!(code(draft), Some(program("1\n")));
    }

    #[test]
    fn a_tool_call_comes_before_a_block() {
        let call =
            r#"<tool_call>{"name": "code_interpreter", "arguments": {"code": "2"}}</tool_call>"#;
        let steps = read(&format!("```python\n1\n```\n{call}"), &["two"]);
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].program, Some(program("2")));
        assert_eq!(steps[0].recorded.as_deref(), Some("two"));
    }

    #[test]
    fn each_of_several_calls_is_a_step_with_its_answer() {
        let call = |code: &str| {
            format!(
                "<tool_call>{{\"name\": \"c\", \"arguments\": {{\"code\": \"{code}\"}}}}</tool_call>"
            )
        };
        let steps = read(&format!("A{}B{}", call("1"), call("2")), &["one", "two"]);
        let facts: Vec<_> = steps
            .iter()
            .map(|step| (step.program.clone(), step.recorded.as_deref()))
            .collect();
        assert_eq!(
            facts,
            [
                (Some(program("1")), Some("one")),
                (Some(program("2")), Some("two"))
            ]
        );
    }

    #[test]
    fn calls_of_other_formats_are_read_too() {
        let turn = "<tool_call>\n<function=python>\n<parameter=code>\nprint(1)\n</parameter>\n</function>\n</tool_call>";
        assert_eq!(read(turn, &["1"])[0].program, Some(program("print(1)")));
    }

    #[test]
    fn a_call_without_code_runs_nothing() {
        let turn = "```python\n1\n```\n<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}}</tool_call>";
        assert_eq!(read(turn, &["found"])[0].program, None);
    }

    #[test]
    fn a_profile_says_what_runs() {
        let turns = [Turn::new(
            Role::Assistant,
            "```python\nx = 6 * 7\nx\n```\n",
            false,
        )];
        let options = ReadOptions {
            profile: Some("verl/retool".to_owned()),
            ..ReadOptions::default()
        };
        let steps = read_steps(&turns, LogFormat::Verl, &options);
        assert_eq!(steps[0].program, Some(program("x = 6 * 7\nprint(x)")));
    }

    #[test]
    fn a_profile_of_arguments_reads_those_of_a_tool_call() {
        let options = ReadOptions {
            profile: Some("verl/retool".to_owned()),
            ..ReadOptions::default()
        };
        let arguments = r#"{"code": "```python\nx = 6 * 7\nx\n```"}"#;
        let text = format!(
            "Let me see.\n<tool_call>{{\"name\": \"code\", \"arguments\": {arguments}}}</tool_call>"
        );
        let written = [Turn::new(Role::Assistant, text, false)];
        let mut apart = [Turn::new(Role::Assistant, "Let me see.", false)];
        apart[0].calls.push(Call {
            id: None,
            name: "code".to_owned(),
            arguments: loads(arguments).unwrap(),
        });
        for turns in [written, apart] {
            let steps = read_steps(&turns, LogFormat::OpenAi, &options);
            assert_eq!(steps[0].program, Some(program("x = 6 * 7\nprint(x)")));
        }
    }

    #[test]
    fn an_empty_turn_is_one_step() {
        assert_eq!(read("", &[]).len(), 1);
        assert_eq!(
            read_steps(&[], LogFormat::Verl, &ReadOptions::default()).len(),
            1
        );
    }
}
