//! The rules of frameworks one by one: a name and JSON in, JSON out.
//!
//! [`extract_with`](super::extract_with) and [`observe_with`](super::observe_with) go from a model's
//! text and from our result. Here are the originals' own functions in between, over the values that
//! the originals hold: for harnesses that have an output and a report instead of a result, and for
//! the proof that each function answers as the original does.

use super::rules::glance::parses;
use super::rules::show::fill;
use super::rules::truncate::{keep_ends, keep_ends_and_say_so};
use super::sandbox_fusion::{self, CodeBlock};
use super::verifiers::Outcome;
use super::{
    Raised, areal, autogen, nemo, qwen, rstar, simpletir, slime, smolagents, torl, verifiers, verl,
    verl_tool,
};
use crate::error::RunError;
use crate::python::float::parse_float;
use crate::python::integer::parse_small;
use crate::python::pprint::pformat;
use crate::python::repr::str;
use crate::python::search::contains;
use crate::python::value::Value;
use crate::score::{Case, grade};

/// What a rule comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// The answer.
    Value(Value),
    /// The error that the original raises.
    Raised(Raised),
    /// Nothing, as the original asks Python's parser.
    NeedsPython,
}

type Answer = Result<Value, Raised>;

enum Rule {
    /// Of a text, which is the input.
    Text(fn(&str, &Given<'_>) -> Answer),
    /// Of any input.
    Any(fn(&Given<'_>) -> Answer),
}

use Rule::{Any, Text};

/// The rules, by the name of their profile and what they do.
static RULES: [(&str, Rule); 26] = [
    (
        "areal/show-result",
        Text(|result, _| Ok(owned(areal::show_result(result)))),
    ),
    (
        "autogen/observe-exit",
        Any(|given| {
            let exit_code = str(given.get("exit_code")).to_string_lossy();
            let exit_code = parse_small(&exit_code).unwrap_or_default();
            let output = given.text("output")?;
            Ok(owned(autogen::observe_exit(&output, exit_code)))
        }),
    ),
    ("nemo-rl/show-value", Any(|given| Ok(show_value(given)))),
    (
        "qwen-agent/show-messages",
        Any(|given| Ok(owned(qwen::show_messages_of(given.input)))),
    ),
    (
        "qwen-math/truncate",
        Text(|text, given| Ok(owned(keep_ends(text, given.limit())))),
    ),
    (
        "rllm/return-value",
        Text(|code, _| match parses(code) {
            // Comments are lost when Python writes the code out again.
            Some(true) if contains(code, "#") => Ok(text("")),
            Some(_) => Ok(text(code)),
            None => Err(Raised::new(NEEDS_PYTHON, "")),
        }),
    ),
    (
        "rstar/observe-report",
        Any(|given| Ok(observe_report(given))),
    ),
    (
        "sandbox-fusion/extract-fenced",
        Text(|text, _| Ok(blocks(&sandbox_fusion::extract_fenced(text)))),
    ),
    (
        "sandbox-fusion/extract-heuristic",
        Text(|text, given| {
            let language = given.option("language");
            Ok(blocks(&sandbox_fusion::extract_heuristic(text, language)))
        }),
    ),
    (
        "sandbox-fusion/extract-incomplete",
        Text(|text, _| Ok(blocks(&sandbox_fusion::extract_incomplete(text)))),
    ),
    (
        "sandbox-fusion/find-public-class",
        Text(|code, _| Ok(sandbox_fusion::find_public_class(code).map_or(Value::None, text))),
    ),
    (
        "sandbox-fusion/remove-entry-points",
        Text(|code, given| {
            let language = given.option("language");
            Ok(text(&sandbox_fusion::remove_entry_points(code, language)))
        }),
    ),
    (
        "simpletir/observe-streams",
        Any(|given| {
            let (stdout, stderr) = (given.text("stdout")?, given.text("stderr")?);
            Ok(owned(simpletir::observe_streams(&stdout, &stderr)))
        }),
    ),
    (
        "slime/check-code",
        Text(|code, _| {
            let (is_safe, reason) = slime::check_code(code);
            Ok(Value::List(vec![Value::Bool(is_safe), owned(reason)]))
        }),
    ),
    (
        "slime/keep-turn",
        Text(|turn, _| Ok(text(slime::kept_turn(turn)))),
    ),
    (
        "slime/show",
        Text(|result, _| Ok(owned(slime::show(result)))),
    ),
    (
        "smolagents/find-code",
        Text(|text, _| {
            let found = smolagents::find_code(text, "<code>", "</code>");
            Ok(found.map_or(Value::None, owned))
        }),
    ),
    (
        "smolagents/read-json-blob",
        Text(|whole, _| {
            let (value, before) = smolagents::read_json_blob(whole)?;
            Ok(Value::List(vec![value, text(before)]))
        }),
    ),
    (
        "smolagents/truncate",
        Text(|text, given| Ok(owned(keep_ends_and_say_so(text, given.limit())))),
    ),
    (
        "torl/observe-report",
        Any(|given| torl::observe_reported(given.input)),
    ),
    (
        "verifiers/observe-parts",
        Any(|given| Ok(observe_parts(given))),
    ),
    (
        "verl-tool/wrap",
        Any(|given| {
            let tag = Some(given.option("output_tag")).filter(|tag| !tag.is_empty());
            let (action, shown) = (given.text("action")?, given.text("observation")?);
            let tag = tag.unwrap_or("result");
            Ok(owned(verl_tool::wrap(&action, &shown, tag)))
        }),
    ),
    (
        "verl-tool/report",
        Any(|given| verl_tool::report_answer(given.input).map(owned)),
    ),
    (
        "verl/observe-answer",
        Any(|given| verl::observe_answer(given.get("api_response"), given.get("error"))),
    ),
    (
        "verl/read-arguments",
        Any(|given| Ok(verl::read_arguments(given.input))),
    ),
    (
        "verl/grade",
        Any(|given| {
            let option = |name| given.options.get(name).unwrap_or(&Value::None).clone();
            let case = Case {
                index: 0,
                stdin: option("stdin"),
                expected: option("expected_output"),
            };
            let error = given.get("error").as_str();
            let (verdict, metadata) = grade(&case, given.get("api_response"), error)?;
            Ok(dict(&mut [
                ("result_status", verdict.result.value()),
                ("metadata", metadata),
            ]))
        }),
    ),
];

const NEEDS_PYTHON: &str = "NeedsPython";

/// Applies the rule with this name to what the original takes: its first argument or, where it
/// takes several, an object of them; and its further arguments.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] for a name that is none.
pub fn apply(rule: &str, input: &Value, options: &Value) -> Result<Applied, RunError> {
    let mut known = RULES.iter();
    let Some((_, found)) = known.find(|(name, _)| *name == rule) else {
        let names: Vec<&str> = RULES.iter().map(|(name, _)| *name).collect();
        return Err(RunError::not_one_of("rule", &names, rule));
    };
    let given = Given { input, options };
    let answer = match found {
        Text(rule) => given.text("").and_then(|text| rule(&text, &given)),
        Any(rule) => rule(&given),
    };
    Ok(match answer {
        Ok(value) => Applied::Value(value),
        Err(raised) if raised.kind == NEEDS_PYTHON => Applied::NeedsPython,
        Err(raised) => Applied::Raised(raised),
    })
}

/// What a rule is applied to.
struct Given<'a> {
    input: &'a Value,
    options: &'a Value,
}

impl Given<'_> {
    /// A member of the input, the input itself for no name.
    fn get(&self, name: &str) -> &Value {
        match name {
            "" => self.input,
            name => self.input.get(name).unwrap_or(&Value::None),
        }
    }

    /// A member of the input, which has to be a text.
    fn text(&self, name: &str) -> Result<String, Raised> {
        match self.get(name) {
            Value::Str(text) => Ok(text.to_string_lossy()),
            other => {
                let template = "expected string or bytes-like object, got '{}'";
                let message = fill(template, &[other.type_name()]);
                Err(Raised::new("TypeError", message))
            }
        }
    }

    /// A member of the input, empty where it is no text.
    fn text_or_empty(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or_default()
    }

    /// An option as a text, empty where it is missing.
    fn option(&self, name: &str) -> &str {
        let value = self.options.get(name).and_then(Value::as_str);
        value.unwrap_or_default()
    }

    /// How many characters are kept.
    fn limit(&self) -> isize {
        match self.options.get("max_length") {
            Some(Value::Int(digits)) => parse_small(digits)
                .and_then(|limit| limit.try_into().ok())
                .unwrap_or(isize::MAX),
            _ => 20_000,
        }
    }
}

#[inline(never)]
fn text(text: &str) -> Value {
    Value::Str(text.into())
}

fn owned(text: String) -> Value {
    Value::Str(text.into())
}

/// A dict of these entries, whose values are taken.
pub(super) fn dict(entries: &mut [(&str, Value)]) -> Value {
    let mut dict = Vec::new();
    for (key, value) in entries {
        dict.push((text(key), std::mem::replace(value, Value::None)));
    }
    Value::Dict(dict)
}

fn blocks(blocks: &[CodeBlock<'_>]) -> Value {
    let mut list = Vec::new();
    for block in blocks {
        list.push(dict(&mut [
            ("priority", Value::Int(block.priority.to_string())),
            ("language", text(block.language)),
            ("code", text(&block.code)),
        ]));
    }
    Value::List(list)
}

fn show_value(given: &Given<'_>) -> Value {
    if given.input.is_none() {
        return text("");
    }
    let (code, following) = (given.option("code"), given.option("lookahead"));
    owned(nemo::show_value(&pformat(given.input), code, following))
}

/// A number as it is in the input.
fn number(value: &Value) -> f64 {
    parse_float(&str(value).to_string_lossy()).unwrap_or_default()
}

fn observe_report(given: &Given<'_>) -> Value {
    let is = |name: &str| given.get(name).is_true();
    let reason = str(given.get("reason")).to_string_lossy();
    let failure = (!is("run_success") || !is("success")).then_some(reason.as_str());
    owned(rstar::observe_report(
        failure,
        given.text_or_empty("stdout"),
        given.text_or_empty("stderr"),
        number(given.get("cost")),
    ))
}

fn observe_parts(given: &Given<'_>) -> Value {
    let result = given.get("result");
    let shown = str(result).to_string_lossy();
    // The first cell, where nothing counted the cells.
    let number = match given.get("execution_count") {
        Value::None => "1".to_owned(),
        count => str(count).to_string_lossy(),
    };
    let outcome = match given.text_or_empty("status") {
        _ if result.is_none() => None,
        "error" => Some(Outcome::Error(&shown)),
        "ok" => Some(Outcome::Value(&shown, &number)),
        _ => None,
    };
    let (stdout, stderr) = (given.text_or_empty("stdout"), given.text_or_empty("stderr"));
    owned(verifiers::observe_parts(stdout, stderr, outcome))
}
