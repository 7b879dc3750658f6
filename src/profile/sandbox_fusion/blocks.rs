//! Text in, blocks with their languages out.

use std::borrow::Cow;

use crate::profile::rules::find::{find, find_all, find_from};
use crate::profile::rules::show::fill;
use crate::python::search::{contains, first_of, join, last_of, places};
use crate::python::text::{is_word, split_lines, strip, text_from, text_to};

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

/// The languages and what counts as each, letter case included, between spaces. A word that counts as
/// two languages is the later one.
const ALIASES: &str = "\
python: python Python py Python3 python3 PY |
cpp: cpp c++ C++ Cpp CPP |
nodejs: javascript Javascript JavaScript JS js |
go: go Go |
java: java Java |
php: php PHP |
csharp: csharp c# C# |
bash: bash Bash BASH sh shell |
typescript: typescript |
rust: rust Rust rs |
sql: sql SQL Sql |
D: D d |
julia: julia Julia jl |
lua: lua Lua |
perl: perl Perl PERL |
R: R r |
ruby: ruby Ruby |
scala: scala Scala |
kotlin: kotlin Kotlin |
c: c C |
html: html Html HTML |
javascript: javascript Javascript JavaScript |
verilog: verilog Verilog VERILOG |
racket: racket |
swift: swift |
";

/// The languages as which `tag` counts.
#[inline(never)]
pub(super) fn languages_of(tag: &str) -> Vec<&'static str> {
    let mut languages = Vec::new();
    if !contains(tag, " ") {
        for at in places(ALIASES, &fill(" {} ", &[tag])) {
            languages.push(first_of(last_of(text_to(ALIASES, at), "\n"), ":"));
        }
    }
    languages
}

/// The language as which a tag counts last, empty where there is none.
fn language_of(tag: &str) -> &'static str {
    languages_of(strip(tag)).pop().unwrap_or_default()
}

const fn block<'a>(priority: u8, language: &'static str, code: &'a str) -> CodeBlock<'a> {
    CodeBlock {
        priority,
        language,
        code: Cow::Borrowed(code),
    }
}

/// Closed blocks: any line that ends an opener, and the next fence on a line of its own, which may
/// be indented.
#[must_use]
pub fn extract_fenced(text: &str) -> Vec<CodeBlock<'_>> {
    let mut blocks = Vec::new();
    // Most blocks have the tag of the one before.
    let mut known = ("", "");
    for found in find_all(text, "```([^\n]*)\n(.*?)\n\\s*```") {
        if found.head != known.0 {
            known = (found.head, language_of(found.head));
        }
        blocks.push(block(30, known.1, found.body));
    }
    blocks
}

/// All that stands behind the first opener, as one block.
#[must_use]
pub fn extract_incomplete(text: &str) -> Vec<CodeBlock<'_>> {
    let mut blocks = Vec::new();
    if let Some(found) = find(text, "```([^\n]*)\n") {
        let code = text_from(text, found.end);
        blocks.push(block(20, language_of(found.head), code));
    }
    blocks
}

/// Takes the first line of untagged blocks for their tag, where it names `language`.
pub(super) fn read_inner_tags(blocks: &mut [CodeBlock<'_>], language: &str) {
    for block in blocks.iter_mut().filter(|block| block.language.is_empty()) {
        let lines = split_lines(&block.code);
        let Some((first, rest)) = lines.split_first() else {
            continue;
        };
        let mut known = languages_of(strip(first)).into_iter();
        if let Some(language) = known.find(|known| *known == language) {
            block.code = Cow::Owned(join(rest, "\n"));
            block.language = language;
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
    let mut from = 0;
    loop {
        let pattern = r"public\s+(?:abstract\s+|final\s+)?class\s+(\w+)";
        let found = find_from(code, pattern, from)?;
        if !text_to(code, found.start).ends_with(is_word) {
            return Some(found.head);
        }
        from = found.start + 1;
    }
}
