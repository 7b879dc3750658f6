//! Text in, blocks with their languages out.

use crate::python::search::{join, places};
use std::borrow::Cow;

use crate::profile::rules::find::{
    CLOSE_INDENTED_FENCE, FENCE, LINE, Pattern, space_length, word_length,
};
use crate::python::text::{is_word, split_lines, strip};

/// A piece of code and its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBlock<'a> {
    /// Whether its fence is closed (30), open (20), or there is none (10); higher wins.
    pub priority: u8,
    /// The language by `SandboxFusion`'s tables, empty when they do not know it.
    pub language: &'static str,
    /// The code.
    pub code: Cow<'a, str>,
}

/// The languages and what counts as each, letter case included. A word that counts as two
/// languages is the later one.
const ALIASES: [(&str, &[&str]); 25] = [
    (
        "python",
        &["python", "Python", "py", "Python3", "python3", "PY"],
    ),
    ("cpp", &["cpp", "c++", "C++", "Cpp", "CPP"]),
    (
        "nodejs",
        &["javascript", "Javascript", "JavaScript", "JS", "js"],
    ),
    ("go", &["go", "Go"]),
    ("java", &["java", "Java"]),
    ("php", &["php", "PHP"]),
    ("csharp", &["csharp", "c#", "C#"]),
    ("bash", &["bash", "Bash", "BASH", "sh", "shell"]),
    ("typescript", &["typescript"]),
    ("rust", &["rust", "Rust", "rs"]),
    ("sql", &["sql", "SQL", "Sql"]),
    ("D", &["D", "d"]),
    ("julia", &["julia", "Julia", "jl"]),
    ("lua", &["lua", "Lua"]),
    ("perl", &["perl", "Perl", "PERL"]),
    ("R", &["R", "r"]),
    ("ruby", &["ruby", "Ruby"]),
    ("scala", &["scala", "Scala"]),
    ("kotlin", &["kotlin", "Kotlin"]),
    ("c", &["c", "C"]),
    ("html", &["html", "Html", "HTML"]),
    ("javascript", &["javascript", "Javascript", "JavaScript"]),
    ("verilog", &["verilog", "Verilog", "VERILOG"]),
    ("racket", &["racket"]),
    ("swift", &["swift"]),
];

/// Whether `tag` counts as `language`.
pub(super) fn is_alias(language: &str, tag: &str) -> bool {
    let mut own = ALIASES.iter().filter(|(name, _)| *name == language);
    own.any(|(_, aliases)| aliases.contains(&tag))
}

/// Whether `tag` counts as a language other than `language`, if only among others.
pub(super) fn is_alias_of_another(language: &str, tag: &str) -> bool {
    let mut others = ALIASES.iter().filter(|(name, _)| *name != language);
    others.any(|(_, aliases)| aliases.contains(&tag))
}

/// The language that a tag names, or nothing.
fn language_of(tag: &str) -> &'static str {
    let mut known = ALIASES.iter().rev();
    let found = known.find(|(_, aliases)| aliases.contains(&tag));
    found.map_or("", |(name, _)| name)
}

/// Closed blocks: any line that ends an opener, and the next fence on a line of its own, which may
/// be indented.
#[must_use]
pub fn extract_fenced(text: &str) -> Vec<CodeBlock<'_>> {
    let fenced = Pattern {
        open: FENCE,
        head: LINE,
        close: CLOSE_INDENTED_FENCE,
    };
    let blocks = fenced.find_all(text).into_iter().map(|found| CodeBlock {
        priority: 30,
        language: language_of(strip(found.head)),
        code: Cow::Borrowed(found.body),
    });
    blocks.collect()
}

/// All that stands behind the first opener, as one block.
#[must_use]
pub fn extract_incomplete(text: &str) -> Vec<CodeBlock<'_>> {
    let open = Pattern {
        open: FENCE,
        head: LINE,
        close: |rest| Some((rest.len(), 0)),
    };
    let blocks = open.find(text).map(|found| CodeBlock {
        priority: 20,
        language: language_of(strip(found.head)),
        code: Cow::Borrowed(found.body),
    });
    blocks.into_iter().collect()
}

/// Takes the first line of untagged blocks for their tag, where it names `language`.
pub(super) fn read_inner_tags(blocks: &mut [CodeBlock<'_>], language: &str) {
    let Some((name, _)) = ALIASES.iter().find(|(name, _)| *name == language) else {
        return;
    };
    for block in blocks.iter_mut().filter(|block| block.language.is_empty()) {
        let lines = split_lines(&block.code);
        let Some((first, rest)) = lines.split_first() else {
            continue;
        };
        if is_alias(language, strip(first)) {
            block.code = Cow::Owned(join(rest, "\n"));
            block.language = name;
        }
    }
}

/// Drops what follows the first block of the language, or the first untagged one when the
/// language has none.
pub(super) fn keep_first_example(blocks: &mut Vec<CodeBlock<'_>>, language: &str) {
    let first_of = |language: &str| blocks.iter().position(|block| block.language == language);
    if let Some(first) = first_of(language).or_else(|| first_of("")) {
        blocks.truncate(first + 1);
    }
}

/// The name of the first public class of Java code:
/// `\bpublic\s+(abstract\s+|final\s+)?class\s+(\w+)`.
#[must_use]
pub fn find_public_class(code: &str) -> Option<&str> {
    let word = "public";
    places(code, word).find_map(|at| {
        if code.get(..at)?.ends_with(is_word) {
            return None;
        }
        let rest = after_space(code.get(at + word.len()..)?)?;
        let rest = ["abstract", "final"]
            .iter()
            .find_map(|kind| after_space(rest.strip_prefix(kind)?))
            .unwrap_or(rest);
        let rest = after_space(rest.strip_prefix("class")?)?;
        rest.get(..word_length(rest))
            .filter(|name| !name.is_empty())
    })
}

/// What follows the white space at the front of `text`, which has to be there: `\s+`.
pub(super) fn after_space(text: &str) -> Option<&str> {
    let space = space_length(text);
    text.get(space..).filter(|_| space > 0)
}
