//! The names of programming languages: info strings in, `SandboxFusion`'s names out.

use std::fmt;

/// The 29 languages of `SandboxFusion`'s `POST /run_code`, in the order of its own error message
/// (`sandbox/runners/types.py`, commit 469de0845cb7).
pub const LANGUAGES: [&str; 29] = [
    "python",
    "cpp",
    "nodejs",
    "go",
    "go_test",
    "java",
    "php",
    "csharp",
    "bash",
    "typescript",
    "sql",
    "rust",
    "cuda",
    "lua",
    "R",
    "perl",
    "D_ut",
    "ruby",
    "scala",
    "julia",
    "pytest",
    "junit",
    "kotlin_script",
    "jest",
    "verilog",
    "python_gpu",
    "lean",
    "swift",
    "racket",
];

/// What people and models write for those languages, in lower case, with a space between: many
/// short texts would take more in pointers than in letters.
const ALIASES: [(&str, &str); 20] = [
    ("python", "py py3 python3 ipython ipython3"),
    ("cpp", "c++ cc cxx hpp"),
    ("nodejs", "js javascript node node.js mjs cjs ecmascript"),
    ("go", "golang"),
    ("php", "php5 php7"),
    ("csharp", "c# cs"),
    ("bash", "sh shell zsh"),
    ("typescript", "ts mts cts"),
    ("sql", "sqlite sqlite3"),
    ("rust", "rs"),
    ("cuda", "cu"),
    ("R", "rlang"),
    ("perl", "pl"),
    ("ruby", "rb"),
    ("julia", "jl"),
    ("kotlin_script", "kotlin kts"),
    ("verilog", "v"),
    ("lean", "lean4"),
    ("racket", "rkt scheme"),
    ("D_ut", "d"),
];

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
        let own = LANGUAGES.iter().find(|own| has_word(own, name));
        let alias = || {
            let mut aliases = ALIASES.iter();
            let found = aliases.find(|(_, aliases)| has_word(aliases, name));
            found.map(|(own, _)| own)
        };
        own.or_else(alias).map(|own| Self(own))
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
#[inline(never)]
#[must_use]
pub fn has_word(words: &str, word: &str) -> bool {
    let mut words = words.as_bytes().split(|&byte| byte == b' ');
    words.any(|known| known.eq_ignore_ascii_case(word.as_bytes()))
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
        for (own, aliases) in ALIASES {
            assert!(LANGUAGES.contains(&own), "{aliases} lead to {own}");
            for alias in aliases.split(' ') {
                assert!(!LANGUAGES.contains(&alias), "{alias} is an own name");
                assert_eq!(alias, alias.to_ascii_lowercase());
                assert_eq!(Language::from_name(alias), Some(Language(own)));
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
