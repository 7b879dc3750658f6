//! SkyRL: its gym, its agent and the agent's verifier.

use std::borrow::Cow;

use super::rules::clean::print_last_line;
use super::rules::find::{
    CLOSE_FENCE_LINE, FENCE, Pattern, WORD_NEWLINE, find_pair, find_tag, space_length, word_length,
};
use super::verl::NOTHING_FINISHED;
use super::{Extracted, Profile, Program};
use crate::python::text::{is_word, strip, text_from, text_to};
use crate::response::PhaseStatus;

const VERSION: &str = "a9564572eb8e";

/// The profiles of SkyRL.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "skyrl/agent",
        source: "NovaSky-AI/SkyRL skyrl-agent/skyrl_agent/tools/sandbox_fusion.py",
        version: VERSION,
        description: "the tool's argument without any fences, last line printed unless it starts with a space",
        extract: Some(|text, _| extract_argument(text)),
        observe: Some(|result, _| match &result.run {
            Some(run) if run.status == PhaseStatus::Finished => {
                format!("{}{}", run.stdout, run.stderr)
            }
            _ => NOTHING_FINISHED.to_owned(),
        }),
    },
    Profile {
        name: "skyrl/coder1",
        source: "NovaSky-AI/SkyRL skyrl-agent/skyrl_agent/tasks/verifiers/coder1/__init__.py",
        version: VERSION,
        description: "behind the first </think>, all fences with one word or nothing behind them, joined",
        extract: Some(|text, _| extract_solution(text)),
        observe: None,
    },
    Profile {
        name: "skyrl/searchcode",
        source: "NovaSky-AI/SkyRL skyrl-gym/skyrl_gym/envs/searchcode/env.py, skyrl-gym/skyrl_gym/tools/python.py",
        version: VERSION,
        description: "first tag inside the first <tool> tag; errors in place of output",
        extract: Some(|text, _| extract_tool(text)),
        observe: Some(|result, _| {
            let Some(run) = result.run.as_ref().or(result.compile.as_ref()) else {
                return String::new();
            };
            if run.status == PhaseStatus::TimeLimitExceeded {
                return "Error executing Python code: Execution timed out after 10.0 seconds."
                    .to_owned();
            }
            match run.stderr.as_str() {
                "" => strip(&run.stdout).to_owned(),
                stderr => format!("Error executing Python code: {}", strip(stderr)),
            }
        }),
    },
];

fn extract_argument(text: &str) -> Extracted {
    let opened = remove_openings(strip(text));
    let closed = remove_closings(&opened);
    let code = strip(&closed.replace(FENCE, "")).to_owned();
    let printed = print_last_line(&code, |line| line.starts_with(' '));
    Extracted::programs(vec![Program::new(text, &printed, Some("python"))])
}

/// Deletes every match of ```` ^```\w*\s*\n? ````, at the fronts of lines.
fn remove_openings(text: &str) -> Cow<'_, str> {
    if !text.contains(FENCE) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut at_front = true;
    while !rest.is_empty() {
        let matched = rest.strip_prefix(FENCE).filter(|_| at_front).map(|after| {
            let after = text_from(after, word_length(after));
            text_from(after, space_length(after))
        });
        let length = match matched {
            Some(after) => rest.len() - after.len(),
            None => rest.find('\n').map_or(rest.len(), |end| end + 1),
        };
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if matched.is_none() {
            kept.push_str(part);
        }
        at_front = part.ends_with('\n');
        rest = after;
    }
    Cow::Owned(kept)
}

/// Deletes every match of ```` \n?```\s*$ ````, at the ends of lines. White space that runs on to
/// another line is given back from its last line end on.
fn remove_closings(text: &str) -> Cow<'_, str> {
    if !text.contains(FENCE) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    let mut look = 0;
    while let Some(at) = text
        .get(look..)
        .and_then(|rest| rest.find(FENCE))
        .map(|at| look + at)
    {
        let after = text_from(text, at + FENCE.len());
        let space = text_to(after, space_length(after));
        let deleted = if space.len() == after.len() {
            Some(space.len())
        } else {
            space.rfind('\n')
        };
        let Some(deleted) = deleted else {
            look = at + 1;
            continue;
        };
        let before = text.get(from..at).unwrap_or_default();
        kept.push_str(before.strip_suffix('\n').unwrap_or(before));
        from = at + FENCE.len() + deleted;
        look = from;
    }
    kept.push_str(text_from(text, from));
    Cow::Owned(kept)
}

fn extract_solution(text: &str) -> Extracted {
    let solution = text
        .split_once("</think>")
        .map_or(text, |(_, solution)| strip(solution));
    let fenced = Pattern {
        open: FENCE,
        head: WORD_NEWLINE,
        close: CLOSE_FENCE_LINE,
    };
    let codes: Vec<&str> = fenced
        .find_all(solution)
        .iter()
        .map(|found| found.body)
        .collect();
    match codes.as_slice() {
        [] => Extracted::nothing(),
        [only] => Extracted::python(text, strip(only)),
        codes => Extracted::python(text, strip(&codes.join("\n"))),
    }
}

/// The tool that a turn names; the one for Python runs code, the other searches.
fn extract_tool(text: &str) -> Extracted {
    let Some(tool) = find_pair(text, "<tool>", "</tool>") else {
        return Extracted::raised(
            "ValueError",
            "No <tool>...</tool> block found in action string.",
        );
    };
    let Some(found) = find_tag(strip(tool.body), is_word) else {
        return Extracted::raised(
            "ValueError",
            "No valid inner tool tag found inside <tool> block.",
        );
    };
    let input = strip(found.body);
    match found.head {
        "python" => Extracted::python(text, input).of_kind("python"),
        "search" => Extracted::nothing().keeping(input).of_kind("search"),
        name => {
            let message = format!("Tool '{name}' not found in any registered tool group.");
            Extracted::raised("ValueError", message)
        }
    }
}
