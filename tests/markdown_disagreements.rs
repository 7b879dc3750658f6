//! Where other parsers read a code block differently, and the sentence of the specification that
//! decides. The differential tests found each of these.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use fencerun::markdown::{Options, extract};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

fn codes(text: &str) -> Vec<String> {
    let blocks = extract(text, &Options::default());
    blocks.into_iter().map(|block| block.code).collect()
}

/// The code blocks that `pulldown-cmark` finds, to see when it comes to agree.
fn codes_of_pulldown_cmark(text: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let mut open = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                open = true;
                codes.push(String::new());
            }
            Event::End(TagEnd::CodeBlock) => open = false,
            Event::Text(piece) if open => codes.last_mut().unwrap().push_str(&piece),
            _ => {}
        }
    }
    codes
}

fn assert_codes(text: &str, expected: &[&str]) {
    assert_eq!(codes(text), expected, "{text:?}");
    assert_ne!(
        codes_of_pulldown_cmark(text),
        expected,
        "pulldown-cmark agrees now: {text:?}"
    );
}

/// Section 4.5: "the closing code fence \[…\] may be followed only by spaces or tabs".
#[test]
fn a_closing_fence_may_be_followed_by_a_tab() {
    assert_codes("```\na\n```\t\nb\n", &["a\n"]);
}

/// Section 4.6, end condition 1: "line contains an end tag \[…\] (it need not match the start tag)".
#[test]
fn a_literal_html_block_ends_with_any_of_its_closing_tags() {
    assert_codes("<script>\n</pre>\n```\na\n```\n", &["a\n"]);
}

/// Section 5.1: a block quote marker is "preceded by up to three spaces of indentation", and a tab
/// is four.
#[test]
fn a_tab_before_a_block_quote_marker_is_too_much_indentation() {
    assert_codes("> ```\n> a\n\t> b\n", &["a\n"]);
}

/// Section 2.1: a carriage return on its own is a line ending.
#[test]
fn a_lone_carriage_return_ends_a_line() {
    assert_codes("```\ra\r```\r", &["a\n"]);
}

/// Section 4.5: "if the end of the containing block is reached, \[…\] the code block contains all
/// of the lines after the opening code fence", a last one of white space too.
#[test]
fn white_space_at_the_end_of_the_text_is_code_in_an_unclosed_block() {
    assert_codes("```\na\n ", &["a\n "]);
}

/// Section 4.3: "the setext heading underline cannot be a lazy continuation line", so the first one
/// here is the destination of a link reference definition, or a line of its title. The second one
/// then has no text to underline, and the paragraph goes on, which `<a>` cannot interrupt.
#[test]
fn no_lazy_line_underlines_a_link_reference_definition() {
    let rest = "> ===\n> <a>\n> ```\n> a\n> ```\n";
    assert_codes(&format!("> [a]:\n==\n{rest}"), &["a\n"]);
    assert_codes(&format!("> [a]: u '\n==\n> '\n{rest}"), &["a\n"]);
}

/// Section 5.2: of the lines of a list item its indentation is removed, and no more. The reference
/// implementation in C agrees, the one in JavaScript takes all white space of a blank line.
#[test]
fn a_blank_line_of_code_in_a_list_item_keeps_its_white_space() {
    assert_eq!(codes("- ```\n  a\n      \n  b\n  ```\n"), ["a\n    \nb\n"]);
}
