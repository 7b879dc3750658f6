//! `SandboxFusion`'s own extractors, which its data sets use
//! (`sandbox/utils/extraction.py`, commit 469de0845cb7).
//!
//! All three look for fenced blocks, then for one that is not closed, then for what looks like
//! code. They differ in what happens to a block: nothing (`default`), joining and cutting (`v1`),
//! and rewriting by language (`v2`).

mod blocks;
mod heuristic;
mod rewrite;

use crate::python::search::{contains, join, replace};
use std::borrow::Cow;

pub use blocks::{CodeBlock, extract_fenced, extract_incomplete, find_public_class};
pub use heuristic::extract_heuristic;
pub use rewrite::remove_entry_points;

use super::{ExtractOptions, Extracted, Profile, Program};

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
    let mut blocks = extract_fenced(text);
    if options.is_fewshot_task {
        blocks::keep_first_example(&mut blocks, language);
    }
    if options.exactly_match && !language.is_empty() {
        blocks.retain(|block| !blocks::is_alias_of_another(language, block.language));
    }
    let (blocks, kind) = extract_blocks(text, language, blocks);
    let code = choose(&blocks, options);
    let code = rewrite::rewrite_v1(code, language, options);
    finish(text, &code, language, kind)
}

/// `extract_code_from_freeform_completion_v2`.
fn extract_v2(text: &str, options: &ExtractOptions) -> Extracted {
    let language = options.language_or("");
    let doubled = "```\n```";
    let completion = if contains(text, doubled) {
        Cow::Owned(replace(text, doubled, "```"))
    } else {
        Cow::Borrowed(text)
    };
    let mut blocks = extract_fenced(&completion);
    blocks::read_inner_tags(&mut blocks, language);
    if options.is_fewshot_task {
        blocks::keep_first_example(&mut blocks, language);
    }
    if options.exactly_match && !language.is_empty() {
        blocks.retain(|block| blocks::is_alias(language, block.language));
    }
    let (blocks, kind) = extract_blocks(&completion, language, blocks);
    let mut code = choose(&blocks, options);
    if !options.is_unit_test {
        code = rewrite::rewrite_v2(code, text, language, options);
    }
    let code = rewrite::cut_example(code);
    finish(text, &code, language, kind)
}

/// The block that is asked for, or all of them; without carriage returns.
fn choose<'a>(blocks: &[CodeBlock<'a>], options: &ExtractOptions) -> Cow<'a, str> {
    let index = match options.code_block_index {
        None if options.first_block_only => Some(0),
        None => {
            if let [only] = blocks {
                return without_returns(only.code.clone());
            }
            let codes: Vec<&str> = blocks.iter().map(|block| block.code.as_ref()).collect();
            return without_returns(Cow::Owned(join(&codes, "\n\n")));
        }
        Some(index) if index < 0 => blocks.len().checked_sub(index.unsigned_abs()),
        Some(index) => Some(index.unsigned_abs()),
    };
    let block = index.and_then(|index| blocks.get(index));
    without_returns(block.map_or(Cow::Borrowed(""), |block| block.code.clone()))
}

fn without_returns(code: Cow<'_, str>) -> Cow<'_, str> {
    if contains(&code, "\r") {
        return Cow::Owned(replace(&code, "\r", ""));
    }
    code
}

fn finish(text: &str, code: &str, language: &str, kind: &str) -> Extracted {
    let language = Some(language).filter(|language| !language.is_empty());
    let program = Program::new(text, code, language);
    let programs = if code.is_empty() {
        vec![]
    } else {
        vec![program]
    };
    Extracted::programs(programs).of_kind(kind)
}
