//! The objects of `SandboxFusion`'s protocol, field by field, and their translation there and back.
//!
//! A shape pairs the names of ours with those on the wire, milliseconds with seconds and our words
//! with theirs. It knows nothing of where an object stands.

use super::base64;
use crate::language::Language;
use crate::python::json::loads;
use crate::python::value::Value;

/// What stands in a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Anything, as it is.
    Any,
    /// An object, as it is.
    AnyObject,
    /// A list of objects, as they are.
    AnyObjects,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// One of the languages; ours may be an alias.
    Language,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// A time: milliseconds of ours, seconds on the wire.
    Time,
    /// A whole number or a text.
    Id,
    /// A list of identifiers.
    Ids,
    /// Paths and contents, in base64 on both sides.
    Files,
    /// One of these words.
    Word(&'static Words),
    /// An object of this shape.
    Object(&'static [Field]),
    /// A list of objects of this shape.
    Objects(&'static [Field]),
}

/// The words of a state: ours and theirs, and all of theirs for a message.
#[derive(Debug)]
pub(crate) struct Words {
    pairs: &'static [(&'static str, &'static str)],
    theirs: &'static str,
}

/// What becomes of a field that is missing or null.
#[derive(Debug, Clone, Copy)]
enum Absent {
    /// It must be there.
    Refused,
    /// It is left out on the wire and `null` with us.
    Left,
    /// This JSON stands in its place with us; it is left out on the wire.
    Default(&'static str),
}

/// One field of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    name: &'static str,
    wire: &'static str,
    kind: Kind,
    absent: Absent,
}

const fn needed(name: &'static str, wire: &'static str, kind: Kind) -> Field {
    let absent = Absent::Refused;
    Field {
        name,
        wire,
        kind,
        absent,
    }
}

const fn left(name: &'static str, wire: &'static str, kind: Kind) -> Field {
    let absent = Absent::Left;
    Field {
        name,
        wire,
        kind,
        absent,
    }
}

const fn field(name: &'static str, wire: &'static str, kind: Kind, default: &'static str) -> Field {
    let absent = Absent::Default(default);
    Field {
        name,
        wire,
        kind,
        absent,
    }
}

const PHASE: &[Field] = &[
    needed("status", "status", Kind::Word(&PHASE_WORDS)),
    left("executionTimeMs", "execution_time", Kind::Time),
    left("exitCode", "return_code", Kind::Whole),
    field("stdout", "stdout", Kind::Text, "\"\""),
    field("stderr", "stderr", Kind::Text, "\"\""),
    field("stdoutTruncated", "stdout_truncated", Kind::Flag, "false"),
    field("stderrTruncated", "stderr_truncated", Kind::Flag, "false"),
];

static PHASE_WORDS: Words = Words {
    pairs: &[
        ("finished", "Finished"),
        ("error", "Error"),
        ("time_limit_exceeded", "TimeLimitExceeded"),
    ],
    theirs: "Finished, Error or TimeLimitExceeded",
};

static RUN_WORDS: Words = Words {
    pairs: &[
        ("success", "Success"),
        ("failed", "Failed"),
        ("sandbox_error", "SandboxError"),
    ],
    theirs: "Success, Failed or SandboxError",
};

/// The answer of `/run_code`.
pub(crate) const RUN: &[Field] = &[
    needed("status", "status", Kind::Word(&RUN_WORDS)),
    field("message", "message", Kind::Text, "\"\""),
    left("compile", "compile_result", Kind::Object(PHASE)),
    left("run", "run_result", Kind::Object(PHASE)),
    left("executorPodName", "executor_pod_name", Kind::Text),
    field("files", "files", Kind::Files, "{}"),
];

/// The request of `/run_jupyter`.
pub(crate) const CELLS: &[Field] = &[
    needed("cells", "cells", Kind::Texts),
    left("cellTimeoutMs", "cell_timeout", Kind::Time),
    left("totalTimeoutMs", "total_timeout", Kind::Time),
    left("memoryLimitMb", "memory_limit_MB", Kind::Whole),
    left("kernel", "kernel", Kind::Text),
    left("files", "files", Kind::Files),
    left("fetchFiles", "fetch_files", Kind::Texts),
];

const CELL_ERROR: &[Field] = &[
    field("name", "ename", Kind::Text, "\"\""),
    field("message", "evalue", Kind::Text, "\"\""),
    field("traceback", "traceback", Kind::Texts, "[]"),
];

const CELL: &[Field] = &[
    field("stdout", "stdout", Kind::Text, "\"\""),
    field("stderr", "stderr", Kind::Text, "\"\""),
    field("displays", "display", Kind::AnyObjects, "[]"),
    field("errors", "error", Kind::Objects(CELL_ERROR), "[]"),
];

/// The answer of `/run_jupyter`.
pub(crate) const CELLS_RUN: &[Field] = &[
    needed("status", "status", Kind::Word(&RUN_WORDS)),
    field("message", "message", Kind::Text, "\"\""),
    left("driver", "driver", Kind::Object(PHASE)),
    field("cells", "cells", Kind::Objects(CELL), "[]"),
    left("executorPodName", "executor_pod_name", Kind::Text),
    field("files", "files", Kind::Files, "{}"),
];

const CONFIG: &[Field] = &[
    left("datasetType", "dataset_type", Kind::Text),
    left("language", "language", Kind::Language),
    left("locale", "locale", Kind::Text),
    left("isFewshot", "is_fewshot", Kind::Flag),
    left("compileTimeoutMs", "compile_timeout", Kind::Time),
    left("runTimeoutMs", "run_timeout", Kind::Time),
    left("customExtractLogic", "custom_extract_logic", Kind::Text),
    left("providedData", "provided_data", Kind::Any),
    left("extra", "extra", Kind::AnyObject),
];

const DATASET: Field = needed("dataset", "dataset", Kind::Text);
const ID: Field = needed("id", "id", Kind::Id);
/// The server wants a configuration, and takes an empty one.
const CONFIGURED: Field = needed("config", "config", Kind::Object(CONFIG));

/// The request of `/submit`.
pub(crate) const SUBMISSION: &[Field] = &[
    DATASET,
    ID,
    needed("completion", "completion", Kind::Text),
    CONFIGURED,
];

/// The request of `/get_prompts` and `/list_ids`.
pub(crate) const PAGE: &[Field] = &[
    DATASET,
    CONFIGURED,
    left("offset", "offset", Kind::Whole),
    left("limit", "limit", Kind::Whole),
];

/// The request of `/get_prompt_by_id`.
pub(crate) const PROBLEM: &[Field] = &[DATASET, CONFIGURED, ID];

/// The request of `/get_metrics_function`.
pub(crate) const METRICS_FUNCTION: &[Field] = &[DATASET, CONFIGURED];

/// The request of `/get_metrics`.
pub(crate) const METRICS: &[Field] = &[
    DATASET,
    CONFIGURED,
    needed("results", "results", Kind::Objects(EVALUATION)),
];

/// One answer of `/get_prompts`, and that of `/get_prompt_by_id`.
pub(crate) const PROMPT: &[Field] = &[
    ID,
    needed("prompt", "prompt", Kind::Any),
    field("labels", "labels", Kind::AnyObject, "{}"),
];

const CASE: &[Field] = &[
    needed("passed", "passed", Kind::Flag),
    needed("result", "exec_info", Kind::Object(RUN)),
    left("testInfo", "test_info", Kind::AnyObject),
];

/// The answer of `/submit`.
pub(crate) const EVALUATION: &[Field] = &[
    ID,
    needed("accepted", "accepted", Kind::Flag),
    needed("extractedCode", "extracted_code", Kind::Text),
    left("fullCode", "full_code", Kind::Text),
    left("testCode", "test_code", Kind::Text),
    needed("tests", "tests", Kind::Objects(CASE)),
    left("extractedType", "extracted_type", Kind::Text),
    left("extra", "extra", Kind::AnyObject),
];

/// The answer of `/get_metrics_function`.
pub(crate) const FUNCTION: &[Field] = &[left("function", "function", Kind::Text)];

/// Which way an object goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Ours, to be sent.
    Out,
    /// Theirs, as it came.
    In,
}

/// What does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// The names of the fields that lead to it, with dots between them; empty for the whole.
    pub(crate) place: String,
    /// What must stand there.
    pub(crate) expected: &'static str,
}

fn misfit(expected: &'static str) -> Misfit {
    let place = String::new();
    Misfit { place, expected }
}

/// What `kind` takes, in words.
const fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Any => "a value",
        Kind::Text => "a text",
        Kind::Texts => "a list of texts",
        Kind::Language => "one of SandboxFusion's languages",
        Kind::Flag => "true or false",
        Kind::Whole => "a whole number",
        Kind::Time => "a time from 1 to 4294967295",
        Kind::Id => "a whole number or a text",
        Kind::Ids => "a list of whole numbers and texts",
        Kind::Files => "an object of files in base64",
        Kind::Word(words) => words.theirs,
        Kind::Object(_) | Kind::AnyObject => "an object",
        Kind::Objects(_) | Kind::AnyObjects => "a list of objects",
    }
}

/// Translates what stands in a field of this kind.
pub(crate) fn translate(value: &mut Value, kind: Kind, way: Way) -> Result<(), Misfit> {
    let translated = match (kind, &mut *value) {
        (Kind::Object(fields), Value::Dict(_)) => return translate_object(value, fields, way),
        (Kind::Objects(fields), Value::List(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                translate(item, Kind::Object(fields), way)
                    .map_err(|misfit| inside(&index.to_string(), misfit))?;
            }
            return Ok(());
        }
        (Kind::Language, Value::Str(name)) => name
            .as_str()
            .and_then(Language::from_name)
            .map(|language| Value::Str(language.name().into())),
        (Kind::Time, value) => translate_time(value, way),
        (Kind::Word(words), Value::Str(word)) => words
            .pairs
            .iter()
            .find(|(ours, theirs)| *word == *if way == Way::In { theirs } else { ours })
            .map(|&(ours, theirs)| Value::Str(if way == Way::In { ours } else { theirs }.into())),
        (kind, value) if fits(value, kind) => return Ok(()),
        _ => None,
    };
    *value = translated.ok_or_else(|| misfit(describe(kind)))?;
    Ok(())
}

fn fits(value: &Value, kind: Kind) -> bool {
    let all =
        |fits: fn(&Value) -> bool| value.as_list().is_some_and(|items| items.iter().all(fits));
    match kind {
        Kind::Any => true,
        Kind::AnyObject => matches!(value, Value::Dict(_)),
        Kind::AnyObjects => all(|item| fits(item, Kind::AnyObject)),
        Kind::Text => matches!(value, Value::Str(_)),
        Kind::Texts => all(|item| fits(item, Kind::Text)),
        Kind::Flag => matches!(value, Value::Bool(_)),
        // As many digits as a number of JavaScript holds exactly.
        Kind::Whole => matches!(value, Value::Int(digits) if digits.len() < 16),
        Kind::Id => fits(value, Kind::Text) || fits(value, Kind::Whole),
        Kind::Ids => all(|item| fits(item, Kind::Id)),
        Kind::Files => match value {
            Value::Dict(files) => files
                .iter()
                .all(|(_, content)| content.as_str().is_some_and(is_base64)),
            _ => false,
        },
        _ => false,
    }
}

fn is_base64(text: &str) -> bool {
    base64::decode(text).is_some()
}

fn translate_time(value: &Value, way: Way) -> Option<Value> {
    let number = value.as_number()?;
    match way {
        Way::In => Some(Value::Float(number * 1000.0)),
        Way::Out => (1.0..=f64::from(u32::MAX))
            .contains(&number)
            .then_some(to_seconds(number)),
    }
}

/// Milliseconds in seconds, whole ones without a point, as verl's client sends them.
pub(crate) fn to_seconds(milliseconds: f64) -> Value {
    let seconds = milliseconds / 1000.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number comes back the same, and no other does"
    )]
    let whole = seconds as u32;
    if f64::from(whole).total_cmp(&seconds).is_eq() {
        Value::Int(whole.to_string())
    } else {
        Value::Float(seconds)
    }
}

fn translate_object(object: &mut Value, fields: &[Field], way: Way) -> Result<(), Misfit> {
    let mut translated = Vec::with_capacity(fields.len());
    for field in fields {
        let (from, to) = match way {
            Way::In => (field.wire, field.name),
            Way::Out => (field.name, field.wire),
        };
        let mut value = object.take(from);
        match (&value, field.absent, way) {
            (Value::None, Absent::Refused, _) => {
                return Err(inside(from, misfit(describe(field.kind))));
            }
            (Value::None, _, Way::Out) => continue,
            (Value::None, Absent::Left, Way::In) => {}
            // The defaults in the tables are JSON.
            (Value::None, Absent::Default(json), Way::In) => {
                value = loads(json).unwrap_or(Value::None);
            }
            _ => translate(&mut value, field.kind, way).map_err(|misfit| inside(from, misfit))?,
        }
        translated.push((Value::Str(to.into()), value));
    }
    *object = Value::Dict(translated);
    Ok(())
}

fn inside(name: &str, Misfit { place, expected }: Misfit) -> Misfit {
    let place = if place.is_empty() {
        name.to_owned()
    } else {
        [name, ".", &place].concat()
    };
    Misfit { place, expected }
}
