//! Blocks in, the one that runs out.

use crate::extract::Block;
use crate::language::Language;

/// Which of several blocks runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The first that can run.
    First,
    /// The last that can run.
    Last,
}

/// What may run, and which of it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The languages that the sandbox runs.
    pub languages: Vec<Language>,
    /// The language that a block without an info string counts as; `None` to pass it over.
    pub untagged: Option<Language>,
    /// Which of several blocks runs.
    pub choice: Choice,
}

impl Selection {
    /// The first block in one of `languages`, where an untagged block counts as Python.
    #[must_use]
    pub fn first_of(languages: Vec<Language>) -> Self {
        Self {
            languages,
            untagged: Some(Language::PYTHON),
            choice: Choice::First,
        }
    }

    /// The language that `block` would run as, or `None` when it does not run: its info string
    /// names no language, as `output` and `text` do, or one that is not in `languages`.
    #[must_use]
    pub fn language_of(&self, block: &Block) -> Option<Language> {
        let language = match &block.lang {
            Some(lang) => Language::from_name(lang),
            None => self.untagged,
        };
        language.filter(|language| self.languages.contains(language))
    }
}

/// Picks the block that runs, with the language it runs as; `None` when no block can run.
#[must_use]
pub fn select<'a>(blocks: &'a [Block], selection: &Selection) -> Option<(&'a Block, Language)> {
    let mut runnable = blocks
        .iter()
        .filter_map(|block| Some((block, selection.language_of(block)?)));
    match selection.choice {
        Choice::First => runnable.next(),
        Choice::Last => runnable.next_back(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::extract;

    fn code(text: &str, choice: Choice) -> Option<String> {
        let selection = Selection {
            choice,
            ..Selection::first_of(vec![Language::PYTHON])
        };
        select(&extract(text), &selection).map(|(block, _)| block.code.clone())
    }

    const TEXT: &str = "```output\n0\n```\n```bash\nls\n```\n```\n1\n```\n```Py\n2\n```\n";

    #[test]
    fn an_untagged_block_counts_as_python() {
        assert_eq!(code(TEXT, Choice::First).as_deref(), Some("1\n"));
    }

    #[test]
    fn the_last_block_can_be_chosen() {
        assert_eq!(code(TEXT, Choice::Last).as_deref(), Some("2\n"));
    }

    #[test]
    fn an_output_block_and_a_language_that_does_not_run_are_passed_over() {
        assert_eq!(
            code("```output\n0\n```\n```bash\nls\n```\n", Choice::First),
            None
        );
    }
}
