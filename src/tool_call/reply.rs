//! What verl's agent loop answers to a tool call: `ToolAgentLoop._call_tool` of
//! `verl/experimental/agent_loop/tool_agent_loop.py`, before (b178a3cd56f5) and after
//! (1dda039b9c63) its texts and the sides of its truncation changed.

use super::Exception;
use crate::python::float::parse_float;
use crate::python::format::fill;
use crate::python::json::{JsonError, loads_bytes};
use crate::python::json_write::{Escape, dumps};
use crate::python::repr::{repr, repr_bytes, str};
use crate::python::string::{PythonString, count_code_points};
use crate::python::value::Value;

/// Which texts the agent loop writes, and which side it cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wording {
    /// Before April 2026 (texts, 6058aaa5a) and May 2026 (sides, 9874bea01).
    #[default]
    Old,
    /// Since then.
    New,
}

/// What a tool made of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It answered with this text.
    Text(PythonString),
    /// It raised an exception with this text.
    Raised(PythonString),
}

/// Which part of a long text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// The setting `left`: the old wording keeps the head, the new one the tail.
    Left,
    /// The setting `right`: the other way round.
    Right,
    /// Every other setting: half of the length from the head, half from the tail.
    #[default]
    Middle,
}

impl Side {
    /// The side of verl's setting `tool_response_truncate_side`.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "left" => Self::Left,
            "right" => Self::Right,
            _ => Self::Middle,
        }
    }
}

/// How the agent loop is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopOptions {
    /// Which texts it writes.
    pub wording: Wording,
    /// The names of its tools.
    pub tools: Vec<PythonString>,
    /// How many code points of a tool's text the model gets to see; verl's default is 256.
    pub max_length: i64,
    /// Which part of a longer text goes.
    pub side: Side,
}

/// The text that the model gets to read for a call. `tool` runs it, and is not asked where the
/// call cannot be run.
///
/// # Errors
///
/// What the new agent loop lets out: JSON that is wrong, but not by `json.JSONDecodeError`.
pub fn reply(
    name: &PythonString,
    arguments: &PythonString,
    options: &LoopOptions,
    tool: impl FnOnce(&Value) -> Outcome,
) -> Result<PythonString, JsonError> {
    let LoopOptions {
        wording,
        max_length,
        side,
        ..
    } = *options;
    let mut tools = Vec::new();
    for name in &options.tools {
        tools.push(Value::Str(name.clone()));
    }
    let tool = |arguments: &Value| match tool(arguments) {
        Outcome::Text(text) => Outcome::Text(truncate(&text, max_length, side, wording)),
        raised @ Outcome::Raised(_) => raised,
    };
    let (name, arguments) = (name.as_bytes(), arguments.as_bytes());
    reply_among(&Value::List(tools), name, arguments, wording, tool)
}

/// [`reply`] with the names of the tools as a list of texts, and a tool that cuts its text itself.
pub(crate) fn reply_among(
    tools: &Value,
    name: &[u8],
    arguments: &[u8],
    wording: Wording,
    tool: impl FnOnce(&Value) -> Outcome,
) -> Result<PythonString, JsonError> {
    let mut names = tools.as_list().unwrap_or_default().iter();
    let known = names.any(|tool| matches!(tool, Value::Str(text) if text.as_bytes() == name));
    let is_new = wording == Wording::New;
    let error = if is_new {
        "Error executing tool '{}': {}"
    } else {
        "Error when executing tool: {}"
    };
    let (template, detail) = match loads_bytes(arguments) {
        _ if is_new && !known => ("Unknown function '{}'. Available tools: {}", repr(tools)),
        Err(error) if is_new && !matches!(error, JsonError::Decode { .. }) => return Err(error),
        Err(fault) => {
            let invalid = "Invalid JSON in arguments for '{}': {}";
            let template = if is_new { invalid } else { error };
            (template, fault.message().into())
        }
        Ok(_) if !known => (error, repr_bytes(name)),
        Ok(arguments) => match tool(&arguments) {
            Outcome::Raised(detail) => (error, detail),
            Outcome::Text(text) => return Ok(text),
        },
    };
    let detail = detail.as_bytes();
    // Only new texts have the name.
    let parts = if is_new {
        &[name, detail][..]
    } else {
        &[detail]
    };
    Ok(PythonString::fill(template, parts))
}

/// What a tool that reads `parameters.get("code")` does with arguments that are no object: it
/// raises, with this text.
#[must_use]
pub fn describe_missing_get(arguments: &Value) -> Option<PythonString> {
    let text = || {
        let template = "'{}' object has no attribute 'get'";
        fill(template, &[arguments.type_name()]).into()
    };
    (!matches!(arguments, Value::Dict(_))).then(text)
}

/// Cuts a text that has more than `max_length` code points.
///
/// Python's slices are kept to the letter: where half the length is 0 the tail is the whole text,
/// and a length below 0 counts from the end.
///
/// # Examples
///
/// ```
/// use fencerun::tool_call::reply::{Side, Wording, truncate};
/// let cut = |side, wording| truncate(&"abcdef".into(), 2, side, wording).to_string_lossy();
/// assert_eq!(cut(Side::Left, Wording::Old), "ab...(truncated)");
/// assert_eq!(cut(Side::Left, Wording::New), "(truncated)...ef");
/// assert_eq!(cut(Side::Middle, Wording::New), "a...(truncated)...f");
/// ```
#[must_use]
pub fn truncate(
    text: &PythonString,
    max_length: i64,
    side: Side,
    wording: Wording,
) -> PythonString {
    let bytes = text.as_bytes();
    let count = i64::try_from(count_code_points(bytes)).unwrap_or(i64::MAX);
    // An empty text is never cut, whatever the length.
    if count == 0 || count <= max_length {
        return text.clone();
    }
    let head = |length: i64| split_at(bytes, length).0;
    let tail = |length: i64| split_at(bytes, -length).1;
    let half = max_length.div_euclid(2);
    let (template, parts) = match (side, wording) {
        (Side::Middle, _) => ("{}...(truncated)...{}", [head(half), tail(half)]),
        (Side::Left, Wording::Old) | (Side::Right, Wording::New) => {
            ("{}...(truncated)", [head(max_length), b""])
        }
        _ => ("(truncated)...{}", [tail(max_length), b""]),
    };
    PythonString::fill(template, &parts)
}

/// Python's `text[:index]` and `text[index:]`.
#[inline(never)]
fn split_at(text: &[u8], mut index: i64) -> (&[u8], &[u8]) {
    if index < 0 {
        let count = i64::try_from(count_code_points(text)).unwrap_or(i64::MAX);
        index = (count + index).max(0);
    }
    let mut starts =
        (0..text.len()).filter(|at| text.get(*at).is_some_and(|byte| byte & 0xc0 != 0x80));
    let start = starts.nth(usize::try_from(index).unwrap_or(usize::MAX));
    let start = start.unwrap_or(text.len());
    let part = |range| text.get(range).unwrap_or_default();
    (part(0..start), part(start..text.len()))
}

/// What gpt-oss reads after its calls: a message from each tool and the start of its own next one
/// (`build_gpt_oss_tool_response_text` in `verl/experimental/agent_loop/utils.py`, commit
/// b178a3cd56f5). Nothing is escaped.
#[must_use]
pub fn write_gpt_oss_replies<'a>(
    replies: impl IntoIterator<Item = (&'a PythonString, &'a PythonString)>,
) -> PythonString {
    let mut out = PythonString::new();
    for (name, text) in replies {
        let template =
            "<|start|>functions.{} to=assistant<|channel|>commentary<|message|>{}<|end|>";
        let message = PythonString::fill(template, &[name.as_bytes(), text.as_bytes()]);
        out.push_bytes(message.as_bytes());
    }
    out.push_str("<|start|>assistant");
    out
}

/// What a function of Python gave back as a tool.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionResult {
    /// The text for the model.
    pub text: PythonString,
    /// The reward.
    pub reward: f64,
    /// Numbers for the log.
    pub metrics: Value,
}

/// Reads the return value of a function tool (`normalize_function_tool_return` in
/// `verl/tools/function_tool.py`, commit 1dda039b9c63).
///
/// # Errors
///
/// The text of the exception that the original raises.
pub fn read_function_result(value: &Value) -> Result<FunctionResult, Exception> {
    let parts = match value {
        Value::Tuple(parts) => parts,
        response => std::slice::from_ref(response),
    };
    let (Some(response), None) = (parts.first(), parts.get(3)) else {
        let template = "@function_tool return tuple must have length 1, 2, or 3 (got length {}: {}). \
                        Use (response,), (response, reward), or (response, reward, metrics).";
        let length = parts.len().to_string();
        let shown = repr(value);
        let parts = [length.as_bytes(), shown.as_bytes()];
        return Err(Exception {
            type_name: "TypeError",
            message: PythonString::fill(template, &parts),
        });
    };
    let reward = match parts.get(1) {
        None | Some(Value::None) => 0.0,
        Some(value) => read_reward(value)?,
    };
    let metrics = match parts.get(2) {
        None | Some(Value::None) => Value::Dict(Vec::new()),
        Some(value @ Value::Dict(_)) => value.clone(),
        Some(value) => {
            let template = "'{}' object is not iterable";
            return Err(Exception::new("TypeError", template, &[value.type_name()]));
        }
    };
    Ok(FunctionResult {
        text: write_response(response),
        reward,
        metrics,
    })
}

/// Python's `float(value)`.
fn read_reward(value: &Value) -> Result<f64, Exception> {
    match value {
        Value::Float(number) => Ok(*number),
        Value::Bool(value) => Ok(f64::from(u8::from(*value))),
        Value::Int(digits) => parse_float(digits)
            .filter(|number| number.is_finite())
            .ok_or_else(|| {
                let message = "int too large to convert to float";
                Exception::new("OverflowError", message, &[])
            }),
        Value::Str(text) => text.as_str().and_then(parse_float).ok_or_else(|| {
            let template = "could not convert string to float: {}";
            Exception::new("ValueError", template, &[&repr(value).to_string_lossy()])
        }),
        _ => {
            let template = "float() argument must be a string or a real number, not '{}'";
            Err(Exception::new("TypeError", template, &[value.type_name()]))
        }
    }
}

fn write_response(value: &Value) -> PythonString {
    match value {
        // What came from JSON can go back to it.
        Value::Dict(_) => dumps(value, Escape::Nothing).unwrap_or_default(),
        _ => str(value),
    }
}
