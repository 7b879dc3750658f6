//! Repairs: readings of what models write where `CommonMark` finds no code, or other code than was
//! meant. Each is a rule of its own that can be switched off.
//!
//! A repair is decided on its line, with one exception. Three of them keep a block open past a line
//! that `CommonMark` ends it at: a fence in a Python string, the closing fence of a nested block,
//! and code that is not indented like its list item. Those have to be confirmed by a later line of the block; until then nothing after the
//! line is handed out, and if the block's container or the text ends first, `CommonMark`'s reading
//! stands. So the worst that becomes of a text is what `CommonMark` makes of it.

pub(super) mod cut_closing;
pub(super) mod fence_in_html;
pub(super) mod fence_in_string;
pub(super) mod glued_closing;
pub(super) mod nested_fence;
pub(super) mod text_after_closing;

use std::fmt;

/// A rule by which a text is read differently from `CommonMark`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repair {
    /// An opening fence at the end of a line of prose opens a block: `` Here:```python ``.
    ///
    /// Fires on a line of a paragraph, when after text comes a run of three or more backticks that
    /// no backslash escapes, then a known tag (`python`, `{python}`, `json`, …) and nothing else;
    /// or nothing at all, if a colon stands directly before the run. There must be an even number
    /// of such runs before it in the line, or it ends an inline code span.
    GluedOpening,
    /// A closing fence at the end of a line of code closes the block: `` print(1)``` ``.
    ///
    /// Fires inside a fenced block, on a line that ends with a run of the fence's character, at
    /// least as long as the fence, after something else and an even number of runs of three or
    /// more. Not inside a nested fence, nor inside a string of a Python block.
    GluedClosing,
    /// A closing fence with text after it closes the block: `` ``` done ``, `` ```</answer> ``.
    ///
    /// Fires inside a fenced block, on a line that would be its closing fence but for text without
    /// the fence's character, which white space separates from it or which starts with `<`, unless
    /// that text is a single known tag. Not inside a nested fence, nor inside a string of a Python
    /// block.
    TextAfterClosing,
    /// A block on one line is a block: `` ```python print(1)``` ``.
    ///
    /// Fires on a line of a paragraph that is a run of three or more backticks, directly followed
    /// by a known tag, white space, code without such a run, and a run of the same length.
    OneLine,
    /// A closing fence inside a triple-quoted string of a Python block is part of the string.
    ///
    /// Fires if the string goes on to its closing quotes inside the same block.
    FenceInString,
    /// A fence with a tag inside a block opens a nested one, and the next closing fence closes
    /// that one first.
    ///
    /// Fires if the outer block is closed as well, by another closing fence. The inner fence is of
    /// the same character, at least as long as the outer one, and its info string follows directly
    /// or is a known tag. Not in a Python block, where such a fence can only be in a string.
    NestedFence,
    /// Code of a block in a list item need not be indented like the item.
    ///
    /// Fires inside a fenced block in list items (the innermost containers), at a line that would
    /// end the innermost of them: if it is a closing fence, or if it is no list item and a closing
    /// fence follows, at any indentation, before a fence with an info string, another such list
    /// item, or the end of the other containers. Of the lines up to there, no indentation is removed.
    DedentedCode,
    /// An opening fence after a line that is a tag (`<answer>`, `<think>`) opens a block, although
    /// the tag starts an HTML block for `CommonMark`, which hides everything up to a blank line.
    ///
    /// Fires on an opening fence inside an HTML block that a blank line ends: of
    /// [kind 7](https://spec.commonmark.org/0.31.2/#html-blocks), any complete tag, and of kind 6,
    /// the tags of block elements, if the info string is a known tag.
    FenceInHtml,
    /// A tag in braces is a language: the `lang` of `{python}`, `{.python}` and
    /// `{python, echo=FALSE}` is `python`.
    ///
    /// Fires on an info string that starts with a brace and a name, which starts with a letter of ASCII.
    BraceTag,
    /// The start of a closing fence that the end of the text cuts short is not code.
    ///
    /// Fires inside a fenced block, when the text ends with a line of two or more of the fence's
    /// character that are fewer than close it. The block is not closed.
    CutClosing,
}

impl Repair {
    /// Every repair.
    pub const ALL: [Self; 10] = [
        Self::GluedOpening,
        Self::GluedClosing,
        Self::TextAfterClosing,
        Self::OneLine,
        Self::FenceInString,
        Self::NestedFence,
        Self::DedentedCode,
        Self::FenceInHtml,
        Self::BraceTag,
        Self::CutClosing,
    ];

    /// The repair's name outside of Rust, as in `glued_opening`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GluedOpening => "glued_opening",
            Self::GluedClosing => "glued_closing",
            Self::TextAfterClosing => "text_after_closing",
            Self::OneLine => "one_line",
            Self::FenceInString => "fence_in_string",
            Self::NestedFence => "nested_fence",
            Self::DedentedCode => "dedented_code",
            Self::FenceInHtml => "fence_in_html",
            Self::BraceTag => "brace_tag",
            Self::CutClosing => "cut_closing",
        }
    }
}

/// A set of repairs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Repairs(u16);

impl Repairs {
    /// No repair: `CommonMark` as it is. The default.
    pub const NONE: Self = Self(0);
    /// Every repair.
    pub const ALL: Self = Self((1 << Repair::ALL.len()) - 1);

    /// This set and `repair`.
    #[must_use]
    pub const fn with(self, repair: Repair) -> Self {
        Self(self.0 | 1 << repair as u8)
    }

    /// This set without `repair`.
    #[must_use]
    pub const fn without(self, repair: Repair) -> Self {
        Self(self.0 & !(1 << repair as u8))
    }

    /// Whether `repair` is in the set.
    #[must_use]
    pub const fn contains(self, repair: Repair) -> bool {
        self.0 & 1 << repair as u8 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as bits, one for each repair in the order of [`Repair::ALL`], the lowest first.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set of [`bits`](Self::bits).
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The repairs in the set.
    pub fn iter(self) -> impl Iterator<Item = Repair> {
        Repair::ALL
            .into_iter()
            .filter(move |&repair| self.contains(repair))
    }
}

impl fmt::Debug for Repairs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<Repair> for Repairs {
    fn from_iter<Items: IntoIterator<Item = Repair>>(repairs: Items) -> Self {
        repairs.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Whether `code`, a Python program of whole lines, ends inside a triple-quoted string, where
/// [`Repair::FenceInString`] holds a closing fence back.
#[must_use]
pub fn ends_in_string(code: &[u8]) -> bool {
    fence_in_string::Strings::default()
        .after_lines(code)
        .is_triple()
}
