//! What a profile makes of a text.

use crate::python::search::join;
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

impl Extracted {
    /// Nothing found.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// One program in Python whose code may be a slice of `text`.
    #[must_use]
    pub fn python(text: &str, code: &str) -> Self {
        Self::programs(vec![Program::new(text, code, Some("python"))])
    }

    /// One program in Python, or nothing.
    #[must_use]
    pub fn python_or_nothing(text: &str, code: Option<&str>) -> Self {
        code.map_or_else(Self::nothing, |code| Self::python(text, code))
    }

    /// All these codes as one program in Python, or nothing.
    #[must_use]
    pub fn joined(text: &str, codes: &[&str], separator: &str) -> Self {
        match codes {
            [] => Self::nothing(),
            [only] => Self::python(text, only),
            codes => Self::python(text, &join(codes, separator)),
        }
    }

    /// These programs.
    #[must_use]
    pub fn programs(programs: Vec<Program>) -> Self {
        Self {
            programs,
            ..Self::default()
        }
    }

    /// The original raises this error.
    #[must_use]
    pub fn raised(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            raised: Some(Raised::new(kind, message)),
            ..Self::default()
        }
    }

    /// Nothing found, and the framework says so to the model.
    #[must_use]
    pub fn reply(reply: &'static str) -> Self {
        Self {
            reply: Some(reply),
            ..Self::default()
        }
    }

    /// The same with the original's word for it.
    #[must_use]
    pub fn of_kind(self, kind: &'static str) -> Self {
        Self {
            kind: Some(kind),
            ..self
        }
    }

    /// The same with what is kept of the text.
    #[must_use]
    pub fn keeping(self, kept: &str) -> Self {
        Self {
            kept: Some(kept.to_owned()),
            ..self
        }
    }
}

/// Where `slice` stands in `text`, when it is a slice of it: told by its address, as rules hand
/// slices on and the same code may stand in a text twice.
pub(super) fn span_of(text: &str, slice: &str) -> Option<Span> {
    let start = (slice.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let span = Span::new(start, start.checked_add(slice.len())?);
    (span.of(text) == Some(slice)).then_some(span)
}
