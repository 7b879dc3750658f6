//! Rollout logs in, rollouts out: one file a log format. Nothing here runs anything.
//!
//! A rollout is cut into turns, what one role wrote at a stretch, and the model's turns into steps: what
//! it wrote up to the point where a tool would answer, the code in it that a sandbox runs, and the
//! observation that the log recorded. Every format knows only where its turns stand; what is code and
//! how observations are wrapped is in `steps` and `wrapped`, for all of them.

mod atif;
mod compare;
mod facts;
mod json;
mod lines;
mod members;
mod messages;
mod openai;
mod reader;
mod steps;
mod sts;
mod text;
mod tora;
mod turns;
mod verl;
mod wrapped;
mod write;

use std::fmt;

use crate::python::json::loads;
use crate::python::string::PythonString;
use crate::python::value::Value;

pub use self::compare::is_identical;
pub use self::facts::{FactIndexer, Facts, read_facts, read_facts_and_extras};
pub use self::lines::{DEFAULT_MAX_LINE_BYTES, Line, LineSplitter};
pub use self::members::split_at_member;
pub use self::reader::{Entry, Reader};
pub use self::steps::Step;
pub use self::text::read_text;
pub use self::turns::{Call, Role, Turn};
pub use self::write::{WriteError, write_rollout};

/// The log formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// verl's rollout dump: an object with `input`, `output`, `score` and `step`.
    Verl,
    /// Messages with `role` and `content`, as `OpenAI`'s API takes them.
    OpenAi,
    /// `ToRA`'s inference log: an object whose `code` is a list of texts.
    Tora,
    /// Hugging Face's session traces: a line that opens a session, and a line for each message.
    Sts,
    /// Harbor's agent trajectory interchange format, 1.x.
    Atif,
    /// A text of the model, alone or as a member such as `response`.
    Text,
}

impl LogFormat {
    /// Every format, by its name outside of Rust.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("verl", Self::Verl),
        ("openai", Self::OpenAi),
        ("tora", Self::Tora),
        ("sts", Self::Sts),
        ("atif", Self::Atif),
        ("text", Self::Text),
    ];

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let found = Self::NAMES.into_iter().find(|(own, _)| *own == name);
        found.map(|(_, format)| format)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::NAMES.into_iter().find(|(_, format)| *format == self);
        found.map_or("", |(name, _)| name)
    }

    /// The members of a log line that [`Rollout`] has fields for, beside its score and its step.
    const fn members(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Verl => &[&["input", "output", "uid"]],
            Self::OpenAi => &[&openai::LISTS, &["prompt", "completion"]],
            Self::Tora => &[&["question", "code"]],
            Self::Sts => &[],
            Self::Atif => &[&["steps"]],
            Self::Text => &[&text::TEXTS, &text::PROMPTS],
        }
    }
}

/// How to read a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The only format to read. Default: whatever format a line has.
    pub format: Option<LogFormat>,
    /// The profile that says which code of a step runs, one of [`crate::profile`]'s. Default: a tool call
    /// before a block, and of several blocks the one in front of the observation.
    pub profile: Option<String>,
}

/// One rollout of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// The format that it was read as.
    pub format: LogFormat,
    /// What the model was given. Where the log has messages: each behind a line with its role.
    pub input: String,
    /// What each role wrote, in order, what the model was given first.
    pub turns: Vec<Turn>,
    /// What the model wrote, cut at each observation, in order. Never empty.
    pub steps: Vec<Step>,
    /// The reward; `None` when the log has none. May be NaN or infinite.
    pub score: Option<f64>,
    /// The training step that the rollout was dumped at.
    pub training_step: Option<i64>,
    /// The name of the rollout in its log: verl's `uid`, a session's `id`.
    pub id: Option<String>,
    /// What rollouts for the same task share, where the log says so: verl's `uid` without its last two
    /// numbers.
    pub group: Option<String>,
    /// What the log has, exactly; for [`LogFormat::Sts`] the list of its lines.
    pub source: Value,
}

impl Rollout {
    /// The members of the log line that have no field here: ground truth, reward extras, whatever was
    /// dumped.
    pub fn extras(&self) -> impl Iterator<Item = (&Value, &Value)> {
        let members = match &self.source {
            Value::Dict(entries) => entries.as_slice(),
            _ => &[],
        };
        let known = [
            &["score", "step"],
            self.format.members().concat().as_slice(),
        ]
        .concat();
        let is_extra = move |entry: &&(Value, Value)| {
            let is_known = |key: &PythonString| known.iter().any(|name| key == name);
            !matches!(&entry.0, Value::Str(key) if is_known(key))
        };
        let extras = members.iter().filter(is_extra);
        extras.map(|(key, value)| (key, value))
    }

    /// A rollout with everything that does not depend on the format.
    fn new(format: LogFormat, turns: Vec<Turn>, source: Value, options: &ReadOptions) -> Self {
        let number = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| source.member(name));
            found.find_map(json::read_number)
        };
        let step = number(&["step", "training_step", "global_step"]);
        #[expect(clippy::cast_possible_truncation, reason = "a count of training steps")]
        let training_step = step.filter(|step| step.is_finite()).map(|step| step as i64);
        let id = json::read_name(
            &source,
            &["uid", "request_id", "id", "session_id", "trajectory_id"],
        );
        let group = json::read_name(&source, &["group", "group_id", "prompt_id", "example_id"]);
        Self {
            format,
            input: String::new(),
            steps: steps::read_steps(&turns, format, options),
            turns,
            score: number(&["score", "reward"]),
            training_step,
            id,
            group,
            source,
        }
    }
}

/// Why a line is no rollout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineError {
    /// The line is not JSON.
    NotJson {
        /// What the parser found.
        detail: String,
    },
    /// The line is JSON, but not a rollout of a known format.
    UnknownFormat,
    /// The line is not UTF-8.
    NotUtf8,
    /// The line is longer than the bound.
    TooLong {
        /// The bound, in bytes.
        max_bytes: usize,
    },
}

impl fmt::Display for LineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { detail } => write!(formatter, "not JSON: {detail}"),
            Self::UnknownFormat => formatter
                .write_str("expected a rollout of verl, openai, tora, sts or atif, or a text"),
            Self::NotUtf8 => formatter.write_str("it is not UTF-8"),
            Self::TooLong { max_bytes } => {
                write!(formatter, "it is longer than {max_bytes} bytes")
            }
        }
    }
}

impl std::error::Error for LineError {}

/// Reads one line of a log. Bare `NaN` and `Infinity`, which Python writes, are read; the format
/// is seen from the members.
///
/// # Errors
///
/// [`LineError`] when the line is not JSON or of no known format.
///
/// # Complexity
///
/// Linear in the length of the line, plus the extraction of each text in it.
///
/// # Examples
///
/// ```
/// use fencerun::rollout::{ReadOptions, read_line};
/// let line = r#"{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}"#;
/// let rollout = read_line(line, &ReadOptions::default())?;
/// assert_eq!((rollout.format.name(), rollout.steps.len()), ("openai", 1));
/// # Ok::<(), fencerun::rollout::LineError>(())
/// ```
pub fn read_line(line: &str, options: &ReadOptions) -> Result<Rollout, LineError> {
    read_value(parse(line)?, options)
}

fn parse(line: &str) -> Result<Value, LineError> {
    loads(line).map_err(|error| LineError::NotJson {
        detail: error.to_string(),
    })
}

/// The rollout in a value: the whole of it, or the one line of a session that it is.
fn read_value(value: Value, options: &ReadOptions) -> Result<Rollout, LineError> {
    let format = detect(&value).ok_or(LineError::UnknownFormat)?;
    if options.format.is_some_and(|only| only != format) {
        return Err(LineError::UnknownFormat);
    }
    Ok(match format {
        LogFormat::Verl => verl::read(value, options),
        LogFormat::OpenAi => openai::read(value, options),
        LogFormat::Tora => tora::read(value, options),
        LogFormat::Sts => sts::read(vec![value], options),
        LogFormat::Atif => atif::read(value, options),
        LogFormat::Text => text::read(value, options),
    })
}

/// The format of a value, by its members.
fn detect(value: &Value) -> Option<LogFormat> {
    Some(if sts::is_line(value) {
        LogFormat::Sts
    } else if atif::is_trajectory(value) {
        LogFormat::Atif
    } else if verl::is_row(value) {
        LogFormat::Verl
    } else if openai::is_conversation(value) {
        LogFormat::OpenAi
    } else if tora::is_row(value) {
        LogFormat::Tora
    } else if text::is_row(value) {
        LogFormat::Text
    } else {
        return None;
    })
}
