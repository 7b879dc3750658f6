//! Positions in a text.

/// A half-open range of positions: `start` is inside, `end` is not.
///
/// In Rust the unit is the byte of UTF-8; at the JavaScript boundary it becomes the UTF-16 code
/// unit, so that `text.slice(span.start, span.end)` is the range there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first position inside.
    pub start: usize,
    /// The first position after.
    pub end: usize,
}

impl Span {
    /// Makes a span from its two ends.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The number of positions inside, 0 when the ends are the wrong way round.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether no position is inside.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text at this span, or `None` when the span leaves the text or splits a character.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }
}
