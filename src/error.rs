//! The one error: a run that gave no result.
//!
//! A program that crashes, exits non-zero or runs out of time is a result, never an error.

use std::fmt;

use crate::python::format::fill;
use crate::python::search::join;

/// Why there is no result, as a word that never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The caller's request or options cannot be used; nothing was sent.
    InvalidOptions,
    /// The sandbox could not be reached, or the connection broke.
    Network,
    /// No whole answer arrived within the request's time-out.
    Timeout,
    /// The server answered with a status that is not a success.
    Http,
    /// The server answered with something that is not `SandboxFusion`'s answer.
    Protocol,
    /// The sandbox itself failed and says so (`status: "SandboxError"`).
    Sandbox,
    /// The answer was larger than the bound on answers.
    TooLarge,
}

impl ErrorCode {
    const ALL: &[Self] = &[
        Self::InvalidOptions,
        Self::Network,
        Self::Timeout,
        Self::Http,
        Self::Protocol,
        Self::Sandbox,
        Self::TooLarge,
    ];

    /// The code with this word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The word itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidOptions => "invalid_options",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Http => "http",
            Self::Protocol => "protocol",
            Self::Sandbox => "sandbox",
            Self::TooLarge => "too_large",
        }
    }
}

/// Why there is no result, with the facts.
///
/// [`fmt::Display`] words it in one sentence; [`RunError::code`] gives the stable word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// See [`ErrorCode::InvalidOptions`].
    InvalidOptions {
        /// What was expected and what was found.
        detail: String,
    },
    /// See [`ErrorCode::Network`].
    Network {
        /// What the transport said.
        detail: String,
    },
    /// See [`ErrorCode::Timeout`].
    Timeout {
        /// The time-out of the request, in milliseconds.
        timeout_ms: u64,
    },
    /// See [`ErrorCode::Http`].
    Http {
        /// The HTTP status.
        status: u16,
        /// The server's own words, at most [`DETAIL_CHARS`] characters.
        detail: String,
    },
    /// See [`ErrorCode::Protocol`].
    Protocol {
        /// What was expected and what was found.
        detail: String,
    },
    /// See [`ErrorCode::Sandbox`].
    Sandbox {
        /// The sandbox's own words, at most [`DETAIL_CHARS`] characters.
        detail: String,
    },
    /// See [`ErrorCode::TooLarge`].
    TooLarge {
        /// The bound that was passed, in bytes.
        limit_bytes: u64,
    },
}

/// How much of a foreign message an error keeps, in characters.
pub const DETAIL_CHARS: usize = 2_000;

/// Bounds a foreign message to [`DETAIL_CHARS`] characters.
#[must_use]
pub fn bound_detail(text: &str) -> String {
    match text.char_indices().nth(DETAIL_CHARS) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.to_owned(),
    }
}

/// One of `known` is expected, and `found` is none of them.
pub(crate) fn one_of(known: &[&str], found: &str) -> String {
    ["one of ", &join(known, ", "), ", found `", found, "`"].concat()
}

impl RunError {
    /// `field` has to be one of `known`, and `found` is none of them.
    #[inline(never)]
    pub(crate) fn not_one_of(field: &str, known: &[&str], found: &str) -> Self {
        let detail = [field, ": expected ", &one_of(known, found)].concat();
        Self::InvalidOptions { detail }
    }

    /// Its one sentence.
    pub(crate) fn message(&self) -> String {
        let (template, number, detail) = match self {
            Self::InvalidOptions { detail } => ("{}", None, &**detail),
            Self::Network { detail } => ("the sandbox could not be reached: {}", None, &**detail),
            Self::Timeout { timeout_ms } => (
                "the sandbox gave no answer within {} ms",
                Some(*timeout_ms),
                "",
            ),
            Self::Http { status, detail } => {
                let template = match &**detail {
                    "" => "the sandbox answered with HTTP status {}",
                    _ => "the sandbox answered with HTTP status {}: {}",
                };
                (template, Some((*status).into()), &**detail)
            }
            Self::Protocol { detail } => (
                "the answer is not one of SandboxFusion's: {}",
                None,
                &**detail,
            ),
            Self::Sandbox { detail } => {
                let template = match &**detail {
                    "" => "the sandbox failed and gave no reason",
                    _ => "the sandbox failed: {}",
                };
                (template, None, &**detail)
            }
            Self::TooLarge { limit_bytes } => {
                ("the answer is larger than {} bytes", Some(*limit_bytes), "")
            }
        };
        match number {
            Some(number) => fill(template, &[&number.to_string(), detail]),
            None => fill(template, &[detail]),
        }
    }

    /// The stable word for the kind of this error.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidOptions { .. } => ErrorCode::InvalidOptions,
            Self::Network { .. } => ErrorCode::Network,
            Self::Timeout { .. } => ErrorCode::Timeout,
            Self::Http { .. } => ErrorCode::Http,
            Self::Protocol { .. } => ErrorCode::Protocol,
            Self::Sandbox { .. } => ErrorCode::Sandbox,
            Self::TooLarge { .. } => ErrorCode::TooLarge,
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl std::error::Error for RunError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(detail: &str) -> String {
        detail.to_owned()
    }

    #[test]
    fn every_message_is_pinned() {
        let cases = [
            (
                RunError::InvalidOptions {
                    detail: text("url: expected http or https"),
                },
                "url: expected http or https",
            ),
            (
                RunError::Network {
                    detail: text("refused"),
                },
                "the sandbox could not be reached: refused",
            ),
            (
                RunError::Timeout { timeout_ms: 30 },
                "the sandbox gave no answer within 30 ms",
            ),
            (
                RunError::Http {
                    status: 502,
                    detail: text(""),
                },
                "the sandbox answered with HTTP status 502",
            ),
            (
                RunError::Http {
                    status: 422,
                    detail: text("language: wrong"),
                },
                "the sandbox answered with HTTP status 422: language: wrong",
            ),
            (
                RunError::Protocol {
                    detail: text("not JSON"),
                },
                "the answer is not one of SandboxFusion's: not JSON",
            ),
            (
                RunError::Sandbox { detail: text("") },
                "the sandbox failed and gave no reason",
            ),
            (
                RunError::Sandbox {
                    detail: text("no runner"),
                },
                "the sandbox failed: no runner",
            ),
            (
                RunError::TooLarge { limit_bytes: 9 },
                "the answer is larger than 9 bytes",
            ),
        ];
        for (error, message) in cases {
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn a_foreign_message_is_bounded_by_characters() {
        assert_eq!(
            bound_detail(&"é".repeat(DETAIL_CHARS)),
            "é".repeat(DETAIL_CHARS)
        );
        let long = bound_detail(&"é".repeat(DETAIL_CHARS + 1));
        assert_eq!(long, format!("{}…", "é".repeat(DETAIL_CHARS)));
    }
}
