//! The objects of `SandboxFusion`'s protocol, field by field, and their translation there and back.
//!
//! A kind pairs the names of ours with those on the wire, milliseconds with seconds and our words
//! with theirs. It knows nothing of where an object stands.

use super::base64;
use crate::error::one_of;
use crate::language::{LANGUAGES, Language};
use crate::python::format::{fill, show_value};
use crate::python::json::loads;
use crate::python::search::{split, split_once};
use crate::python::value::Value;

/// What stands in a field, kind by kind: the name of the kind and what it takes, in words for a
/// message. A value of one of Python's types has that type for its name, `int|str` is either of two,
/// and a star makes a list of it.
///
/// - An object has a line for each field: the name of ours, the name on the wire, the kind, and what
///   becomes of a field that is missing or null. `!`: it must be there. `-`: it is left out on the
///   wire and `null` with us. Anything else is the JSON that stands in its place.
/// - A state has a line for each word, ours and theirs.
///
/// It is one text, as a table of structs takes more in pointers than in letters.
const KINDS: &str = r#"any: a value

str: a text

str*: a list of texts

bool: true or false

int: a whole number

int|str: a whole number or a text

int|str*: a list of whole numbers and texts

dict: an object

time: a number

timeout: a number

count: a number

language: one of SandboxFusion's languages

files: an object of files

run_status: Success, Failed or SandboxError
success Success
failed Failed
sandbox_error SandboxError

phase_status: Finished, Error or TimeLimitExceeded
finished Finished
error Error
time_limit_exceeded TimeLimitExceeded

program: an object
compileTimeoutMs compile_timeout timeout 10
runTimeoutMs run_timeout timeout 10
code code str !
stdin stdin str null
memoryLimitMb memory_limit_MB count -1
language language language "python"
files files files {}
fetchFiles fetch_files str* []

phase: an object
status status phase_status !
executionTimeMs execution_time time -
exitCode return_code int -
stdout stdout str ""
stderr stderr str ""
stdoutTruncated stdout_truncated bool false
stderrTruncated stderr_truncated bool false

run: an object
status status run_status !
message message str ""
compile compile_result phase -
run run_result phase -
executorPodName executor_pod_name str -
files files files {}

notebook: an object
cells cells str* !
cellTimeoutMs cell_timeout time -
totalTimeoutMs total_timeout time -
memoryLimitMb memory_limit_MB int -
kernel kernel str -
files files files -
fetchFiles fetch_files str* -

cell_error: an object
name ename str ""
message evalue str ""
traceback traceback str* []

cell: an object
stdout stdout str ""
stderr stderr str ""
displays display dict* []
errors error cell_error* []

notebook_run: an object
status status run_status !
message message str ""
driver driver phase -
cells cells cell* []
executorPodName executor_pod_name str -
files files files {}

config: an object
datasetType dataset_type str -
language language language -
locale locale str -
isFewshot is_fewshot bool -
compileTimeoutMs compile_timeout time -
runTimeoutMs run_timeout time -
customExtractLogic custom_extract_logic str -
providedData provided_data any -
extra extra dict -

submission: an object
dataset dataset str !
id id int|str !
completion completion str !
config config config !

page: an object
dataset dataset str !
config config config !
offset offset int -
limit limit int -

problem: an object
dataset dataset str !
config config config !
id id int|str !

prompt: an object
id id int|str !
prompt prompt any !
labels labels dict {}

case: an object
passed passed bool !
result exec_info run !
testInfo test_info dict -

evaluation: an object
id id int|str !
accepted accepted bool !
extractedCode extracted_code str !
fullCode full_code str -
testCode test_code str -
tests tests case* !
extractedType extracted_type str -
extra extra dict -

metrics_function: an object
dataset dataset str !
config config config !

metrics: an object
dataset dataset str !
config config config !
results results evaluation* !

function: an object
function function str -

verl_call: an object
compileTimeout compile_timeout any null
runTimeout run_timeout any null
code code any null
stdin stdin any null
memoryLimitMb memory_limit_MB any null
language language any null
- files any {}
- fetch_files any []"#;

/// What the kind takes, in words, and its lines.
fn find_kind(name: &str) -> (&'static str, &'static str) {
    for entry in split(KINDS, "\n\n") {
        let (head, lines) = split_once(entry, "\n").unwrap_or((entry, ""));
        if let Some((known, expected)) = split_once(head, ": ")
            && known == name
        {
            return (expected, lines);
        }
    }
    ("a list of objects", "")
}

/// Which way an object goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Ours, to be sent.
    Out,
    /// Theirs, as it came.
    In,
}

impl Way {
    /// The name that is read and the one that is written, of ours and theirs.
    fn turn<'a>(self, names: Option<(&'a str, &'a str)>) -> (&'a str, &'a str) {
        let (ours, theirs) = names.unwrap_or_default();
        match self {
            Self::Out => (ours, theirs),
            Self::In => (theirs, ours),
        }
    }
}

/// What must stand where, in one sentence: `expected a text`, or behind the names of the fields that
/// lead there, `config.language: expected a text`.
type Misfit = String;

fn misfit(expected: &str) -> Misfit {
    ["expected ", expected].concat()
}

/// The same in a field of this name.
fn inside(name: &str, misfit: &Misfit) -> Misfit {
    // No field has a space in its name.
    let link = if misfit.starts_with("expected ") {
        ": "
    } else {
        "."
    };
    [name, link, misfit].concat()
}

/// Translates what stands in a field of this kind, one of those in [`KINDS`].
pub(crate) fn translate(value: &mut Value, kind: &str, way: Way) -> Result<(), Misfit> {
    // As many digits as a number of JavaScript holds exactly.
    let is_long = matches!(value, Value::Int(digits) if digits.len() > 15);
    match (kind.strip_suffix('*'), &mut *value) {
        (Some(kind), Value::List(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                translate(item, kind, way).map_err(|misfit| inside(&index.to_string(), &misfit))?;
            }
            return Ok(());
        }
        (None, value) => {
            let name = value.type_name();
            if split(kind, "|").any(|kind| kind == "any" || kind == name && !is_long) {
                return Ok(());
            }
        }
        _ => {}
    }
    let (expected, lines) = find_kind(kind);
    let translated = match &*value {
        number if expected == "a number" => translate_number(number, kind, way)?,
        Value::Dict(files) if kind == "files" && files.iter().all(is_file) => return Ok(()),
        Value::Dict(_) if expected == "an object" => Some(translate_object(value, lines, way)?),
        Value::Str(name) if kind == "language" => Some(read_language(&name.to_string_lossy())?),
        Value::Str(word) if kind.ends_with("_status") => {
            let mut words = split(lines, "\n").map(|line| way.turn(split_once(line, " ")));
            words
                .find(|(from, _)| word == from)
                .map(|(_, to)| to.into())
        }
        _ => None,
    };
    *value = translated.ok_or_else(|| misfit(expected))?;
    Ok(())
}

fn is_file((_, content): &(Value, Value)) -> bool {
    content.as_str().is_some_and(base64::is_base64)
}

fn read_language(name: &str) -> Result<Value, Misfit> {
    match Language::from_name(name) {
        Some(language) => Ok(language.name().into()),
        None => Err(misfit(&one_of(&LANGUAGES, name))),
    }
}

/// A number of ours is at least 1. A time-out and a count are rounded, and times are in seconds on
/// the wire.
fn translate_number(value: &Value, kind: &str, way: Way) -> Result<Option<Value>, Misfit> {
    let Some(number) = value.as_number() else {
        return Ok(None);
    };
    if way == Way::In {
        return Ok(Some(Value::Float(number * 1000.0)));
    }
    let sent = match kind {
        "time" => number,
        // As `Math.round` does.
        _ => (number + 0.5).floor(),
    };
    if !(1.0..=f64::from(u32::MAX)).contains(&sent) {
        let template = "a number from 1 to 4294967295, found {}";
        return Err(misfit(&fill(template, &[&show_value(value)])));
    }
    Ok(Some(match kind {
        "count" => shorten(sent),
        _ => to_seconds(sent),
    }))
}

/// Milliseconds in seconds, whole ones without a point, as verl's client sends them.
pub(crate) fn to_seconds(milliseconds: f64) -> Value {
    shorten(milliseconds / 1000.0)
}

/// A number from 0 on without its point where nothing stands behind it.
fn shorten(number: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number comes back the same, and no other does"
    )]
    let whole = number as u32;
    if f64::from(whole).total_cmp(&number).is_eq() {
        Value::Int(whole.to_string())
    } else {
        Value::Float(number)
    }
}

fn translate_object(object: &mut Value, lines: &str, way: Way) -> Result<Value, Misfit> {
    let mut translated = Vec::new();
    for line in split(lines, "\n") {
        let mut columns = split(line, " ");
        let mut column = || columns.next().unwrap_or_default();
        let (from, to) = way.turn(Some((column(), column())));
        let (kind, absent) = (column(), column());
        let mut value = object.take(from);
        if !value.is_none() {
            translate(&mut value, kind, way).map_err(|misfit| inside(from, &misfit))?;
        } else if absent == "!" {
            return Err(inside(from, &misfit(find_kind(kind).0)));
        } else if absent == "-" {
            if way == Way::Out {
                continue;
            }
        } else {
            value = loads(absent).unwrap_or(Value::None);
        }
        translated.push((to.into(), value));
    }
    Ok(Value::Dict(translated))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_known_kinds_and_defaults_in_json() {
        let names: Vec<_> = KINDS
            .split("\n\n")
            .map(|entry| entry.split_once(": ").unwrap().0)
            .collect();
        for entry in KINDS.split("\n\n") {
            for line in entry.lines().skip(1) {
                let columns: Vec<_> = line.split(' ').collect();
                let [_, _, kind, absent] = *columns.as_slice() else {
                    assert_eq!(columns.len(), 2, "{line}");
                    continue;
                };
                assert!(names.contains(&kind.trim_end_matches('*')), "{line}");
                assert!(
                    matches!(absent, "!" | "-") || loads(absent).is_ok(),
                    "{line}"
                );
            }
        }
        assert!(names.contains(&"program") && names.contains(&"verl_call"));
    }

    #[test]
    fn every_route_has_kinds_that_are_there() {
        for route in crate::wire::route::Route::ALL {
            for kind in route.request().into_iter().chain([route.answer()]) {
                let parts = kind.trim_end_matches('*').split('|');
                for kind in parts {
                    assert_ne!(find_kind(kind).0, "a list of objects", "{kind}");
                }
            }
        }
    }
}
