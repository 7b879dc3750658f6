//! `SandboxFusion`'s own extractors, which its data sets use
//! (`sandbox/utils/extraction.py`, commit 469de0845cb7).
//!
//! All three look for fenced blocks, then for one that is not closed, then for what looks like
//! code. They differ in what happens to a block: nothing (`default`), joining and cutting (`v1`),
//! and rewriting by language (`v2`).

mod blocks;
mod heuristic;
mod rewrite;

use std::borrow::Cow;

pub use blocks::{CodeBlock, extract_fenced, extract_incomplete, find_public_class};
pub use heuristic::extract_heuristic;
pub use rewrite::remove_entry_points;

use super::{ExtractOptions, Extracted, Profile, Program};
use crate::python::search::join;

const SOURCE: &str = "bytedance/SandboxFusion sandbox/utils/extraction.py";
const VERSION: &str = "469de0845cb7";

/// The profiles of `SandboxFusion`.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "sandbox-fusion/default",
        source: SOURCE,
        version: VERSION,
        description: "first block of the language, else first block; unclosed and bare code as a last resort",
        extract: Some(extract_default),
        observe: None,
    },
    Profile {
        name: "sandbox-fusion/v1",
        source: SOURCE,
        version: VERSION,
        description: "all blocks joined, cut before the main part",
        extract: Some(extract_v1),
        observe: None,
    },
    Profile {
        name: "sandbox-fusion/v2",
        source: SOURCE,
        version: VERSION,
        description: "all blocks joined, rewritten by language",
        extract: Some(extract_v2),
        observe: None,
    },
];

/// The first kind of block that the text has, with the original's word for it.
fn extract_blocks<'a>(
    text: &'a str,
    language: &str,
    fenced: Vec<CodeBlock<'a>>,
) -> (Vec<CodeBlock<'a>>, &'static str) {
    if !fenced.is_empty() {
        return (fenced, "fenced");
    }
    let incomplete = extract_incomplete(text);
    if !incomplete.is_empty() {
        return (incomplete, "incomplete_fenced");
    }
    let heuristic = extract_heuristic(text, language);
    if !heuristic.is_empty() {
        return (heuristic, "heuristic");
    }
    (heuristic, "empty")
}

/// `default_extract_helper`.
fn extract_default(text: &str, options: &ExtractOptions) -> Extracted {
    let language = options.language_or("");
    let (blocks, kind) = extract_blocks(text, language, extract_fenced(text));
    let own = blocks.iter().find(|block| block.language == language);
    let Some(block) = own.or_else(|| blocks.first()) else {
        return Extracted::nothing().of_kind(kind);
    };
    let language = Some(block.language).filter(|language| !language.is_empty());
    Extracted::programs(vec![Program::new(text, &block.code, language)]).of_kind(kind)
}

/// `extract_code_from_freeform_completion`.
fn extract_v1(text: &str, options: &ExtractOptions) -> Extracted {
    let language = options.language_or("");
    let is_kept = |languages: &[&str]| languages.iter().all(|known| *known == language);
    let (mut code, kind) = join_blocks(text, extract_fenced(text), options, &is_kept);
    rewrite::rewrite_v1(&mut code, language, options);
    finish(text, &code, language, kind)
}

/// `extract_code_from_freeform_completion_v2`.
fn extract_v2(text: &str, options: &ExtractOptions) -> Extracted {
    let language = options.language_or("");
    let mut completion = Cow::Borrowed(text);
    rewrite::replace(&mut completion, "```\n```", "```");
    let mut blocks = extract_fenced(&completion);
    blocks::read_inner_tags(&mut blocks, language);
    let is_kept = |languages: &[&str]| languages.contains(&language);
    let (mut code, kind) = join_blocks(&completion, blocks, options, &is_kept);
    if !options.is_unit_test {
        rewrite::rewrite_v2(&mut code, text, language, options);
    }
    rewrite::cut_example(&mut code);
    finish(text, &code, language, kind)
}

/// The code of the block that is asked for, or of all of them, without carriage returns; and the kind
/// of the blocks. `is_kept` is given what the tag of a block counts as.
fn join_blocks<'a>(
    text: &'a str,
    mut fenced: Vec<CodeBlock<'a>>,
    options: &ExtractOptions,
    is_kept: &dyn Fn(&[&str]) -> bool,
) -> (Cow<'a, str>, &'static str) {
    let language = options.language_or("");
    if options.is_fewshot_task {
        blocks::keep_first_example(&mut fenced, language);
    }
    if options.exactly_match && !language.is_empty() {
        fenced.retain(|block| is_kept(&blocks::languages_of(block.language)));
    }
    let (mut blocks, kind) = extract_blocks(text, language, fenced);
    let first = options.first_block_only.then_some(0);
    let mut code = match (options.code_block_index.or(first), blocks.len()) {
        (None, 2..) => {
            let codes: Vec<&str> = blocks.iter().map(|block| block.code.as_ref()).collect();
            Cow::Owned(join(&codes, "\n\n"))
        }
        (index, count) => {
            let index = index.unwrap_or_default();
            let from_end = if index < 0 { count } else { 0 };
            let index = from_end.checked_add_signed(index);
            match index.filter(|index| *index < count) {
                Some(index) => blocks.swap_remove(index).code,
                None => Cow::Borrowed(""),
            }
        }
    };
    rewrite::replace(&mut code, "\r", "");
    (code, kind)
}

fn finish(text: &str, code: &str, language: &str, kind: &'static str) -> Extracted {
    let language = Some(language).filter(|language| !language.is_empty());
    let mut programs = vec![Program::new(text, code, language)];
    programs.retain(|program| !program.code.is_empty());
    Extracted::programs(programs).of_kind(kind)
}
