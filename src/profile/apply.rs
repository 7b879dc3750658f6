//! The rules of frameworks one by one: a name and JSON in, JSON out.
//!
//! [`extract_with`](super::extract_with) and [`observe_with`](super::observe_with) go from a model's
//! text and from our result. Here are the originals' own functions in between, over the values that
//! the originals hold: for harnesses that have an output and a report instead of a result, and for
//! the proof that each function answers as the original does.

use super::rules::glance::parses;
use super::rules::show::{show_value, show_whole};
use super::rules::truncate::{keep_ends, keep_ends_and_say_so};
use super::sandbox_fusion::{self, CodeBlock};
use super::verifiers::Outcome;
use super::{
    Raised, areal, autogen, nemo, qwen, rstar, simpletir, slime, smolagents, torl, verifiers, verl,
    verl_tool,
};
use crate::error::RunError;
use crate::python::integer::parse_small;
use crate::python::pprint::pformat;
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

/// A rule is given what it is applied to, and the texts that it names.
enum Rule {
    /// Gives a text.
    Shown(fn(&Given<'_>, &str, &str) -> String),
    /// Gives any value, or raises.
    Any(fn(&Given<'_>, &str, &str) -> Answer),
}

use Rule::{Any, Shown};

/// The texts that a rule takes: members of the input, or for no name the input itself.
type Texts = &'static [&'static str];

const NONE: Texts = &[];
const INPUT: Texts = &[""];

/// The rules, by the name of their profile and what they do.
static RULES: [(&str, Texts, Rule); 26] = [
    (
        "areal/show-result",
        INPUT,
        Shown(|_, result, _| areal::show_result(result)),
    ),
    (
        "autogen/observe-exit",
        &["output"],
        Shown(|given, output, _| autogen::show_exit(output, &show_value(given.get("exit_code")))),
    ),
    ("nemo-rl/show-value", NONE, Shown(show_result)),
    (
        "qwen-agent/show-messages",
        NONE,
        Shown(|given, _, _| qwen::show_messages_of(given.input)),
    ),
    (
        "qwen-math/truncate",
        INPUT,
        Shown(|given, text, _| keep_ends(text, given.limit())),
    ),
    (
        "rllm/return-value",
        INPUT,
        Any(|_, code, _| match parses(code) {
            // Comments are lost when Python writes the code out again.
            Some(true) if contains(code, "#") => Ok(text("")),
            Some(_) => Ok(text(code)),
            None => Err(Raised::filled(NEEDS_PYTHON, "", &[])),
        }),
    ),
    ("rstar/observe-report", NONE, Shown(observe_report)),
    (
        "sandbox-fusion/extract-fenced",
        INPUT,
        Any(|_, text, _| Ok(blocks(&sandbox_fusion::extract_fenced(text)))),
    ),
    (
        "sandbox-fusion/extract-heuristic",
        INPUT,
        Any(|given, text, _| {
            let language = given.option("language");
            Ok(blocks(&sandbox_fusion::extract_heuristic(text, language)))
        }),
    ),
    (
        "sandbox-fusion/extract-incomplete",
        INPUT,
        Any(|_, text, _| Ok(blocks(&sandbox_fusion::extract_incomplete(text)))),
    ),
    (
        "sandbox-fusion/find-public-class",
        INPUT,
        Any(|_, code, _| Ok(sandbox_fusion::find_public_class(code).map_or(Value::None, text))),
    ),
    (
        "sandbox-fusion/remove-entry-points",
        INPUT,
        Shown(|given, code, _| {
            let language = given.option("language");
            sandbox_fusion::remove_entry_points(code, language).into_owned()
        }),
    ),
    (
        "simpletir/observe-streams",
        &["stdout", "stderr"],
        Shown(|_, stdout, stderr| simpletir::observe_streams(stdout, stderr)),
    ),
    (
        "slime/check-code",
        INPUT,
        Any(|_, code, _| {
            let (is_safe, reason) = slime::check_code(code);
            Ok(Value::List(vec![Value::Bool(is_safe), owned(reason)]))
        }),
    ),
    (
        "slime/keep-turn",
        INPUT,
        Shown(|_, turn, _| slime::kept_turn(turn).to_owned()),
    ),
    (
        "slime/show",
        INPUT,
        Shown(|_, result, _| slime::show(result)),
    ),
    (
        "smolagents/find-code",
        INPUT,
        Any(|_, text, _| {
            let found = smolagents::find_code(text, "<code>", "</code>");
            Ok(found.map_or(Value::None, owned))
        }),
    ),
    (
        "smolagents/read-json-blob",
        INPUT,
        Any(|_, whole, _| {
            let (value, before) = smolagents::read_json_blob(whole)?;
            Ok(Value::List(vec![value, text(before)]))
        }),
    ),
    (
        "smolagents/truncate",
        INPUT,
        Shown(|given, text, _| keep_ends_and_say_so(text, given.limit())),
    ),
    (
        "torl/observe-report",
        NONE,
        Any(|given, _, _| torl::observe_reported(given.input)),
    ),
    ("verifiers/observe-parts", NONE, Shown(observe_parts)),
    (
        "verl-tool/wrap",
        &["action", "observation"],
        Shown(|given, action, shown| {
            let tag = match given.option("output_tag") {
                "" => "result",
                tag => tag,
            };
            verl_tool::wrap(action, shown, tag)
        }),
    ),
    (
        "verl-tool/report",
        NONE,
        Any(|given, _, _| verl_tool::report_answer(given.input).map(owned)),
    ),
    (
        "verl/observe-answer",
        NONE,
        Any(|given, _, _| verl::observe_answer(given.get("api_response"), given.get("error"))),
    ),
    (
        "verl/read-arguments",
        NONE,
        Any(|given, _, _| Ok(verl::read_arguments(given.input))),
    ),
    (
        "verl/grade",
        NONE,
        Any(|given, _, _| {
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
    let Some((_, texts, found)) = known.find(|(name, ..)| *name == rule) else {
        let names: Vec<&str> = RULES.iter().map(|(name, ..)| *name).collect();
        return Err(RunError::not_one_of("rule", &names, rule));
    };
    Ok(match answer(&Given { input, options }, texts, found) {
        Ok(value) => Applied::Value(value),
        Err(raised) if raised.kind == NEEDS_PYTHON => Applied::NeedsPython,
        Err(raised) => Applied::Raised(raised),
    })
}

fn answer(given: &Given<'_>, names: Texts, rule: &Rule) -> Answer {
    let mut texts = [String::new(), String::new()];
    for (text, name) in texts.iter_mut().zip(names) {
        *text = given.text(name)?;
    }
    let [one, other] = &texts;
    match rule {
        Shown(rule) => Ok(owned(rule(given, one, other))),
        Any(rule) => rule(given, one, other),
    }
}

/// What a rule is applied to.
struct Given<'a> {
    input: &'a Value,
    options: &'a Value,
}

impl Given<'_> {
    /// A member of the input, the input itself for no name.
    #[inline(never)]
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
                Err(Raised::filled("TypeError", template, &[other.type_name()]))
            }
        }
    }

    /// A member of the input, empty where it is no text.
    #[inline(never)]
    fn text_or_empty(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or_default()
    }

    /// An option as a text, empty where it is missing.
    #[inline(never)]
    fn option(&self, name: &str) -> &str {
        let value = self.options.get(name).and_then(Value::as_str);
        value.unwrap_or_default()
    }

    /// How many characters are kept.
    #[inline(never)]
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
pub(super) fn text(text: &str) -> Value {
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
            ("priority", Value::Int(show_whole(block.priority.into()))),
            ("language", text(block.language)),
            ("code", text(&block.code)),
        ]));
    }
    Value::List(list)
}

fn show_result(given: &Given<'_>, _: &str, _: &str) -> String {
    if *given.input == Value::None {
        return String::new();
    }
    let (code, following) = (given.option("code"), given.option("lookahead"));
    nemo::show_value(&pformat(given.input), code, following)
}

fn observe_report(given: &Given<'_>, _: &str, _: &str) -> String {
    let is = |name: &str| matches!(given.get(name), Value::Bool(true));
    let reason = show_value(given.get("reason"));
    let failure = (!is("run_success") || !is("success")).then_some(reason.as_str());
    rstar::observe_report(
        failure,
        given.text_or_empty("stdout"),
        given.text_or_empty("stderr"),
        given.get("cost").as_number().unwrap_or_default(),
    )
}

fn observe_parts(given: &Given<'_>, _: &str, _: &str) -> String {
    let shown = show_value(given.get("result"));
    // The first cell, where nothing counted the cells.
    let number = match given.get("execution_count") {
        Value::None => "1".to_owned(),
        count => show_value(count),
    };
    let outcome = match (given.get("result"), given.text_or_empty("status")) {
        (Value::None, _) => None,
        (_, "error") => Some(Outcome::Error(&shown)),
        (_, "ok") => Some(Outcome::Value(&shown, &number)),
        _ => None,
    };
    let (stdout, stderr) = (given.text_or_empty("stdout"), given.text_or_empty("stderr"));
    verifiers::observe_parts(stdout, stderr, outcome)
}
