//! Long text in, its two ends out. All lengths are code points, as Python counts them.

use super::show::{fill, show_whole};
use crate::python::text::{count, slice};

/// `text[:limit // 2] + "..." + text[-(limit // 2):]` for a text longer than `limit`. A limit of 0
/// or 1 leaves the whole text behind the dots, as in the originals.
#[must_use]
pub fn keep_ends(text: &str, limit: isize) -> String {
    let half = limit.div_euclid(2);
    join_ends(text, limit, half, "...", half.wrapping_neg())
}

/// The same with a sentence in the middle, and a tail of `-limit // 2`: with an odd limit it is a
/// character longer than the head.
#[must_use]
pub fn keep_ends_and_say_so(text: &str, limit: isize) -> String {
    let notice = fill(
        "\n..._This content has been truncated to stay below {} characters_...\n",
        &[&show_whole(limit as i64)],
    );
    let tail = limit.wrapping_neg().div_euclid(2);
    join_ends(text, limit, limit.div_euclid(2), &notice, tail)
}

/// The first `head` and the last `-tail` characters of a text longer than `limit`.
#[must_use]
pub fn join_ends(text: &str, limit: isize, head: isize, between: &str, tail: isize) -> String {
    if isize::try_from(count(text)).is_ok_and(|count| count <= limit) {
        return text.to_owned();
    }
    let (head, tail) = (slice(text, None, Some(head)), slice(text, Some(tail), None));
    [head, between, tail].concat()
}
