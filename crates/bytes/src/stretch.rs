//! Searches through whole stretches of a text: how far it holds nothing that could matter.
//!
//! They know the bytes that fences, HTML blocks and blank lines begin with, and nothing of blocks.

use memchr::{memchr_iter, memchr3, memchr3_iter, memrchr, memrchr_iter};

use crate::line::{count_run, is_space};
use crate::search::find_line_end;
use crate::work::count_work;

/// The start of the first line from `place` on, the start of a line, that may do anything but go
/// on with a paragraph outside of containers: all lines that begin with a letter, or with a
/// character beyond ASCII, do just that. In `text` is no code fence.
#[inline(never)]
#[must_use]
pub fn skip_paragraph(text: &[u8], place: usize) -> usize {
    let mut place = place;
    while let Some(rest @ [first, ..]) = text.get(place..)
        && (first.is_ascii_alphabetic() || !first.is_ascii())
        && let Some(end) = find_line_end(rest)
        && rest.get(end) == Some(&b'\n')
    {
        place += end + 1;
        count_work(end + 1);
    }
    place
}

/// Whether a run of three `marker`s starts at `place`.
fn is_run(text: &[u8], place: usize, marker: u8) -> bool {
    text.get(place..place + 3) == Some(&[marker; 3])
}

/// The whole lines at the front of `text` that have no run of three `marker`s, no carriage return
/// and no NUL: code as it stands.
#[inline(never)]
#[must_use]
pub fn find_code(text: &[u8], marker: u8) -> &[u8] {
    let mut places = memchr3_iter(marker, b'\r', b'\0', text);
    let end = places.find(|&place| text.get(place) != Some(&marker) || is_run(text, place, marker));
    let plain = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    count_work(plain.len());
    let length = memrchr(b'\n', plain).map_or(0, |last| last + 1);
    plain.get(..length).unwrap_or_default()
}

/// How far a text goes without a code fence.
#[derive(Debug, Clone, Copy)]
pub struct Prose {
    /// The bytes before the first run of three backticks or tildes.
    pub length: usize,
    /// The bytes of these before an HTML block may start that goes on over blank lines.
    pub before_html: usize,
    /// Where the last line starts its text that may open an HTML block which a blank line ends.
    tag: Option<usize>,
}

/// Measures the text before the first code fence.
#[inline(never)]
#[must_use]
pub fn find_prose(text: &[u8]) -> Prose {
    let (mut html, mut tag) = (None, None);
    let run = memchr3_iter(b'`', b'~', b'<', text).find(|&place| match text.get(place) {
        Some(b'<') => {
            if html.is_none() && may_open_html(text.get(place + 1..).unwrap_or_default()) {
                html = Some(place);
            }
            if starts_line(text.get(..place).unwrap_or_default()) {
                tag = Some(place);
            }
            false
        }
        Some(&marker) => is_run(text, place, marker),
        None => false,
    });
    let length = run.unwrap_or(text.len());
    count_work(length);
    Prose {
        length,
        before_html: html.unwrap_or(length),
        tag,
    }
}

/// Whether nothing but white space, or a byte order mark, stands in the line at the end of
/// `before`.
fn starts_line(before: &[u8]) -> bool {
    let first = before.iter().rposition(|&byte| !is_space(byte));
    count_work(before.len() - first.unwrap_or(0));
    first.is_none_or(|first| matches!(before.get(first), Some(b'\n' | b'\r' | 0xBF)))
}

/// Whether the run after `prose` is an opening code fence outside of containers, whatever the prose
/// has opened.
///
/// ```text
/// - item
/// ```python
/// ^ no paragraph goes on in a fence, and what is not indented and no `>` continues no container
/// ```
///
/// Only an HTML block outside of containers could hide it.
#[inline(never)]
#[must_use]
pub fn is_plain_fence(text: &[u8], prose: Prose) -> bool {
    let Some((before, run @ [marker, ..])) = text.split_at_checked(prose.length) else {
        return false;
    };
    let in_html = prose.before_html < prose.length
        || prose.tag.is_some_and(|tag| {
            let mut ends = memchr_iter(b'\n', before.get(tag..).unwrap_or_default());
            ends.all(|end| before.get(tag + end + 1) != Some(&b'\n'))
        });
    if in_html || !matches!(before.last(), Some(b'\n' | b'\r')) {
        return false;
    }
    let info = run.get(count_run(run, *marker)..).unwrap_or_default();
    let end = memchr3(b'`', b'\n', b'\r', info).and_then(|end| info.get(end));
    end.is_some_and(|&end| end != b'`' || *marker == b'~')
}

/// Whether `rest`, what follows a `<`, may open an HTML block that goes on over blank lines.
fn may_open_html(rest: &[u8]) -> bool {
    match rest {
        [b'!' | b'?', ..] => true,
        [first, second, ..] => matches!(
            (first.to_ascii_lowercase(), second.to_ascii_lowercase()),
            (b's', b'c' | b't') | (b'p', b'r') | (b't', b'e')
        ),
        _ => false,
    }
}

/// The start of the last line in `text` at which every block is closed that was open before,
/// whatever it was: a line after a blank one that continues no container.
///
/// ```text
/// - item
///
/// No item any more.
/// ^
/// ```
///
/// In `text` are no code fence and no HTML block that goes on over blank lines.
#[inline(never)]
#[must_use]
pub fn find_reset(text: &[u8]) -> Option<usize> {
    let mut ends = memrchr_iter(b'\n', text);
    let reset = ends.find(|&end| {
        let line = text.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_blank = matches!(line.last(), Some(b'\n' | b'\r'));
        let first = text.get(end + 1);
        is_blank && first.is_some_and(|byte| !matches!(byte, b' ' | b'\t' | b'>' | b'\n' | b'\r'))
    })?;
    count_work(text.len() - reset);
    Some(reset + 1)
}
