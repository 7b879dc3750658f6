//! SkyRL: its gym, its agent and the agent's verifier.

use crate::python::search::{find_last, join, split_once};
use std::borrow::Cow;

use super::rules::clean::print_last_line;
use super::rules::find::{
    CLOSE_FENCE_LINE, FENCE, Pattern, WORD_NEWLINE, find_pair, find_tag, search, space_length,
    word_length,
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
    let bare = remove_fences(&closed, |before, _| Some((before.len(), 0)));
    let printed = print_last_line(strip(&bare), |line| line.starts_with(' '));
    Extracted::programs(vec![Program::new(text, &printed, Some("python"))])
}

/// Deletes every match of ```` ^```\w*\s*\n? ````, at the fronts of lines.
fn remove_openings(text: &str) -> Cow<'_, str> {
    remove_fences(text, |before, after| {
        if !before.is_empty() && !before.ends_with('\n') {
            return None;
        }
        let word = word_length(after);
        Some((before.len(), word + space_length(text_from(after, word))))
    })
}

/// Deletes every match of ```` \n?```\s*$ ````, at the ends of lines. White space that runs on to
/// another line is given back from its last line end on.
fn remove_closings(text: &str) -> Cow<'_, str> {
    remove_fences(text, |before, after| {
        let space = text_to(after, space_length(after));
        let deleted = if space.len() == after.len() {
            Some(space.len())
        } else {
            find_last(space, "\n")
        };
        let start = before.strip_suffix('\n').unwrap_or(before).len();
        Some((start, deleted?))
    })
}

/// Deletes fences: `match_around` is given what stands before one and behind it, and says where the
/// match starts and how far it goes on behind; `None` where the fence stays.
fn remove_fences(
    text: &str,
    match_around: fn(&str, &str) -> Option<(usize, usize)>,
) -> Cow<'_, str> {
    let mut kept = String::new();
    let (mut from, mut look) = (0, 0);
    while let Some(at) = search(text_from(text, look), FENCE).map(|at| look + at) {
        let behind = at + FENCE.len();
        let Some((start, length)) = match_around(text_to(text, at), text_from(text, behind)) else {
            look = at + 1;
            continue;
        };
        // A line end that an earlier match took is not there to be taken.
        kept.push_str(text.get(from..start.max(from)).unwrap_or_default());
        from = behind + length;
        look = from;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text_from(text, from));
    Cow::Owned(kept)
}

fn extract_solution(text: &str) -> Extracted {
    let solution = split_once(text, "</think>").map_or(text, |(_, solution)| strip(solution));
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
        codes => Extracted::python(text, strip(&join(codes, "\n"))),
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
