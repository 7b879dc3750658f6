//! SkyRL: its gym, its agent and the agent's verifier.

use std::borrow::Cow;

use super::rules::clean::print_last_line;
use super::rules::find::{FENCE, bodies, find, find_all, find_tag, match_front, search};
use super::rules::show::{fill, last_phase};
use super::verl::observe_finished;
use super::{ExtractOptions, Extracted, Profile, Raised};
use crate::catalogue::prose;
use crate::python::search::{find_last, join, replace, split_once};
use crate::python::text::{strip, text_between, text_from, text_to};
use crate::response::PhaseStatus;

const VERSION: &str = "a9564572eb8e";

const FAILED: &str = "Error executing Python code: {}";

/// The profiles of SkyRL.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "skyrl/agent",
        source: prose("NovaSky-AI/SkyRL skyrl-agent/skyrl_agent/tools/sandbox_fusion.py"),
        version: prose(VERSION),
        description: prose(
            "the tool's argument without any fences, last line printed unless it starts with a space",
        ),
        extract: Some(extract_argument),
        observe: Some(observe_finished),
    },
    Profile {
        name: "skyrl/coder1",
        source: prose(
            "NovaSky-AI/SkyRL skyrl-agent/skyrl_agent/tasks/verifiers/coder1/__init__.py",
        ),
        version: prose(VERSION),
        description: prose(
            "behind the first </think>, all fences with one word or nothing behind them, joined",
        ),
        extract: Some(extract_solution),
        observe: None,
    },
    Profile {
        name: "skyrl/searchcode",
        source: prose(
            "NovaSky-AI/SkyRL skyrl-gym/skyrl_gym/envs/searchcode/env.py, skyrl-gym/skyrl_gym/tools/python.py",
        ),
        version: prose(VERSION),
        description: prose("first tag inside the first <tool> tag; errors in place of output"),
        extract: Some(extract_tool),
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

fn extract_argument(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let opened = remove_openings(strip(text));
    let closed = remove_closings(&opened);
    let bare = replace(&closed, FENCE, "");
    let printed = print_last_line(strip(&bare), |line| line.starts_with(' '));
    extracted.python(text, &printed);
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

fn extract_solution(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let solution = split_once(text, "</think>").map_or(text, |(_, solution)| strip(solution));
    let found = find_all(solution, "```\\w*\n(.*?)\n```");
    match found.as_slice() {
        [_, _, ..] => extracted.python(text, strip(&join(&bodies(&found), "\n"))),
        found => extracted.python_in(text, found.first()),
    }
}

/// The tool that a turn names; the one for Python runs code, the other searches.
fn extract_tool(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    let tool = find(text, "<tool>(.*?)</tool>");
    let inner = tool.and_then(|tool| find_tag(strip(tool.body), "\\w+"));
    let message = match inner.map(|found| found.head) {
        Some("python") => {
            extracted.kind = Some("python");
            return extracted.python_in(text, inner.as_ref());
        }
        Some("search") => {
            extracted.kind = Some("search");
            return extracted.keep(inner.map_or("", |found| strip(found.body)));
        }
        Some(_) => "Tool '{}' not found in any registered tool group.",
        None if tool.is_some() => "No valid inner tool tag found inside <tool> block.",
        None => "No <tool>...</tool> block found in action string.",
    };
    let name = inner.map_or("", |found| found.head);
    extracted.raise(Raised::filled("ValueError", message, &[name]));
}
