//! An answer of the sandbox and the expected output in, a verdict out: how verl's reward grades
//! code with test cases (`verl/utils/reward_score/sandbox_fusion/utils.py` and `__init__.py`,
//! commit b178a3cd56f5).
//!
//! The answer is read as leniently as the original reads it: as whatever JSON a server sent.

use crate::profile::Raised;
use crate::python::format::{fill, show_value};
use crate::python::repr::{repr_str, str};
use crate::python::search::{split, split_once};
use crate::python::text::strip_end_of;
use crate::python::value::Value;

/// What is known of a test case before it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its number, from 0.
    pub index: i64,
    /// What the program reads; `None` for nothing.
    pub stdin: Value,
    /// What the program should print; `None` where any output will do.
    pub expected: Value,
}

/// What a run of a test case comes to: the original's `result_status` and `metadata["status"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the case counts.
    pub result: CaseResult,
    /// The original's word for it.
    pub status: String,
}

/// How a test case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseResult {
    /// The output is as expected.
    Passed,
    /// The output is another one.
    WrongAnswer,
    /// The sandbox gave no result (-1).
    NoResult,
    /// The program failed (-2).
    RuntimeError,
    /// The program ran out of time (-3).
    Timeout,
    /// The program did not compile (-4).
    CompileError,
}

impl CaseResult {
    /// The original's value for it.
    #[must_use]
    pub fn value(self) -> Value {
        let number = match self {
            Self::Passed => return Value::Bool(true),
            Self::WrongAnswer => return Value::Bool(false),
            Self::NoResult => "-1",
            Self::RuntimeError => "-2",
            Self::Timeout => "-3",
            Self::CompileError => "-4",
        };
        Value::Int(number.to_owned())
    }
}

/// Whether Python takes a value for true.
fn is_true(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Bool(value) => *value,
        Value::Int(digits) => digits != "0",
        Value::Float(number) => *number != 0.0,
        Value::Str(text) => !text.as_bytes().is_empty(),
        Value::List(items) | Value::Tuple(items) => !items.is_empty(),
        Value::Dict(entries) => !entries.is_empty(),
        _ => true,
    }
}

/// Whether a value equals 0, as `False` does.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::Int(digits) => digits == "0" || digits == "-0",
        Value::Float(number) => *number == 0.0,
        _ => false,
    }
}

fn is_word(value: &Value, word: &str) -> bool {
    value.as_str() == Some(word)
}

/// `value.get(key)`, which only dicts have.
fn get<'a>(value: &'a Value, key: &str) -> Result<&'a Value, Raised> {
    if !matches!(value, Value::Dict(_)) {
        let template = "'{}' object has no attribute 'get'";
        let message = fill(template, &[value.type_name()]);
        return Err(Raised::new("AttributeError", message));
    }
    Ok(value.get(key).unwrap_or(&Value::None))
}

/// Grades one case: the verdict, and the original's metadata with it.
///
/// `error` is the text of a request that failed.
///
/// # Errors
///
/// What the original raises for an answer that is not an object.
pub fn grade(case: &Case, answer: &Value, error: Option<&str>) -> Result<(Verdict, Value), Raised> {
    let text = |value: &Value| Value::Str(str(value));
    let mut metadata = Metadata::new();
    metadata.set("case_index", Value::Int(case.index.to_string()));
    if !case.stdin.is_none() {
        metadata.set("input", text(&case.stdin));
    }
    if is_true(&case.expected) {
        metadata.set("expected_output", text(&case.expected));
    }
    if let Some(error) = error {
        metadata.set("api_request_error", Value::Str(error.into()));
    }
    let (result, word) = if error.is_some_and(|error| !error.is_empty()) {
        (CaseResult::NoResult, "api_error")
    } else if is_true(answer) {
        let (compile, run) = read_answer(answer, &mut metadata)?;
        judge(&metadata, compile, run, &case.expected)
    } else {
        (CaseResult::NoResult, "unknown_api_state")
    };
    // One word of all has a place for a status that is none of the server's.
    let status = fill(word, &[&show_value(metadata.get("api_status"))]);
    metadata.set("status", Value::Str(status.as_str().into()));
    Ok((Verdict { result, status }, Value::Dict(metadata.0)))
}

/// The original's metadata, key by key.
struct Metadata(Vec<(Value, Value)>);

impl Metadata {
    const KEYS: &str = "case_index input expected_output api_request_error api_response status stdout stderr \
                        exit_code duration compile_duration compile_stderr api_status compile_status run_status";

    fn new() -> Self {
        let mut entries = Vec::new();
        for key in split(Self::KEYS, " ") {
            entries.push((Value::Str(key.into()), Value::None));
        }
        Self(entries)
    }

    fn set(&mut self, key: &str, value: Value) {
        if let Some(entry) = self.0.iter_mut().find(|(name, _)| is_word(name, key)) {
            entry.1 = value;
        }
    }

    fn get(&self, key: &str) -> &Value {
        let found = self.0.iter().find(|(name, _)| is_word(name, key));
        found.map_or(&Value::None, |(_, value)| value)
    }
}

/// How a phase of the answer ended.
#[derive(Clone, Copy)]
enum End {
    /// The answer does not tell of it.
    Untold,
    TimeLimit,
    Error,
    /// With an exit code other than 0.
    Failed,
    Finished,
    /// With a status that is none of the server's.
    Unknown,
}

fn read_answer(answer: &Value, metadata: &mut Metadata) -> Result<(End, End), Raised> {
    metadata.set("api_response", answer.clone());
    metadata.set("api_status", get(answer, "status")?.clone());
    let mut read = |name: &str, fields: &str| {
        let phase = get(answer, name)?;
        if !is_true(phase) {
            return Ok(End::Untold);
        }
        for field in split(fields, " ") {
            let (key, field) = split_once(field, "=").unwrap_or_default();
            metadata.set(key, get(phase, field)?.clone());
        }
        Ok(match get(phase, "status")?.as_str() {
            Some("TimeLimitExceeded") => End::TimeLimit,
            Some("Error") => End::Error,
            Some("Finished") if is_zero(get(phase, "return_code")?) => End::Finished,
            Some("Finished") => End::Failed,
            _ => End::Unknown,
        })
    };
    Ok((
        read(
            "compile_result",
            "compile_status=status compile_duration=execution_time compile_stderr=stderr",
        )?,
        read(
            "run_result",
            "run_status=status stdout=stdout stderr=stderr exit_code=return_code duration=execution_time",
        )?,
    ))
}

fn judge(
    metadata: &Metadata,
    compile: End,
    run: End,
    expected: &Value,
) -> (CaseResult, &'static str) {
    use CaseResult::{CompileError, NoResult, Passed, RuntimeError, Timeout, WrongAnswer};
    let text = |value: &Value| match value {
        Value::None => String::new(),
        value => show_value(value),
    };
    let is_expected = || {
        let actual = text(metadata.get("stdout"));
        expected.is_none() || strip_end_of(&actual, "\n") == strip_end_of(&text(expected), "\n")
    };
    match metadata.get("api_status").as_str() {
        Some("SandboxError") => (NoResult, "sandbox_error"),
        Some("Failed") => match (compile, run) {
            (End::TimeLimit, _) => (CompileError, "compile_timeout"),
            (End::Error | End::Failed, _) => (CompileError, "compile_error"),
            (_, End::Untold) => (NoResult, "unknown_failure_state"),
            (_, End::TimeLimit) => (Timeout, "timeout"),
            (_, End::Error | End::Failed) => (RuntimeError, "runtime_error"),
            _ => (NoResult, "unknown_failure"),
        },
        Some("Success") => match run {
            End::Failed | End::Finished if is_expected() => (Passed, "success"),
            End::Failed | End::Finished => (WrongAnswer, "wrong_answer"),
            _ => (NoResult, "unexpected_success_state"),
        },
        _ => (NoResult, "unknown_api_status_{}"),
    }
}

/// `check_correctness`: after the first case that does not compile, every later one counts as not
/// compiling.
pub fn carry_compile_errors(verdicts: &mut [Verdict]) {
    let is_compile_error = |verdict: &Verdict| verdict.result == CaseResult::CompileError;
    let first = verdicts.iter().position(is_compile_error);
    let later = first
        .and_then(|first| verdicts.get_mut(first + 1..))
        .unwrap_or_default();
    for verdict in later
        .iter_mut()
        .filter(|verdict| !is_compile_error(verdict))
    {
        verdict.result = CaseResult::CompileError;
        "compile_error_skipped".clone_into(&mut verdict.status);
    }
}

/// `compute_score`: the share of cases that pass, of the first ten only when `is_continuous`.
#[must_use]
pub fn score(verdicts: &[Verdict], is_continuous: bool) -> f64 {
    let count = if is_continuous {
        verdicts.len().min(10)
    } else {
        verdicts.len()
    };
    let counted = verdicts.get(..count).unwrap_or(verdicts);
    let passed = counted
        .iter()
        .filter(|verdict| verdict.result == CaseResult::Passed);
    #[expect(clippy::cast_precision_loss, reason = "a number of test cases")]
    match counted.len() {
        0 => 0.0,
        count => passed.count() as f64 / count as f64,
    }
}

/// The code that is sent for one case: the program, an empty line, and the case's assertion.
#[must_use]
pub fn with_assertion(code: &str, assertion: &str) -> String {
    fill("{}\n\n{}", &[code, assertion])
}

/// The program around a function that is asked for by name: it reads one JSON value a line as
/// arguments, calls the function, or the method of `Solution`, and prints what it returns, as JSON
/// where that is not a number or a text.
///
/// It does what verl's program around such a function does, in words of our own: the text that is
/// sent is not verl's.
#[must_use]
pub fn wrap_function(code: &str, name: &str) -> String {
    let name = repr_str(name);
    fill("{}\n\n_FUNCTION_NAME = {}\n{}", &[code, &name, CALL])
}

const CALL: &str = "
def _call_function():
    import json, sys
    text = sys.stdin.read()
    arguments = [json.loads(line) for line in text.split('\\n')] if text.strip() else []
    function = globals().get(_FUNCTION_NAME) or getattr(Solution(), _FUNCTION_NAME)
    value = function(*arguments)
    is_plain = isinstance(value, (int, float, str)) and not isinstance(value, bool)
    print(value if is_plain else json.dumps(value))

if __name__ == '__main__':
    try:
        _call_function()
    except Exception:
        import traceback
        traceback.print_exc()
";
