//! What verl's agent loop answers to a tool call: `ToolAgentLoop._call_tool` of
//! `verl/experimental/agent_loop/tool_agent_loop.py`, before (b178a3cd56f5) and after
//! (1dda039b9c63) its texts and the sides of its truncation changed.

use crate::python::float::parse_float;
use crate::python::json::{JsonError, loads_bytes};
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
    let known = options.tools.contains(name);
    let is_new = options.wording == Wording::New;
    let write = |before: &[u8], between: &[u8], detail: &[u8]| {
        PythonString::concat(&[before, name.as_bytes(), between, detail])
    };
    if is_new && !known {
        let tools = options.tools.iter().cloned().map(Value::Str).collect();
        let tools = repr(&Value::List(tools));
        return Ok(write(
            b"Unknown function '",
            b"'. Available tools: ",
            tools.as_bytes(),
        ));
    }
    let outcome = match loads_bytes(arguments.as_bytes()) {
        Ok(arguments) if known => tool(&arguments),
        Ok(_) => Outcome::Raised(repr_bytes(name.as_bytes())),
        Err(error) if is_new => {
            if !matches!(error, JsonError::Decode { .. }) {
                return Err(error);
            }
            let message = error.message();
            return Ok(write(
                b"Invalid JSON in arguments for '",
                b"': ",
                message.as_bytes(),
            ));
        }
        Err(error) => Outcome::Raised(error.message().into()),
    };
    Ok(match outcome {
        Outcome::Text(text) => truncate(&text, options.max_length, options.side, options.wording),
        Outcome::Raised(detail) if is_new => {
            write(b"Error executing tool '", b"': ", detail.as_bytes())
        }
        Outcome::Raised(detail) => {
            PythonString::concat(&[b"Error when executing tool: ", detail.as_bytes()])
        }
    })
}

/// What a tool that reads `parameters.get("code")` does with arguments that are no object: it
/// raises, with this text.
#[must_use]
pub fn describe_missing_get(arguments: &Value) -> Option<PythonString> {
    let name = arguments.type_name();
    let text = || {
        ["'", name, "' object has no attribute 'get'"]
            .concat()
            .into()
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
    let count = i64::try_from(count_code_points(text.as_bytes())).unwrap_or(i64::MAX);
    // An empty text is never cut, whatever the length.
    if count == 0 || count <= max_length {
        return text.clone();
    }
    let keeps_head = match (side, wording) {
        (Side::Middle, _) => None,
        (Side::Left, Wording::Old) | (Side::Right, Wording::New) => Some(true),
        _ => Some(false),
    };
    // Python's `text[:n]` and `text[-n:]`, as an index from the start.
    let index = |n: i64| {
        if n < 0 {
            (count + n).max(0)
        } else {
            n.min(count)
        }
    };
    let head = |n: i64| slice(text, 0, index(n));
    let tail = |n: i64| slice(text, index(-n), count);
    let (front, mark, back) = match keeps_head {
        Some(true) => (head(max_length), "...(truncated)", &[][..]),
        Some(false) => (&[][..], "(truncated)...", tail(max_length)),
        None => {
            let half = max_length.div_euclid(2);
            (head(half), "...(truncated)...", tail(half))
        }
    };
    let mut cut = PythonString::new();
    cut.push_bytes(front);
    cut.push_str(mark);
    cut.push_bytes(back);
    cut
}

/// The bytes of some code points.
fn slice(text: &PythonString, from: i64, to: i64) -> &[u8] {
    let bytes = text.as_bytes();
    let offset = |wanted: i64| {
        let mut starts = bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte & 0xc0 != 0x80);
        let nth = starts.nth(usize::try_from(wanted).unwrap_or_default());
        nth.map_or(bytes.len(), |(at, _)| at)
    };
    bytes.get(offset(from)..offset(to)).unwrap_or_default()
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
        out.push_str("<|start|>functions.");
        out.push_bytes(name.as_bytes());
        out.push_str(" to=assistant<|channel|>commentary<|message|>");
        out.push_bytes(text.as_bytes());
        out.push_str("<|end|>");
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
pub fn read_function_result(value: &Value) -> Result<FunctionResult, super::Exception> {
    let type_error = |message: PythonString| super::Exception {
        type_name: "TypeError",
        message,
    };
    let parts = match value {
        Value::Tuple(parts) => parts.as_slice(),
        value => std::slice::from_ref(value),
    };
    let (Some(response), None) = (parts.first(), parts.get(3)) else {
        return Err(type_error(PythonString::concat(&[
            b"@function_tool return tuple must have length 1, 2, or 3 (got length ",
            parts.len().to_string().as_bytes(),
            b": ",
            repr(value).as_bytes(),
            b"). Use (response,), (response, reward), or (response, reward, metrics).",
        ])));
    };
    let reward = match parts.get(1) {
        None | Some(Value::None) => 0.0,
        Some(value) => read_reward(value)?,
    };
    let metrics = match parts.get(2) {
        None | Some(Value::None) => Value::Dict(Vec::new()),
        Some(value @ Value::Dict(_)) => value.clone(),
        Some(value) => {
            let name = value.type_name();
            let message = ["'", name, "' object is not iterable"].concat();
            return Err(type_error(message.into()));
        }
    };
    Ok(FunctionResult {
        text: write_response(response),
        reward,
        metrics,
    })
}

/// Python's `float(value)`.
fn read_reward(value: &Value) -> Result<f64, super::Exception> {
    let exception = |type_name, message: &[&str]| super::Exception {
        type_name,
        message: message.concat().into(),
    };
    match value {
        Value::Float(number) => Ok(*number),
        Value::Bool(value) => Ok(f64::from(u8::from(*value))),
        Value::Int(digits) => parse_float(digits)
            .filter(|number| number.is_finite())
            .ok_or_else(|| exception("OverflowError", &["int too large to convert to float"])),
        Value::Str(text) => text.as_str().and_then(parse_float).ok_or_else(|| {
            let shown = repr(value).to_string_lossy();
            exception(
                "ValueError",
                &["could not convert string to float: ", &shown],
            )
        }),
        _ => {
            let expected = "float() argument must be a string or a real number, not '";
            Err(exception("TypeError", &[expected, value.type_name(), "'"]))
        }
    }
}

fn write_response(value: &Value) -> PythonString {
    use crate::python::json_write::{Escape, dumps};
    match value {
        // What came from JSON can go back to it.
        Value::Dict(_) => dumps(value, Escape::Nothing).unwrap_or_default(),
        _ => str(value),
    }
}
