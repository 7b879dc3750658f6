//! Blocks in, the programs that run out.

use crate::extract::Block;
use crate::language::Language;

/// Which of several blocks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The first that can run.
    First,
    /// The last that can run.
    Last,
    /// Every one that can run, each a program of its own.
    All,
    /// Every one in the language of the first that can run, as one program.
    Joined,
}

impl Choice {
    /// Every choice, by its name outside of Rust.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("first", Self::First),
        ("last", Self::Last),
        ("all", Self::All),
        ("joined", Self::Joined),
    ];

    /// The choice of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let found = Self::NAMES.into_iter().find(|(own, _)| *own == name);
        found.map(|(_, choice)| choice)
    }
}

/// What may run, and which of it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The languages that may run: those of the sandbox, or fewer to choose by language.
    pub languages: Vec<Language>,
    /// The language that a block without an info string counts as; `None` to pass it over.
    pub untagged: Option<Language>,
    /// Which of several blocks run.
    pub choice: Choice,
}

impl Selection {
    /// The first block in one of `languages`, where an untagged block counts as Python.
    #[must_use]
    pub const fn first_of(languages: Vec<Language>) -> Self {
        Self {
            languages,
            untagged: Some(Language::PYTHON),
            choice: Choice::First,
        }
    }

    /// The language that a block tagged `lang` would run as, or `None` when it does not run: its
    /// tag names no language, as `output` and `text` do, or one that is not in `languages`.
    #[must_use]
    pub fn language_of(&self, lang: Option<&str>) -> Option<Language> {
        let language = lang.map_or(self.untagged, Language::from_name);
        language.filter(|language| self.languages.contains(language))
    }

    /// The places, in a list of tags, of the blocks that run, each with the language it runs as.
    #[must_use]
    pub fn choose<'a>(
        &self,
        langs: impl Iterator<Item = Option<&'a str>>,
    ) -> Vec<(usize, Language)> {
        let mut chosen: Vec<(usize, Language)> = Vec::new();
        for (place, lang) in langs.enumerate() {
            let Some(language) = self.language_of(lang) else {
                continue;
            };
            match (self.choice, chosen.first()) {
                (Choice::First, Some(_)) => break,
                (Choice::Joined, Some((_, first))) if *first != language => continue,
                (Choice::Last, _) => chosen.clear(),
                _ => {}
            }
            chosen.push((place, language));
        }
        chosen
    }
}

/// Code that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its source text.
    pub code: String,
    /// The language it is written in.
    pub language: Language,
}

/// Picks the programs that run; none when no block can. Joined blocks have a line feed between
/// them, beside the one that ends each.
#[must_use]
pub fn select(blocks: &[Block], selection: &Selection) -> Vec<Program> {
    let chosen = selection.choose(blocks.iter().map(|block| block.lang.as_deref()));
    let programs = chosen.into_iter().filter_map(|(place, language)| {
        Some(Program {
            code: blocks.get(place)?.code.clone(),
            language,
        })
    });
    match selection.choice {
        Choice::Joined => programs
            .reduce(|all, next| Program {
                code: format!("{}\n{}", all.code, next.code),
                ..all
            })
            .into_iter()
            .collect(),
        _ => programs.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::extract;

    const TEXT: &str =
        "```output\n0\n```\n```bash\nls\n```\n```\n1\n```\n```js\n2\n```\n```Py\n3\n```\n";

    fn codes(languages: &[&str], choice: Choice) -> Vec<String> {
        let languages = languages
            .iter()
            .filter_map(|name| Language::from_name(name))
            .collect();
        let selection = Selection {
            choice,
            ..Selection::first_of(languages)
        };
        select(&extract(TEXT), &selection)
            .into_iter()
            .map(|program| program.code)
            .collect()
    }

    #[test]
    fn an_untagged_block_counts_as_python() {
        assert_eq!(codes(&["python"], Choice::First), ["1\n"]);
    }

    #[test]
    fn the_last_block_or_all_can_be_chosen() {
        assert_eq!(codes(&["python", "nodejs"], Choice::Last), ["3\n"]);
        assert_eq!(
            codes(&["python", "nodejs"], Choice::All),
            ["1\n", "2\n", "3\n"]
        );
    }

    #[test]
    fn joined_blocks_are_those_in_the_language_of_the_first() {
        assert_eq!(codes(&["python", "nodejs"], Choice::Joined), ["1\n\n3\n"]);
    }

    #[test]
    fn blocks_can_be_chosen_by_language() {
        assert_eq!(codes(&["bash"], Choice::First), ["ls\n"]);
        assert_eq!(codes(&["nodejs"], Choice::Last), ["2\n"]);
    }

    #[test]
    fn an_output_block_and_a_language_that_does_not_run_are_passed_over() {
        assert_eq!(codes(&["ruby"], Choice::All), Vec::<String>::new());
    }
}
