//! HTML blocks, [section 4.6](https://spec.commonmark.org/0.31.2/#html-blocks).
//!
//! Their lines hide fences and everything else, up to the end condition of their kind.

use fencerun_bytes::search::{find, has_name};

use fencerun_bytes::line::{is_blank, is_space, trim_start};
use fencerun_bytes::work::count_work;

/// The kind of an HTML block, after its start condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 1: `<script`, `<pre`, `<style` or `<textarea`, up to a line with one of their closing tags.
    Literal,
    /// 2: a comment.
    Comment,
    /// 3: a processing instruction.
    Instruction,
    /// 4: a declaration.
    Declaration,
    /// 5: a CDATA section.
    Data,
    /// 6: the tag of a block element, up to a blank line.
    Element,
    /// 7: any other complete tag that has its line to itself, up to a blank line.
    Tag,
}

/// The element names of start condition 1.
const LITERAL: &[u8] = b"script pre style textarea";

/// The element names of start condition 6. Each line of HTML is looked up here, so they stand with their lengths.
const ELEMENTS: [&str; 62] = [
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// Reads the start condition of an HTML block.
///
/// ```text
/// <div class="a">
/// ^
/// ```
///
/// Inside a paragraph, a lone tag (kind 7) starts none.
pub fn scan_opening(rest: &[u8], in_paragraph: bool) -> Option<Kind> {
    let after = rest.strip_prefix(b"<")?;
    count_work(rest.len());
    match after.first()? {
        b'?' => return Some(Kind::Instruction),
        b'!' if after.starts_with(b"!--") => return Some(Kind::Comment),
        b'!' if after.starts_with(b"![CDATA[") => return Some(Kind::Data),
        b'!' => {
            let letter = after.get(1).is_some_and(u8::is_ascii_alphabetic);
            return letter.then_some(Kind::Declaration);
        }
        _ => {}
    }
    let (closing, after) = match after.strip_prefix(b"/") {
        Some(after) => (true, after),
        None => (false, after),
    };
    let length = scan_tag_name(after)?;
    let (name, after) = after.split_at_checked(length)?;
    let literal = has_name(LITERAL, name);
    let separated = after
        .first()
        .is_none_or(|&byte| is_space(byte) || byte == b'>');
    if literal && !closing && separated {
        Some(Kind::Literal)
    } else if (separated || after.starts_with(b"/>")) && is_element(name) {
        Some(Kind::Element)
    } else if !in_paragraph && (closing || !literal) && is_lone_tag(after, closing) {
        Some(Kind::Tag)
    } else {
        None
    }
}

fn is_element(name: &[u8]) -> bool {
    let is =
        |known: &&str| known.len() == name.len() && known.as_bytes().eq_ignore_ascii_case(name);
    ELEMENTS.iter().any(is)
}

/// The length of the [tag name](https://spec.commonmark.org/0.31.2/#tag-name) at the front of
/// `rest`.
fn scan_tag_name(rest: &[u8]) -> Option<usize> {
    rest.first().filter(|byte| byte.is_ascii_alphabetic())?;
    let is_name = |&&byte: &&u8| byte.is_ascii_alphanumeric() || byte == b'-';
    Some(rest.iter().take_while(is_name).count())
}

/// Whether `rest`, what follows a tag's name, ends the tag and has only white space after it
/// ([section 6.6](https://spec.commonmark.org/0.31.2/#open-tag)).
///
/// ```text
/// <a href="b" checked>
///   ^
/// ```
fn is_lone_tag(rest: &[u8], closing: bool) -> bool {
    let mut rest = rest;
    loop {
        let trimmed = trim_start(rest);
        if let Some(after) = trimmed.strip_prefix(b">") {
            return is_blank(after);
        }
        if closing {
            return false;
        }
        if let Some(after) = trimmed.strip_prefix(b"/>") {
            return is_blank(after);
        }
        match scan_attribute(trimmed) {
            Some(length) if trimmed.len() < rest.len() => {
                rest = trimmed.get(length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
}

/// The length of the [attribute](https://spec.commonmark.org/0.31.2/#attribute) at the front of
/// `rest`.
fn scan_attribute(rest: &[u8]) -> Option<usize> {
    let is_first = |byte: &&u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':');
    let is_name =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-');
    rest.first().filter(is_first)?;
    let name = rest.iter().take_while(is_name).count();
    let after = rest.get(name..)?;
    let Some(value) = trim_start(after).strip_prefix(b"=") else {
        return Some(name);
    };
    let value = trim_start(value);
    let start = rest.len() - value.len();
    let length = if let quote @ (b'"' | b'\'') = value.first()? {
        2 + value.iter().skip(1).position(|byte| byte == quote)?
    } else {
        let ends =
            |byte: &u8| *byte <= b' ' || matches!(byte, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`');
        value.iter().position(ends).unwrap_or(value.len())
    };
    (length > 0).then_some(start + length)
}

impl Kind {
    /// Whether a blank line ends the block.
    #[must_use]
    pub const fn ends_at_blank_line(self) -> bool {
        matches!(self, Self::Element | Self::Tag)
    }

    /// Whether `line`, a line of the block, is its last one. Its first line may be.
    #[must_use]
    pub fn ends_in(self, line: &[u8]) -> bool {
        count_work(line.len());
        if matches!(self, Self::Element | Self::Tag) {
            return false;
        }
        let mut rest = line;
        while let Some((before, after)) = cut_at_end(rest) {
            let ends = match self {
                Self::Literal => {
                    let open = before.iter().rposition(|&byte| byte == b'<');
                    let tag = open.and_then(|open| before.get(open..)?.strip_prefix(b"</"));
                    tag.is_some_and(|name| has_name(LITERAL, name))
                }
                Self::Comment => before.ends_with(b"--"),
                Self::Instruction => before.ends_with(b"?"),
                Self::Data => before.ends_with(b"]]"),
                Self::Declaration | Self::Element | Self::Tag => true,
            };
            if ends {
                return true;
            }
            rest = after;
        }
        false
    }
}

/// What is in front of the first `>` of `rest` and what is behind it.
fn cut_at_end(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, after) = rest.split_at_checked(find(b'>', rest)?)?;
    Some((before, after.strip_prefix(b">")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_start_condition_is_told_apart() {
        for (line, expected) in [
            ("<PRE>", Some(Kind::Literal)),
            ("<style", Some(Kind::Literal)),
            ("<scripts>x", None),
            ("<!-- a", Some(Kind::Comment)),
            ("<?php", Some(Kind::Instruction)),
            ("<!doctype html>", Some(Kind::Declaration)),
            ("<![CDATA[ a", Some(Kind::Data)),
            ("<!- a", None),
            ("</div", Some(Kind::Element)),
            ("<hr/>", Some(Kind::Element)),
            ("<hr/ >", None),
            ("<a href='b' c=d e = \"f\"/>  ", Some(Kind::Tag)),
            ("</a >", Some(Kind::Tag)),
            ("</pre>", Some(Kind::Tag)),
            ("<pre/>", None),
            ("<a b='c'd>", None),
            ("<a> text", None),
            ("<a =b>", None),
            ("<a b=>", None),
            ("</a b>", None),
            ("< a>", None),
        ] {
            assert_eq!(scan_opening(line.as_bytes(), false), expected, "{line:?}");
        }
    }

    #[test]
    fn a_lone_tag_does_not_interrupt_a_paragraph() {
        assert_eq!(scan_opening(b"<a>", true), None);
        assert_eq!(scan_opening(b"<div>", true), Some(Kind::Element));
    }

    #[test]
    fn each_end_condition_is_found_anywhere_in_the_line() {
        assert!(Kind::Literal.ends_in(b"a <b </STYLE> c"));
        assert!(!Kind::Literal.ends_in(b"</style"));
        assert!(Kind::Comment.ends_in(b"<!-->"));
        assert!(Kind::Instruction.ends_in(b"?>"));
        assert!(Kind::Declaration.ends_in(b"<!A>"));
        assert!(Kind::Data.ends_in(b"]]>"));
        assert!(!Kind::Element.ends_in(b"</div>"));
    }
}
