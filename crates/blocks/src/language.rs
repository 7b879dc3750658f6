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

/// What people and models write for those languages, in lower case.
const ALIASES: [(&str, &str); 42] = [
    ("py", "python"),
    ("py3", "python"),
    ("python3", "python"),
    ("ipython", "python"),
    ("ipython3", "python"),
    ("c++", "cpp"),
    ("cc", "cpp"),
    ("cxx", "cpp"),
    ("hpp", "cpp"),
    ("js", "nodejs"),
    ("javascript", "nodejs"),
    ("node", "nodejs"),
    ("node.js", "nodejs"),
    ("mjs", "nodejs"),
    ("cjs", "nodejs"),
    ("ecmascript", "nodejs"),
    ("golang", "go"),
    ("php5", "php"),
    ("php7", "php"),
    ("c#", "csharp"),
    ("cs", "csharp"),
    ("sh", "bash"),
    ("shell", "bash"),
    ("zsh", "bash"),
    ("ts", "typescript"),
    ("mts", "typescript"),
    ("cts", "typescript"),
    ("sqlite", "sql"),
    ("sqlite3", "sql"),
    ("rs", "rust"),
    ("cu", "cuda"),
    ("rlang", "R"),
    ("pl", "perl"),
    ("rb", "ruby"),
    ("jl", "julia"),
    ("kotlin", "kotlin_script"),
    ("kts", "kotlin_script"),
    ("v", "verilog"),
    ("lean4", "lean"),
    ("rkt", "racket"),
    ("scheme", "racket"),
    ("d", "D_ut"),
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
    /// use fencerun_blocks::language::Language;
    /// assert_eq!(Language::from_name("Python3").map(Language::name), Some("python"));
    /// assert_eq!(Language::from_name("output"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let own = LANGUAGES.iter().find(|own| own.eq_ignore_ascii_case(name));
        let alias = || {
            let found = ALIASES
                .iter()
                .find(|(alias, _)| alias.eq_ignore_ascii_case(name));
            found.map(|(_, own)| own)
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
        for (alias, own) in ALIASES {
            assert!(LANGUAGES.contains(&own), "{alias} leads to {own}");
            assert!(!LANGUAGES.contains(&alias), "{alias} is an own name");
            assert_eq!(alias, alias.to_ascii_lowercase());
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
