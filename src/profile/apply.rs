//! The rules of frameworks one by one: a name and JSON in, JSON out.
//!
//! [`extract_with`](super::extract_with) and [`observe_with`](super::observe_with) go from a model's
//! text and from our result. Here are the originals' own functions in between, over the values that
//! the originals hold: for harnesses that have an output and a report instead of a result, and for
//! the proof that each function answers as the original does.

use super::rules::glance::parses;
use super::rules::truncate::{keep_ends, keep_ends_and_say_so};
use super::sandbox_fusion::{self, CodeBlock};
use super::verifiers::Outcome;
use super::{
    Raised, areal, autogen, nemo, qwen, rstar, simpletir, slime, smolagents, torl, verifiers, verl,
    verl_tool,
};
use crate::error::RunError;
use crate::python::float::parse_float;
use crate::python::pprint::pformat;
use crate::python::repr::str;
use crate::python::search::{contains, join};
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
type Rule = fn(&Given<'_>) -> Answer;

/// The rules, by the name of their profile and what they do.
static RULES: [(&str, Rule); 26] = [
    ("areal/show-result", |given| {
        given
            .text("")
            .map(|result| text(&areal::show_result(&result)))
    }),
    ("autogen/observe-exit", |given| {
        let exit_code = str(given.get("exit_code"))
            .to_string_lossy()
            .parse()
            .unwrap_or_default();
        Ok(text(&autogen::observe_exit(
            &given.text("output")?,
            exit_code,
        )))
    }),
    ("nemo-rl/show-value", |given| Ok(show_value(given))),
    ("qwen-agent/show-messages", |given| {
        Ok(text(&qwen::show_messages_of(given.input)))
    }),
    ("qwen-math/truncate", |given| truncate(given, keep_ends)),
    ("rllm/return-value", |given| {
        let code = given.text("")?;
        match parses(&code) {
            // Comments are lost when Python writes the code out again.
            Some(true) if contains(&code, "#") => Ok(text("")),
            Some(_) => Ok(text(&code)),
            None => Err(Raised::new(NEEDS_PYTHON, "")),
        }
    }),
    ("rstar/observe-report", |given| Ok(observe_report(given))),
    ("sandbox-fusion/extract-fenced", |given| {
        given
            .text("")
            .map(|text| blocks(&sandbox_fusion::extract_fenced(&text)))
    }),
    ("sandbox-fusion/extract-heuristic", |given| {
        let language = given.option("language");
        given
            .text("")
            .map(|text| blocks(&sandbox_fusion::extract_heuristic(&text, &language)))
    }),
    ("sandbox-fusion/extract-incomplete", |given| {
        given
            .text("")
            .map(|text| blocks(&sandbox_fusion::extract_incomplete(&text)))
    }),
    ("sandbox-fusion/find-public-class", |given| {
        let code = given.text("")?;
        Ok(sandbox_fusion::find_public_class(&code).map_or(Value::None, text))
    }),
    ("sandbox-fusion/remove-entry-points", |given| {
        let language = given.option("language");
        given
            .text("")
            .map(|code| text(&sandbox_fusion::remove_entry_points(&code, &language)))
    }),
    ("simpletir/observe-streams", |given| {
        Ok(text(&simpletir::observe_streams(
            &given.text("stdout")?,
            &given.text("stderr")?,
        )))
    }),
    ("slime/check-code", |given| {
        let (is_safe, reason) = slime::check_code(&given.text("")?);
        Ok(Value::List(vec![Value::Bool(is_safe), text(&reason)]))
    }),
    ("slime/keep-turn", |given| {
        given.text("").map(|turn| text(slime::kept_turn(&turn)))
    }),
    ("slime/show", |given| {
        given.text("").map(|result| text(&slime::show(&result)))
    }),
    ("smolagents/find-code", |given| {
        let found = smolagents::find_code(&given.text("")?, "<code>", "</code>");
        Ok(found.map_or(Value::None, |code| text(&code)))
    }),
    ("smolagents/read-json-blob", |given| {
        let whole = given.text("")?;
        let (value, before) = smolagents::read_json_blob(&whole)?;
        Ok(Value::List(vec![value, text(before)]))
    }),
    ("smolagents/truncate", |given| {
        truncate(given, keep_ends_and_say_so)
    }),
    ("torl/observe-report", |given| {
        torl::observe_reported(given.input)
    }),
    ("verifiers/observe-parts", |given| Ok(observe_parts(given))),
    ("verl-tool/wrap", |given| {
        let tag = given.option("output_tag");
        let tag = if tag.is_empty() { "result" } else { &tag };
        Ok(text(&verl_tool::wrap(
            &given.text("action")?,
            &given.text("observation")?,
            tag,
        )))
    }),
    ("verl-tool/report", |given| {
        verl_tool::report_answer(given.input).map(|report| text(&report))
    }),
    ("verl/observe-answer", |given| {
        verl::observe_answer(given.get("api_response"), given.get("error"))
    }),
    ("verl/read-arguments", |given| {
        Ok(verl::read_arguments(given.input))
    }),
    ("verl/grade", |given| {
        let case = Case {
            index: 0,
            stdin: given.options.get("stdin").cloned().unwrap_or(Value::None),
            expected: given
                .options
                .get("expected_output")
                .cloned()
                .unwrap_or(Value::None),
        };
        let error = given.get("error").as_str();
        let (verdict, metadata) = grade(&case, given.get("api_response"), error)?;
        Ok(Value::Dict(vec![
            (text("result_status"), verdict.result.value()),
            (text("metadata"), metadata),
        ]))
    }),
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
        return Err(RunError::InvalidOptions {
            detail: format!(
                "rule: expected one of {}, found `{rule}`",
                join(&names, ", ")
            ),
        });
    };
    Ok(match found(&Given { input, options }) {
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
                let message = format!(
                    "expected string or bytes-like object, got '{}'",
                    other.type_name()
                );
                Err(Raised::new("TypeError", message))
            }
        }
    }

    /// An option as a text, empty where it is missing.
    fn option(&self, name: &str) -> String {
        let value = self.options.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    }
}

fn text(text: &str) -> Value {
    Value::Str(text.into())
}

fn blocks(blocks: &[CodeBlock<'_>]) -> Value {
    let blocks = blocks.iter().map(|block| {
        Value::Dict(vec![
            (text("priority"), Value::Int(block.priority.to_string())),
            (text("language"), text(block.language)),
            (text("code"), text(&block.code)),
        ])
    });
    Value::List(blocks.collect())
}

fn truncate(given: &Given<'_>, cut: fn(&str, isize) -> String) -> Answer {
    let limit = match given.options.get("max_length") {
        Some(Value::Int(digits)) => digits.parse().unwrap_or(isize::MAX),
        _ => 20_000,
    };
    given.text("").map(|whole| text(&cut(&whole, limit)))
}

fn show_value(given: &Given<'_>) -> Value {
    if *given.input == Value::None {
        return text("");
    }
    let (code, following) = (given.option("code"), given.option("lookahead"));
    text(&nemo::show_value(&pformat(given.input), &code, &following))
}

/// A number as it is in the input.
fn number(value: &Value) -> f64 {
    parse_float(&str(value).to_string_lossy()).unwrap_or_default()
}

fn observe_report(given: &Given<'_>) -> Value {
    let is = |name: &str| *given.get(name) == Value::Bool(true);
    let reason = str(given.get("reason")).to_string_lossy();
    let failure = (!is("run_success") || !is("success")).then_some(reason.as_str());
    let or_empty = |name: &str| given.get(name).as_str().unwrap_or_default().to_owned();
    let (stdout, stderr) = (or_empty("stdout"), or_empty("stderr"));
    text(&rstar::observe_report(
        failure,
        &stdout,
        &stderr,
        number(given.get("cost")),
    ))
}

fn observe_parts(given: &Given<'_>) -> Value {
    let or_empty = |name: &str| given.get(name).as_str().unwrap_or_default().to_owned();
    let shown = match given.get("result") {
        Value::None => None,
        value => Some(str(value).to_string_lossy()),
    };
    // The first cell, where nothing counted the cells.
    let number = match given.get("execution_count") {
        Value::None => "1".to_owned(),
        count => str(count).to_string_lossy(),
    };
    let outcome = match (given.get("status").as_str(), &shown) {
        (Some("error"), Some(shown)) => Some(Outcome::Error(shown)),
        (Some("ok"), Some(shown)) => Some(Outcome::Value(shown, &number)),
        _ => None,
    };
    let parts = verifiers::observe_parts(&or_empty("stdout"), &or_empty("stderr"), outcome);
    text(&parts)
}
