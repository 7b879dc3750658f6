//! verl: the code tools of its recipes and tutorial, and the extractors of its rewards.

use super::rules::clean::print_last_line;
use super::rules::find::{FENCE, Found, find_pair};
use super::rules::show::fill;
use super::{ExtractOptions, Extracted, ObserveOptions, Profile, Raised};
use crate::python::repr::str;
use crate::python::search::{first_of, split, split_last, split_once};
use crate::python::text::{is_alpha, strip};
use crate::python::value::Value;
use crate::response::{PhaseStatus, RunResult};
use crate::score::{Case, grade};

const VERSION: &str = "b178a3cd56f5";
const RECIPE_VERSION: &str = "48ea0a797fa2";

/// What the model reads where nothing finished: a time-out, a program that does not compile, a
/// sandbox that failed.
pub const NOTHING_FINISHED: &str = "no stdout here";

/// What the reward says to a text without code.
pub const MISSING_BLOCK: &str = "Invalid completion (missing code block)";

/// The profiles of verl.
pub const PROFILES: [Profile; 6] = [
    Profile {
        name: "verl/tool",
        source: "volcengine/verl verl/tools/sandbox_fusion_tools.py",
        version: VERSION,
        description: "the tool's argument as it is; stdout and stderr joined, or `no stdout here`",
        extract: Some(|text, options| {
            let language = options.language_or("python");
            Extracted::programs(vec![super::Program::new(text, text, Some(language))])
        }),
        observe: Some(observe_finished),
    },
    Profile {
        name: "verl/retool",
        source: "verl-project/verl-recipe retool/retool.py",
        version: RECIPE_VERSION,
        description: "first ```python fence of the tool's argument, last line printed",
        extract: Some(extract_retool),
        observe: Some(observe_finished),
    },
    Profile {
        name: "verl/daytona",
        source: "verl-project/verl-recipe retool/daytona_sandbox_tool.py",
        version: RECIPE_VERSION,
        description: "as verl/retool, for Daytona's sandboxes",
        extract: Some(extract_retool),
        observe: None,
    },
    Profile {
        name: "verl/tutorial",
        source: "volcengine/verl examples/tutorial/agent_loop_get_started/sandbox.py",
        version: VERSION,
        description: "first ```py fence, so that ```python leaves `thon` in the code; last line printed",
        extract: Some(|text, _| extract_printed(text, "```py")),
        observe: Some(|result, _| {
            let run = result.run.as_ref();
            run.map_or_else(String::new, |run| fill("{}{}", &[&run.stdout, &run.stderr]))
        }),
    },
    Profile {
        name: "verl/score",
        source: "volcengine/verl verl/utils/reward_score/sandbox_fusion/__init__.py",
        version: VERSION,
        description: "behind the last ```python, closed or not; else the first fence",
        extract: Some(|text, _| extract_score(text)),
        observe: None,
    },
    Profile {
        name: "verl/prime-code",
        source: "volcengine/verl verl/utils/reward_score/prime_code/__init__.py",
        version: VERSION,
        description: "behind the last ```python, closed or not; else the text up to the first fence",
        extract: Some(|text, _| {
            Extracted::python(
                text,
                behind_last_python(text).unwrap_or_else(|| before_fence(text)),
            )
        }),
        observe: None,
    },
];

fn extract_retool(text: &str, _: &ExtractOptions) -> Extracted {
    extract_printed(text, "```python")
}

/// The first fenced block, else all; with its last line printed.
fn extract_printed(text: &str, open: &str) -> Extracted {
    let found = find_pair(text, open, FENCE);
    let code = found.map_or(text, |Found { body, .. }| strip(body));
    let printed = print_last_line(code, |_| false);
    // Where nothing was changed, the code stands in the text.
    Extracted::python(text, if printed == code { code } else { &printed })
}

fn before_fence(text: &str) -> &str {
    first_of(text, FENCE)
}

/// What stands behind the last opening, up to a fence or the end.
fn behind_last_python(text: &str) -> Option<&str> {
    split_last(text, "```python").map(|(_, behind)| before_fence(behind))
}

fn extract_score(text: &str) -> Extracted {
    if let Some(code) = behind_last_python(text) {
        return Extracted::python(text, code);
    }
    let Some(code) = split(text, FENCE).nth(1) else {
        return Extracted::reply(MISSING_BLOCK);
    };
    // A first line of letters is taken for a tag; `python3` and `c++` stay in the code.
    let tagged = split_once(code, "\n").filter(|(tag, _)| is_alpha(strip(tag)));
    Extracted::python(text, tagged.map_or(code, |(_, code)| code))
}

/// What the tool shows: both streams of a run that came to its end, whatever its exit code.
pub(super) fn observe_finished(result: &RunResult, _: &ObserveOptions) -> String {
    match &result.run {
        Some(run) if run.status == PhaseStatus::Finished => {
            fill("{}{}", &[&run.stdout, &run.stderr])
        }
        _ => NOTHING_FINISHED.to_owned(),
    }
}

/// What the tool reads out of the arguments of a call: code in whatever type, written out as
/// Python does, and two arguments that its schema does not name.
pub(super) fn read_arguments(arguments: &Value) -> Value {
    let text = |text: &str| Value::Str(text.into());
    let given = |name: &str| match arguments {
        Value::Str(_) if name == "code" => Some(arguments.clone()),
        _ => arguments.get(name).cloned(),
    };
    let code = given("code").map_or_else(|| text(""), |code| Value::Str(str(&code)));
    let timeout = given("timeout").unwrap_or_else(|| Value::Int("30".to_owned()));
    let language = given("language").unwrap_or_else(|| text("python"));
    Value::Dict(vec![
        (text("code"), code),
        (text("timeout"), timeout),
        (text("language"), language),
    ])
}

/// [`observe_finished`] of an answer as a server sent it. Streams that are null cannot be joined: the
/// original's error is swallowed, and the model reads nothing.
pub(super) fn observe_answer(answer: &Value, error: &Value) -> Result<Value, Raised> {
    let text = |text: &str| Value::Str(text.into());
    let case = Case {
        index: 0,
        stdin: Value::None,
        expected: Value::None,
    };
    let (_, metadata) = grade(&case, answer, error.as_str())?;
    let get = |key: &str| metadata.get(key).unwrap_or(&Value::None);
    if get("run_status").as_str() != Some("Finished") {
        return Ok(Value::Dict(vec![(text("text"), text(NOTHING_FINISHED))]));
    }
    let (stdout, stderr) = (get("stdout"), get("stderr"));
    let entries = match (stdout.to_text(), stderr.to_text()) {
        (Some(stdout), Some(stderr)) => vec![(text("text"), text(&(stdout + &stderr)))],
        (stdout_text, _) => {
            let (one, other) = (stdout.type_name(), stderr.type_name());
            let why = match stdout_text {
                Some(_) => fill(
                    "TypeError: can only concatenate str (not \"{}\") to str",
                    &[other],
                ),
                None => fill(
                    "TypeError: unsupported operand type(s) for +: '{}' and '{}'",
                    &[one, other],
                ),
            };
            vec![(text("text"), Value::None), (text("swallowed"), text(&why))]
        }
    };
    Ok(Value::Dict(entries))
}
