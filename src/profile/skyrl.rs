//! SkyRL: its gym, its agent and the agent's verifier.

use std::borrow::Cow;

use super::rules::clean::print_last_line;
use super::rules::find::{FENCE, find_all, find_pair, find_tag, match_front, search};
use super::rules::show::{fill, last_phase};
use super::verl::observe_finished;
use super::{Extracted, Profile};
use crate::python::search::{find_last, join, replace, split_once};
use crate::python::text::{strip, text_between, text_from, text_to};
use crate::response::PhaseStatus;

const VERSION: &str = "a9564572eb8e";

const FAILED: &str = "Error executing Python code: {}";

/// The profiles of SkyRL.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "skyrl/agent",
        source: "NovaSky-AI/SkyRL skyrl-agent/skyrl_agent/tools/sandbox_fusion.py",
        version: VERSION,
        description: "the tool's argument without any fences, last line printed unless it starts with a space",
        extract: Some(|text, _| extract_argument(text)),
        observe: Some(observe_finished),
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
            let Some(run) = last_phase(result) else {
                return String::new();
            };
            if run.status == PhaseStatus::TimeLimitExceeded {
                return fill(FAILED, &["Execution timed out after 10.0 seconds."]);
            }
            match run.stderr.as_str() {
                "" => strip(&run.stdout).to_owned(),
                stderr => fill(FAILED, &[strip(stderr)]),
            }
        }),
    },
];

fn extract_argument(text: &str) -> Extracted {
    let opened = remove_openings(strip(text));
    let closed = remove_closings(&opened);
    let bare = replace(&closed, FENCE, "");
    let printed = print_last_line(strip(&bare), |line| line.starts_with(' '));
    Extracted::python(text, &printed)
}

/// Deletes every match of ```` ^```\w*\s*\n? ````, at the fronts of lines.
fn remove_openings(text: &str) -> Cow<'_, str> {
    remove_fences(text, |before, after| {
        if !before.is_empty() && !before.ends_with('\n') {
            return None;
        }
        Some((before.len(), match_front(after, "\\w*\\s*")?))
    })
}

/// Deletes every match of ```` \n?```\s*$ ````, at the ends of lines. White space that runs on to
/// another line is given back from its last line end on.
fn remove_closings(text: &str) -> Cow<'_, str> {
    remove_fences(text, |before, after| {
        let space = text_to(after, match_front(after, "\\s*")?);
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
        kept.push_str(text_between(text, from, start.max(from)));
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
    let found = find_all(solution, "```\\w*\n(.*?)\n```");
    let codes: Vec<&str> = found.iter().map(|found| found.body).collect();
    match codes.as_slice() {
        [] => Extracted::nothing(),
        [only] => Extracted::python(text, strip(only)),
        codes => Extracted::python(text, strip(&join(codes, "\n"))),
    }
}

/// The tool that a turn names; the one for Python runs code, the other searches.
fn extract_tool(text: &str) -> Extracted {
    let raised = |message| Extracted::raised("ValueError", message);
    let Some(tool) = find_pair(text, "<tool>", "</tool>") else {
        return raised("No <tool>...</tool> block found in action string.");
    };
    let Some(found) = find_tag(strip(tool.body), "\\w+") else {
        return raised("No valid inner tool tag found inside <tool> block.");
    };
    let input = strip(found.body);
    match found.head {
        "python" => Extracted::python(text, input).of_kind("python"),
        "search" => Extracted::nothing().keeping(input).of_kind("search"),
        name => {
            let template = "Tool '{}' not found in any registered tool group.";
            raised(&fill(template, &[name]))
        }
    }
}
