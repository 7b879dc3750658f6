//! Two observations in, whether they are the same out.

use crate::python::search::find;
use std::borrow::Cow;

/// Where the embedded sandbox keeps the program, without the ending.
const PROGRAM: &str = "/sandbox/main";
/// How the names that Python's `tempfile` makes begin; eight random characters follow.
const RANDOM_FOLDER: &str = "/tmp/tmp";
const RANDOM_FILE: &str = "/tmp";
const RANDOM_CHARS: usize = 8;

/// Whether a new observation is the recorded one. Two things do not count:
///
/// - line ends at the end: a log keeps what the chat template left of them,
/// - the random path of the program in a traceback, `/tmp/tmpXXXXXXXX/tmpXXXXXXXX.py`:
///   `SandboxFusion` makes a new one for every run (`sandbox/runners/`, commit 469de0845cb7). It
///   counts as the path that the embedded sandbox uses.
///
/// # Complexity
///
/// Linear in the length of both.
///
/// # Examples
///
/// ```
/// use fencerun::rollout::is_identical;
/// assert!(is_identical("18", "18\n"));
/// assert!(!is_identical("18", "18.0\n"));
/// assert!(!is_identical(" 18", "18"));
/// ```
#[must_use]
pub fn is_identical(recorded: &str, observed: &str) -> bool {
    let strip = |text: &'_ str| text.trim_end_matches(['\r', '\n']).len();
    let recorded = recorded.get(..strip(recorded)).unwrap_or_default();
    let observed = observed.get(..strip(observed)).unwrap_or_default();
    recorded == observed || replace_random_paths(recorded) == replace_random_paths(observed)
}

fn replace_random_paths(text: &str) -> Cow<'_, str> {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(start) = find(rest, RANDOM_FOLDER) {
        let (before, found) = rest.split_at(start);
        let after = skip_random_path(found);
        replaced.push_str(before);
        replaced.push_str(if after.is_some() {
            PROGRAM
        } else {
            RANDOM_FOLDER
        });
        rest = after
            .or_else(|| found.get(RANDOM_FOLDER.len()..))
            .unwrap_or_default();
    }
    if replaced.is_empty() {
        return Cow::Borrowed(text);
    }
    replaced.push_str(rest);
    Cow::Owned(replaced)
}

/// ```text
/// /tmp/tmpa1b2c3d4/tmpe5f6g7h8.py
/// ^ begins here               ^ gives the text from here
/// ```
fn skip_random_path(text: &str) -> Option<&str> {
    let folder = skip_random_chars(text.strip_prefix(RANDOM_FOLDER)?)?;
    skip_random_chars(folder.strip_prefix(RANDOM_FILE)?)
}

/// Passes over the characters of `tempfile._RandomNameSequence`: `a-z`, `0-9` and `_`.
fn skip_random_chars(text: &str) -> Option<&str> {
    let name = text.get(..RANDOM_CHARS)?;
    let random = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes()
        .all(random)
        .then(|| text.get(RANDOM_CHARS..))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_random_path_of_the_program_does_not_count() {
        let recorded = "  File \"/tmp/tmp1k_x9abc/tmpz0_y8def.py\", line 2\nZeroDivisionError";
        assert!(is_identical(
            recorded,
            "  File \"/sandbox/main.py\", line 2\nZeroDivisionError\n"
        ));
        assert!(is_identical(
            recorded,
            &recorded.replace("1k_x9abc", "00000000")
        ));
        assert!(!is_identical(
            recorded,
            "  File \"/sandbox/main.py\", line 3\nZeroDivisionError"
        ));
    }

    #[test]
    fn another_path_counts() {
        assert!(!is_identical("/tmp/tmpdata/x.py", "/sandbox/main.py"));
        assert!(!is_identical(
            "/tmp/tmp1k_x9abc/main.py",
            "/sandbox/main.py"
        ));
        assert!(is_identical("/tmp/tmp", "/tmp/tmp\n"));
    }

    #[test]
    fn only_line_ends_at_the_end_do_not_count() {
        assert!(is_identical("", "\r\n\n"));
        assert!(!is_identical("1 ", "1"));
        assert!(!is_identical("1\n\n2", "1\n2"));
    }
}
