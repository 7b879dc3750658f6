//! What a profile makes of a text.

use super::rules::find::Found;
use super::rules::show::fill;
use crate::python::json::JsonError;
use crate::python::text::strip;
use crate::span::Span;

/// What a framework makes of a text: the code it would run, and what else it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    /// What would run, in order. Empty when nothing would.
    pub programs: Vec<Program>,
    /// The original's own word for what it found, where it has one: `fenced`, `answer`.
    pub kind: Option<&'static str>,
    /// What of the text the framework keeps as the model's turn, where it cuts it; else what it
    /// reads out of the text besides the code, as the answer in a box.
    pub kept: Option<String>,
    /// What the model gets to read at once, where nothing runs and the framework says so.
    pub reply: Option<&'static str>,
    /// The error that the original raises instead of an answer.
    pub raised: Option<Raised>,
    /// Whether the original asks Python's own parser here, so that the answer is a guess.
    pub needs_python: bool,
}

/// One piece of code that would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The code, as the framework would send it.
    pub code: String,
    /// The language by the framework's own word; `None` where it does not say.
    pub language: Option<String>,
    /// Where the code stands, when it stands in the text in one piece and unchanged.
    pub span: Option<Span>,
}

/// An error that the original raises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The class of the exception.
    pub kind: &'static str,
    /// Its text.
    pub message: String,
}

impl Raised {
    /// An error of this class with this text.
    #[must_use]
    pub fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// An error of this class whose text is a template with `parts` in its places.
    #[inline(never)]
    pub(super) fn filled(kind: &'static str, template: &str, parts: &[&str]) -> Self {
        Self::new(kind, fill(template, parts))
    }

    /// The error of Python's JSON parser.
    #[inline(never)]
    pub(super) fn of_json(error: &JsonError) -> Self {
        Self::new(error.type_name(), error.message())
    }
}

impl Program {
    /// A program whose code may be a slice of `text`.
    #[must_use]
    pub fn new(text: &str, code: &str, language: Option<&str>) -> Self {
        Self {
            code: code.to_owned(),
            language: language.map(str::to_owned),
            span: span_of(text, code),
        }
    }
}

/// Profiles are given one that is empty and fill it in. These are functions of their own, as every
/// other way copies the whole.
impl Extracted {
    /// Adds a program whose code may be a slice of `text`.
    #[inline(never)]
    pub fn push(&mut self, text: &str, code: &str, language: Option<&str>) {
        self.programs.push(Program::new(text, code, language));
    }

    /// Adds a program in Python whose code may be a slice of `text`.
    #[inline(never)]
    pub fn python(&mut self, text: &str, code: &str) {
        self.push(text, code, Some("python"));
    }

    /// Adds what was found in `text`, if anything was, as a program in Python: the body, stripped.
    #[inline(never)]
    pub fn python_in(&mut self, text: &str, found: Option<&Found<'_>>) {
        if let Some(found) = found {
            self.python(text, strip(found.body));
        }
    }

    /// Sets what is kept of the text.
    #[inline(never)]
    pub fn keep(&mut self, kept: &str) {
        self.kept = Some(kept.to_owned());
    }

    /// Sets the error that the original raises.
    #[inline(never)]
    pub fn raise(&mut self, raised: Raised) {
        self.raised = Some(raised);
    }
}

/// Where `slice` stands in `text`, when it is a slice of it: told by its address, as rules hand
/// slices on and the same code may stand in a text twice.
pub(super) fn span_of(text: &str, slice: &str) -> Option<Span> {
    let start = (slice.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let span = Span::new(start, start.checked_add(slice.len())?);
    (span.of(text) == Some(slice)).then_some(span)
}
