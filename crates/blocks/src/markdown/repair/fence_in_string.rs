//! [`Repair::FenceInString`](super::Repair::FenceInString).

use fencerun_bytes::search::has_triple_quote;
use fencerun_bytes::work::count_work;

/// Where a Python program stands between two lines, as far as strings go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::markdown) enum Strings {
    /// In no string.
    #[default]
    Outside,
    /// In a string of one quote, which a backslash at the end of the line continues.
    Short(u8),
    /// In a triple-quoted string.
    Triple(u8),
}

impl Strings {
    /// Whether the place is in a triple-quoted string.
    pub(in crate::markdown) const fn is_triple(self) -> bool {
        matches!(self, Self::Triple(_))
    }

    /// Where the program stands after `line`.
    pub(in crate::markdown) fn after_line(self, line: &[u8]) -> Self {
        match self.after(line) {
            Self::Short(_) if !line.ends_with(b"\\") => Self::Outside,
            state => state,
        }
    }

    /// Where the program stands after `lines`, the last of which ends with a line feed.
    pub(in crate::markdown) fn after_lines(self, lines: &[u8]) -> Self {
        if !self.is_triple() && !lines.ends_with(b"\\\n") && !has_triple_quote(lines) {
            // Any other string ends with its line.
            return Self::Outside;
        }
        let lines = lines.strip_suffix(b"\n").unwrap_or(lines);
        lines
            .split(|&byte| byte == b'\n')
            .fold(self, Self::after_line)
    }

    /// Where the program stands after `part`, the front of a line.
    ///
    /// ```text
    /// s = """text  # no comment
    ///        ^ in a string of three `"`
    /// ```
    pub(in crate::markdown) fn after(self, part: &[u8]) -> Self {
        count_work(part.len());
        let mut state = self;
        let mut rest = part;
        while let Some((&byte, after)) = rest.split_first() {
            rest = match state {
                Self::Outside => match byte {
                    b'#' => return state,
                    b'"' | b'\'' if after.starts_with(&[byte, byte]) => {
                        state = Self::Triple(byte);
                        after.get(2..).unwrap_or_default()
                    }
                    b'"' | b'\'' => {
                        state = Self::Short(byte);
                        after
                    }
                    _ => after,
                },
                Self::Short(_) | Self::Triple(_) if byte == b'\\' => {
                    after.get(1..).unwrap_or_default()
                }
                Self::Short(quote) if byte == quote => {
                    state = Self::Outside;
                    after
                }
                Self::Triple(quote) if byte == quote && after.starts_with(&[quote, quote]) => {
                    state = Self::Outside;
                    after.get(2..).unwrap_or_default()
                }
                _ => after,
            };
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_followed_over_lines() {
        for (lines, expected) in [
            (&["s = \"\"\""][..], Strings::Triple(b'"')),
            (&["s = '''a", "b"], Strings::Triple(b'\'')),
            (&["s = '''a", "b'''"], Strings::Outside),
            (&["s = '''it\\'''", "'"], Strings::Triple(b'\'')),
            (&["s = \"\"\"\"a\"\"\""], Strings::Outside),
            (&["# it's \"\"\""], Strings::Outside),
            (&["s = '#\"\"\"'"], Strings::Outside),
            (&["s = 'open"], Strings::Outside),
            (&["s = 'open\\"], Strings::Short(b'\'')),
            (&["s = 'open\\", "\"\"\"'"], Strings::Outside),
            (&["r'\\'", "s = \"\"\""], Strings::Triple(b'"')),
        ] {
            let state = lines.iter().fold(Strings::default(), |state, line| {
                state.after_line(line.as_bytes())
            });
            assert_eq!(state, expected, "{lines:?}");
        }
    }
}
