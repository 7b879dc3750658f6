//! Tags: the words that name the language of code after a fence.

use fencerun_bytes::search::first_word;

use crate::language::{Language, has_word};

/// Tags that name no language that a sandbox runs.
const OTHERS: &str = "\
    asm awk c clojure cmake cmd conf console css csv dart diff dockerfile elixir erlang \
    fortran graphql groovy h haskell html ini json json5 jsonl jsx latex less make makefile \
    markdown matlab md mermaid ocaml output plaintext powershell pycon r scss svg tex text \
    toml tsx txt xml yaml yml";

/// Whether `word` is a tag that a repair may rely on.
#[must_use]
pub fn is_known(word: &str) -> bool {
    Language::from_name(word).is_some() || has_word(OTHERS, word)
}

/// Whether all of `info` is one known tag, in braces or not.
#[must_use]
pub fn is_lone_tag(info: &[u8]) -> bool {
    let Ok(info) = std::str::from_utf8(info) else {
        return false;
    };
    let word = info
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'))
        .map_or(info, |inner| inner.trim_start_matches('.'));
    is_known(word)
}

/// Whether the code after the info string `info` is Python.
pub fn is_python(info: &[u8]) -> bool {
    let Ok(info) = std::str::from_utf8(info) else {
        return false;
    };
    let word = super::brace_tag::read_tag(info).or_else(|| first_word(info));
    let language = word.and_then(Language::from_name).map(Language::name);
    matches!(language, Some("python" | "pytest" | "python_gpu"))
}
