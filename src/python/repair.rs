//! Which faults of JSON were repaired in reading it.

/// One fault that models make in JSON and that has one sensible reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Repair {
    /// A line ending, tab or other control character stood in a string as it is.
    ControlCharacter,
    /// A comma stood before a closing bracket.
    TrailingComma,
    /// A string stood in single quotes.
    SingleQuotes,
    /// A quote stood in a string without its backslash.
    InnerQuote,
    /// `True`, `False` or `None` stood where JSON has `true`, `false` and `null`.
    PythonConstant,
    /// The JSON stood in a fenced block.
    Fence,
    /// The arguments were JSON written into a string.
    ArgumentsInString,
    /// The closing tag was missing.
    MissingEnd,
    /// The value could be read as JSON, but the schema says it is a text.
    TextKept,
}

impl Repair {
    const ALL: &[(Self, &'static str)] = &[
        (Self::ControlCharacter, "control_character"),
        (Self::TrailingComma, "trailing_comma"),
        (Self::SingleQuotes, "single_quotes"),
        (Self::InnerQuote, "inner_quote"),
        (Self::PythonConstant, "python_constant"),
        (Self::Fence, "fence"),
        (Self::ArgumentsInString, "arguments_in_string"),
        (Self::MissingEnd, "missing_end"),
        (Self::TextKept, "text_kept"),
    ];
}

/// A set of repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repairs(u16);

impl Repairs {
    /// The set of one repair.
    #[must_use]
    pub const fn of(repair: Repair) -> Self {
        Self(1 << repair as u8)
    }

    /// Adds a repair.
    pub const fn add(&mut self, repair: Repair) {
        self.0 |= 1 << repair as u8;
    }

    /// Adds the repairs of another set.
    pub const fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether nothing was repaired.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The stable names of the repairs, in the order of [`Repair`].
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Repair::ALL
            .iter()
            .filter(move |(repair, _)| self.0 & 1 << *repair as u8 != 0)
            .map(|(_, name)| *name)
    }
}
