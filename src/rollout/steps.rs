//! What a model and its tool wrote in turn in, steps out.

use crate::python::search::find_last;
use std::collections::BTreeMap;

use super::turns::{Call, Role, Turn};
use super::wrapped::{cut_at_tags, read_answers};
use super::{LogFormat, ReadOptions};
use crate::extract::{Block, extract};
use crate::language::Language;
use crate::profile::{self, ExtractOptions};
use crate::python::json::loads_bytes;
use crate::select::{Choice, Program, Selection, select};
use crate::span::Span;
use crate::tool_call::{Format, Options, ToolCall, parse_tool_calls, read_call_program};

/// One thing the model wrote, up to where a tool would answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What the model wrote, without white space around it.
    pub text: String,
    /// The program in it; `None` when there is none.
    pub program: Option<Program>,
    /// The programs that its framework runs after it, one after the other, until one fails; their outputs
    /// together are the observation. Only a profile says so.
    pub further: Vec<Program>,
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

/// A program, where in the turn its code stands, and the programs that run after it.
struct Found {
    program: Program,
    code_span: Option<Span>,
    further: Vec<Program>,
}

impl From<Program> for Found {
    fn from(program: Program) -> Self {
        Self {
            program,
            code_span: None,
            further: Vec::new(),
        }
    }
}

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
                    let calls = find_calls(span.of(self.text).unwrap_or_default());
                    let found = self.find_program(span, &waiting, &calls, true);
                    self.push(span, found, Some(&block.code));
                    start = block.span.end;
                    waiting.clear();
                } else {
                    waiting.push(block);
                }
            }
            let span = Span::new(start, piece.span.end);
            if !piece.recorded.is_empty() {
                self.read_answered(span, &waiting, &piece.recorded, true);
                continue;
            }
            let is_empty = span.of(self.text).unwrap_or_default().trim().is_empty();
            if !is_empty || !answers.is_empty() || self.steps.len() == before {
                let answers: Vec<&str> = answers.iter().map(|answer| answer.text).collect();
                self.read_answered(span, &waiting, &answers, false);
            }
        }
    }

    /// What stands in front of answers: one step, or one for each of several tool calls. `is_written`: the model's
    /// own turn has the answers.
    fn read_answered(&mut self, span: Span, blocks: &[Block], answers: &[&str], is_written: bool) {
        let text = span.of(self.text).unwrap_or_default();
        let mut calls = find_calls(text);
        // Most frameworks do not answer a call that they cannot read.
        let all_answered = answers.len() >= calls.len();
        let last = calls.pop();
        let mut start = span.start;
        let mut answers = answers.iter().copied();
        let is_answered = |call: &ToolCall| all_answered || is_readable(call);
        if self.profile.is_none_or(profile::reads_arguments) {
            for call in calls {
                let end = span.start + call.span().end;
                let found = read_program(&call).and_then(|program| self.take_argument(program));
                let recorded = is_answered(&call).then(|| answers.next()).flatten();
                self.push(Span::new(start, end), found, recorded);
                start = end;
            }
        }
        let span = Span::new(start, span.end);
        let blocks: Vec<Block> = blocks
            .iter()
            .filter(|block| block.span.start >= start)
            .cloned()
            .collect();
        // It is not looked for again: some formats open all calls of a turn together.
        let found = self.find_program(span, &blocks, last.as_slice(), is_written);
        let is_last_answered = last.as_ref().is_none_or(is_answered);
        let recorded = is_last_answered.then(|| answers.next()).flatten();
        self.push(span, found, recorded);
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
            let program = read_call_program(&call.name, &call.arguments);
            let found = program.and_then(|program| self.take_argument(program));
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

    /// The program in the arguments of a call, as it runs: a profile may change it.
    fn take_argument(&self, program: Program) -> Option<Found> {
        match self.profile.filter(|name| profile::reads_arguments(name)) {
            Some(name) => extract_by(name, &program.code, None),
            None => Some(program.into()),
        }
    }

    /// The program of a step: by the profile; else the first tool call with code; else a block.
    fn find_program(
        &self,
        span: Span,
        blocks: &[Block],
        calls: &[ToolCall],
        is_observed: bool,
    ) -> Option<Found> {
        let text = span.of(self.text)?;
        if let Some(name) = self.profile {
            if !profile::reads_arguments(name) {
                return extract_by(name, text, Some(span.start));
            }
            return self.take_argument(calls.iter().find_map(read_program)?);
        }
        if let Some(program) = calls.iter().find_map(read_program) {
            return Some(program.into());
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
        let thought = span.start + find_last(text, "</think>").unwrap_or_default();
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
        let (program, code_span, further) = match found {
            Some(found) => (Some(found.program), found.code_span, found.further),
            None => (None, None, Vec::new()),
        };
        self.steps.push(Step {
            text: text.to_owned(),
            program,
            further,
            recorded: recorded.map(str::to_owned),
            turn: self.turn,
            span: Span::new(start, start + text.len()),
            code_span,
        });
    }
}

/// What the framework behind a profile would run of a text that stands at `start` of its turn, if it stands there.
fn extract_by(name: &str, text: &str, start: Option<usize>) -> Option<Found> {
    let extracted = profile::extract_with(name, text, &ExtractOptions::default()).ok()?;
    let mut programs = extracted.programs.into_iter();
    let first = programs.next()?;
    let code_span = start.and_then(|start| Some(shift(first.span?, start)));
    Some(Found {
        program: name_language(first)?,
        code_span,
        further: programs.map_while(name_language).collect(),
    })
}

/// A program in the language that its framework means; `None` for one that there is not.
fn name_language(program: profile::Program) -> Option<Program> {
    let language = program.language.as_deref();
    Some(Program {
        code: program.code,
        language: language.map_or(Some(Language::PYTHON), Language::from_name)?,
    })
}

const fn is_readable(call: &ToolCall) -> bool {
    matches!(call, ToolCall::Call { .. })
}

const fn shift(span: Span, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

fn pick(blocks: &[Block], selection: &Selection) -> Option<Found> {
    let chosen = selection.choose(blocks.iter().map(|block| block.lang.as_deref()));
    let code_span = blocks.get(chosen.first()?.0)?.code_span;
    let program = select(blocks, selection).into_iter().next()?;
    Some(Found {
        code_span,
        ..program.into()
    })
}

/// Code in `<code>` or `<python>` that is in no block: the last, as the observation stands behind it.
fn find_tagged(text: &str, base: usize) -> Option<Found> {
    let (end, name) = ["code", "python"]
        .into_iter()
        .filter_map(|name| Some((find_last(text, &format!("</{name}>"))?, name)))
        .max()?;
    let before = text.get(..end)?;
    let open = format!("<{name}>");
    let start = find_last(before, &open)? + open.len();
    let code = before.get(start..)?;
    let skipped = usize::from(code.starts_with('\n'));
    let code = code.get(skipped..)?;
    let start = base + start + skipped;
    let program = Program {
        code: code.to_owned(),
        language: Language::PYTHON,
    };
    Some(Found {
        code_span: Some(Span::new(start, start + code.len())),
        ..program.into()
    })
}

fn find_calls(text: &str) -> Vec<ToolCall> {
    Format::of_text(text).map_or_else(Vec::new, |format| {
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
    read_call_program(name.as_str().unwrap_or_default(), &arguments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json::loads;

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
    fn each_of_several_calls_is_a_step_where_a_turn_has_their_answers_too() {
        let call = |code: &str| {
            format!(
                "<tool_call>{{\"name\": \"c\", \"arguments\": {{\"code\": \"{code}\"}}}}</tool_call>\n"
            )
        };
        let answer = |text: &str| format!("<tool_response>\n{text}\n</tool_response>\n");
        let turn = [
            call("1"),
            call("2"),
            answer("one"),
            answer("two"),
            call("3"),
            answer("three"),
        ];
        let facts: Vec<_> = read(&turn.concat(), &[])
            .into_iter()
            .map(|step| (step.program, step.recorded))
            .collect();
        let expected = [("1", "one\n"), ("2", "two\n"), ("3", "three\n")];
        let expected = expected.map(|(code, text)| (Some(program(code)), Some(text.to_owned())));
        assert_eq!(facts, expected);
    }

    #[test]
    fn calls_of_one_section_are_steps() {
        let call = |code: &str| {
            format!(
                "<|tool_call_begin|>functions.python:0<|tool_call_argument_begin|>{{\"code\": \"{code}\"}}<|tool_call_end|>"
            )
        };
        let turn = [
            "<|tool_calls_section_begin|>",
            &call("1"),
            &call("2"),
            "<|tool_calls_section_end|>",
        ];
        let steps = read(&turn.concat(), &["one", "two"]);
        let programs: Vec<_> = steps.into_iter().map(|step| step.program).collect();
        assert_eq!(programs, [Some(program("1")), Some(program("2"))]);
    }

    #[test]
    fn a_call_that_cannot_be_read_takes_no_answer_from_the_next() {
        let call = r#"<tool_call>{"name": "c", "arguments": {"code": "1"}}</tool_call>"#;
        let steps = read(&format!("<tool_call>{{</tool_call>{call}"), &["one"]);
        assert_eq!(steps[0].recorded, None);
        assert_eq!(steps[1].recorded.as_deref(), Some("one"));
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
            "```python\n1\n```\n```python\n2\n```\n",
            false,
        )];
        let code = |profile: &str| {
            let options = ReadOptions {
                profile: Some(profile.to_owned()),
                ..ReadOptions::default()
            };
            read_steps(&turns, LogFormat::Verl, &options)
                .swap_remove(0)
                .program
        };
        assert_eq!(code("torl"), Some(program("2\n")));
        assert_eq!(
            code("simpletir").map(|program| program.code.ends_with('1')),
            Some(true)
        );
        // Its framework reads tool calls, and there is none.
        assert_eq!(code("verl/retool"), None);
    }

    /// `CodeExecutorAgent` hands all blocks to its executor, which runs them in order up to one that fails.
    #[test]
    fn a_profile_may_run_several_programs_of_a_step() {
        let text = "```python\n1\n```\n```sh\n2\n```\n";
        let options = ReadOptions {
            profile: Some("autogen".to_owned()),
            ..ReadOptions::default()
        };
        let turns = [Turn::new(Role::Assistant, text, false)];
        let steps = read_steps(&turns, LogFormat::Verl, &options);
        assert_eq!(steps[0].program, Some(program("1\n")));
        let codes: Vec<_> = steps[0]
            .further
            .iter()
            .map(|program| (program.code.as_str(), program.language.name()))
            .collect();
        assert_eq!(codes, [("2\n", "bash")]);
    }

    #[test]
    fn each_call_is_a_step_to_a_profile_of_arguments() {
        let call = |code: &str| {
            format!(
                "<tool_call>{{\"name\": \"c\", \"arguments\": {{\"code\": \"{code}\"}}}}</tool_call>"
            )
        };
        let options = ReadOptions {
            profile: Some("verl/retool".to_owned()),
            ..ReadOptions::default()
        };
        let turns = [
            Turn::new(Role::Assistant, [call("1"), call("2")].concat(), false),
            Turn::new(Role::Tool, "one", false),
            Turn::new(Role::Tool, "two", false),
        ];
        let facts: Vec<_> = read_steps(&turns, LogFormat::Verl, &options)
            .into_iter()
            .map(|step| (step.program, step.recorded))
            .collect();
        let expected = [("print(1)", "one"), ("print(2)", "two")];
        let expected = expected.map(|(code, text)| (Some(program(code)), Some(text.to_owned())));
        assert_eq!(facts, expected);
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
