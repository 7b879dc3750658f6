//! `SandboxFusion`'s own extractors, which its data sets use
//! (`sandbox/utils/extraction.py`, commit 469de0845cb7).
//!
//! All three look for fenced blocks, then for one that is not closed, then for what looks like
//! code. They differ in what happens to a block: nothing (`default`), joining and cutting (`v1`),
//! and rewriting by language (`v2`).

mod blocks;
mod heuristic;
mod rewrite;

use crate::catalogue::prose;
use std::borrow::Cow;

pub use blocks::{CodeBlock, extract_fenced, extract_incomplete, find_public_class};
pub use heuristic::extract_heuristic;
pub(super) use rewrite::PYTHON_MAIN;
pub use rewrite::remove_entry_points;

use super::{ExtractOptions, Extracted, Profile};

const SOURCE: &str = "bytedance/SandboxFusion sandbox/utils/extraction.py";
const VERSION: &str = "469de0845cb7";

/// The profiles of `SandboxFusion`.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "sandbox-fusion/default",
        source: prose(SOURCE),
        version: prose(VERSION),
        description: prose(
            "first block of the language, else first block; unclosed and bare code as a last resort",
        ),
        extract: Some(extract_default),
        observe: None,
    },
    Profile {
        name: "sandbox-fusion/v1",
        source: prose(SOURCE),
        version: prose(VERSION),
        description: prose("all blocks joined, cut before the main part"),
        extract: Some(extract_v1),
        observe: None,
    },
    Profile {
        name: "sandbox-fusion/v2",
        source: prose(SOURCE),
        version: prose(VERSION),
        description: prose("all blocks joined, rewritten by language"),
        extract: Some(extract_v2),
        observe: None,
    },
];

/// Looks for blocks of the next kinds where there are none of one, and says the original's word for
/// what is there.
fn find_blocks<'a>(
    extracted: &mut Extracted,
    blocks: &mut Vec<CodeBlock<'a>>,
    text: &'a str,
    language: &str,
) {
    let mut kind = "fenced";
    if blocks.is_empty() {
        kind = "incomplete_fenced";
        *blocks = extract_incomplete(text);
    }
    if blocks.is_empty() {
        kind = "heuristic";
        *blocks = extract_heuristic(text, language);
    }
    if blocks.is_empty() {
        kind = "empty";
    }
    extracted.kind = Some(kind);
}

/// `default_extract_helper`.
fn extract_default(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let language = options.language_or("");
    let mut blocks = extract_fenced(text);
    find_blocks(extracted, &mut blocks, text, language);
    let own = blocks.iter().find(|block| block.language == language);
    if let Some(block) = own.or_else(|| blocks.first()) {
        push(extracted, text, &block.code, block.language);
    }
}

/// `extract_code_from_freeform_completion`.
fn extract_v1(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let language = options.language_or("");
    let is_kept = |languages: &[&str]| languages.iter().all(|known| *known == language);
    let mut code = join_blocks(extracted, text, extract_fenced(text), options, &is_kept);
    rewrite::rewrite_v1(&mut code, language, options);
    finish(extracted, text, &code, language);
}

/// `extract_code_from_freeform_completion_v2`.
fn extract_v2(extracted: &mut Extracted, text: &str, options: &ExtractOptions) {
    let language = options.language_or("");
    let mut completion = Cow::Borrowed(text);
    rewrite::replace(&mut completion, "```\n```", "```");
    let mut blocks = extract_fenced(&completion);
    blocks::read_inner_tags(&mut blocks, language);
    let is_kept = |languages: &[&str]| languages.contains(&language);
    let mut code = join_blocks(extracted, &completion, blocks, options, &is_kept);
    if !options.is_unit_test {
        rewrite::rewrite_v2(&mut code, text, language, options);
    }
    rewrite::cut_example(&mut code);
    finish(extracted, text, &code, language);
}

/// The code of the block that is asked for, or of all of them, without carriage returns. `is_kept` is
/// given what the tag of a block counts as.
fn join_blocks<'a>(
    extracted: &mut Extracted,
    text: &'a str,
    mut blocks: Vec<CodeBlock<'a>>,
    options: &ExtractOptions,
    is_kept: &dyn Fn(&[&str]) -> bool,
) -> Cow<'a, str> {
    let language = options.language_or("");
    if options.is_fewshot_task {
        blocks::keep_first_example(&mut blocks, language);
    }
    if options.exactly_match && !language.is_empty() {
        blocks.retain(|block| is_kept(&blocks::languages_of(block.language)));
    }
    find_blocks(extracted, &mut blocks, text, language);
    let first = options.first_block_only.then_some(0);
    let index = options.code_block_index.or(first);
    let mut code = if index.is_none() && blocks.len() > 1 {
        let (mut joined, mut between) = (String::new(), "");
        for block in &blocks {
            joined += between;
            joined += &block.code;
            between = "\n\n";
        }
        Cow::Owned(joined)
    } else {
        // A negative one counts from the end.
        let index = index.unwrap_or_default();
        let from = if index < 0 { blocks.len() } else { 0 };
        let block = blocks.get_mut(from.wrapping_add_signed(index));
        block.map_or(Cow::Borrowed(""), |block| std::mem::take(&mut block.code))
    };
    rewrite::replace(&mut code, "\r", "");
    code
}

fn finish(extracted: &mut Extracted, text: &str, code: &str, language: &str) {
    if !code.is_empty() {
        push(extracted, text, code, language);
    }
}

/// Adds a program whose language is empty where it is not known.
fn push(extracted: &mut Extracted, text: &str, code: &str, language: &str) {
    let language = Some(language).filter(|language| !language.is_empty());
    extracted.push(text, code, language);
}
