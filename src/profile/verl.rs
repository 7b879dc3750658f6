//! verl: the code tools of its recipes and tutorial, and the extractors of its rewards.

use super::apply::{dict, text};
use super::rules::clean::print_last_line;
use super::rules::find::{FENCE, find};
use super::rules::show::{fill, fill_streams, show_value};
use super::{ExtractOptions, Extracted, ObserveOptions, Profile, Raised};
use crate::catalogue::prose;
use crate::python::repr::str;
use crate::python::search::{first_of, last_of, split_last, split_once};
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
        source: prose("volcengine/verl verl/tools/sandbox_fusion_tools.py"),
        version: prose(VERSION),
        description: prose(
            "the tool's argument as it is; stdout and stderr joined, or `no stdout here`",
        ),
        extract: Some(|extracted, text, options| {
            extracted.push(text, text, Some(options.language_or("python")));
        }),
        observe: Some(observe_finished),
    },
    Profile {
        name: "verl/retool",
        source: prose("verl-project/verl-recipe retool/retool.py"),
        version: prose(RECIPE_VERSION),
        description: prose("first ```python fence of the tool's argument, last line printed"),
        extract: Some(extract_retool),
        observe: Some(observe_finished),
    },
    Profile {
        name: "verl/daytona",
        source: prose("verl-project/verl-recipe retool/daytona_sandbox_tool.py"),
        version: prose(RECIPE_VERSION),
        description: prose("as verl/retool, for Daytona's sandboxes"),
        extract: Some(extract_retool),
        observe: None,
    },
    Profile {
        name: "verl/tutorial",
        source: prose("volcengine/verl examples/tutorial/agent_loop_get_started/sandbox.py"),
        version: prose(VERSION),
        description: prose(
            "first ```py fence, so that ```python leaves `thon` in the code; last line printed",
        ),
        extract: Some(|extracted, text, _| extract_printed(extracted, text, "```py(.*?)```")),
        observe: Some(|result, _| match result.run {
            Some(_) => fill_streams("{}{}", result),
            None => String::new(),
        }),
    },
    Profile {
        name: "verl/score",
        source: prose("volcengine/verl verl/utils/reward_score/sandbox_fusion/__init__.py"),
        version: prose(VERSION),
        description: prose("behind the last ```python, closed or not; else the first fence"),
        extract: Some(extract_score),
        observe: None,
    },
    Profile {
        name: "verl/prime-code",
        source: prose("volcengine/verl verl/utils/reward_score/prime_code/__init__.py"),
        version: prose(VERSION),
        description: prose(
            "behind the last ```python, closed or not; else the text up to the first fence",
        ),
        extract: Some(|extracted, text, _| {
            extracted.python(text, before_fence(last_of(text, "```python")));
        }),
        observe: None,
    },
];

fn extract_retool(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    extract_printed(extracted, text, "```python(.*?)```");
}

/// The first fenced block, else all; with its last line printed.
fn extract_printed(extracted: &mut Extracted, text: &str, pattern: &str) {
    let code = find(text, pattern).map_or(text, |found| strip(found.body));
    let printed = print_last_line(code, |_| false);
    // Where nothing was changed, the code stands in the text.
    extracted.python(text, if printed == code { code } else { &printed });
}

fn before_fence(text: &str) -> &str {
    first_of(text, FENCE)
}

fn extract_score(extracted: &mut Extracted, text: &str, _: &ExtractOptions) {
    if let Some((_, behind)) = split_last(text, "```python") {
        extracted.python(text, before_fence(behind));
    } else if let Some((_, behind)) = split_once(text, FENCE) {
        let code = before_fence(behind);
        // A first line of letters is taken for a tag; `python3` and `c++` stay in the code.
        let tagged = split_once(code, "\n").filter(|(tag, _)| is_alpha(strip(tag)));
        extracted.python(text, tagged.map_or(code, |(_, code)| code));
    } else {
        extracted.reply = Some(MISSING_BLOCK);
    }
}

/// What the tool shows: both streams of a run that came to its end, whatever its exit code.
pub(super) fn observe_finished(result: &RunResult, _: &ObserveOptions) -> String {
    match &result.run {
        Some(run) if run.status == PhaseStatus::Finished => fill_streams("{}{}", result),
        _ => NOTHING_FINISHED.to_owned(),
    }
}

/// What the tool reads out of the arguments of a call: code in whatever type, written out as
/// Python does, and two arguments that its schema does not name.
pub(super) fn read_arguments(arguments: &Value) -> Value {
    let mut read = [
        ("code", text("")),
        ("timeout", Value::Int("30".to_owned())),
        ("language", text("python")),
    ];
    for (name, value) in &mut read {
        if let Some(given) = arguments.get(name) {
            *value = given.clone();
        }
    }
    let [(_, code), ..] = &mut read;
    *code = Value::Str(str(match arguments {
        Value::Str(_) => arguments,
        _ => code,
    }));
    dict(&mut read)
}

/// [`observe_finished`] of an answer as a server sent it. Streams that are null cannot be joined: the
/// original's error is swallowed, and the model reads nothing.
pub(super) fn observe_answer(answer: &Value, error: &Value) -> Result<Value, Raised> {
    let case = Case {
        index: 0,
        stdin: Value::None,
        expected: Value::None,
    };
    let (_, metadata) = grade(&case, answer, error.as_str())?;
    let get = |key: &str| metadata.get(key).unwrap_or(&Value::None);
    let (stdout, stderr) = (get("stdout"), get("stderr"));
    if get("run_status").as_str() != Some("Finished") {
        return Ok(dict(&mut [("text", text(NOTHING_FINISHED))]));
    }
    let types = [stdout.type_name(), stderr.type_name()];
    let why = match (stdout, stderr) {
        (Value::Str(_), Value::Str(_)) => {
            let shown = show_value(stdout) + &show_value(stderr);
            return Ok(dict(&mut [("text", text(&shown))]));
        }
        (Value::Str(_), other) => fill(
            "TypeError: can only concatenate str (not \"{}\") to str",
            &[other.type_name()],
        ),
        _ => fill(
            "TypeError: unsupported operand type(s) for +: '{}' and '{}'",
            &types,
        ),
    };
    Ok(dict(&mut [
        ("text", Value::None),
        ("swallowed", text(&why)),
    ]))
}
