//! The names of programming languages: info strings in, `SandboxFusion`'s names out.

use std::fmt;

use fencerun_bytes::search::has_name;

/// The 29 languages of `SandboxFusion`'s `POST /run_code`, in the order of its own error message
/// (`sandbox/runners/types.py`, commit 469de0845cb7).
pub const LANGUAGES: [&str; 29] = first_words(NAMES);

/// In each line a language and what people and models write for it, in lower case. It is one text,
/// as a table of many short ones takes more in pointers than in letters.
const NAMES: &str = "\
python py py3 python3 ipython ipython3
cpp c++ cc cxx hpp
nodejs js javascript node node.js mjs cjs ecmascript
go golang
go_test
java
php php5 php7
csharp c# cs
bash sh shell zsh
typescript ts mts cts
sql sqlite sqlite3
rust rs
cuda cu
lua
R rlang
perl pl
D_ut d
ruby rb
scala
julia jl
pytest
junit
kotlin_script kotlin kts
jest
verilog v
python_gpu
lean lean4
swift
racket rkt scheme";

/// The first word of each line of `lines`.
#[expect(clippy::indexing_slicing, reason = "it runs when this is compiled")]
const fn first_words<const COUNT: usize>(lines: &'static str) -> [&'static str; COUNT] {
    let (mut words, mut rest, mut count) = ([""; COUNT], lines, 0);
    while count < COUNT {
        let (line, behind) = cut(rest, b'\n');
        words[count] = cut(line, b' ').0;
        (rest, count) = (behind, count + 1);
    }
    words
}

/// What of `text` is in front of the first `mark` and what is behind it.
const fn cut(text: &str, mark: u8) -> (&str, &str) {
    let (mut front, mut rest) = (0, text.as_bytes());
    while let [byte, behind @ ..] = rest {
        if *byte == mark {
            return (text.split_at(front).0, text.split_at(front + 1).1);
        }
        (front, rest) = (front + 1, behind);
    }
    (text, "")
}

/// A language by `SandboxFusion`'s name for it; always one of [`LANGUAGES`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(&'static str);

impl Language {
    /// The language that untagged code counts as.
    pub const PYTHON: Self = Self("python");

    /// Reads a name as people write it: one of [`LANGUAGES`] or an alias such as `py` or `js`,
    /// in any letter case. `None` when it is neither.
    ///
    /// # Examples
    ///
    /// ```
    /// use fencerun_constructs::language::Language;
    /// assert_eq!(Language::from_name("Python3").map(Language::name), Some("python"));
    /// assert_eq!(Language::from_name("output"), None);
    /// ```
    #[inline(never)]
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut lines = NAMES.as_bytes().split(|&byte| byte == b'\n');
        let place = lines.position(|line| has_name(line, name.as_bytes()))?;
        LANGUAGES.get(place).map(|own| Self(own))
    }

    /// Every language, in the order of [`LANGUAGES`].
    pub fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.into_iter().map(Self)
    }

    /// `SandboxFusion`'s name, as it goes over the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Language({})", self.0)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// Whether `word` is one of `words`, in letters of any case.
#[must_use]
pub fn has_word(words: &str, word: &str) -> bool {
    has_name(words.as_bytes(), word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_own_name_reads_as_itself() {
        for name in LANGUAGES {
            assert_eq!(Language::from_name(name).map(Language::name), Some(name));
        }
    }

    #[test]
    fn every_alias_leads_to_an_own_name() {
        for (line, own) in NAMES.split('\n').zip(Language::all()) {
            for alias in line.split(' ').skip(1) {
                assert!(!LANGUAGES.contains(&alias), "{alias} is an own name");
                assert_eq!(alias, alias.to_ascii_lowercase());
                assert_eq!(Language::from_name(alias), Some(own));
            }
        }
    }

    #[test]
    fn letter_case_does_not_matter() {
        assert_eq!(Language::from_name("PYTHON"), Some(Language::PYTHON));
        assert_eq!(Language::from_name("r").map(Language::name), Some("R"));
    }

    #[test]
    fn words_that_name_no_language_are_unknown() {
        for word in ["", "output", "text", "console", "json", "html", "pythonic"] {
            assert_eq!(Language::from_name(word), None, "{word}");
        }
    }
}
