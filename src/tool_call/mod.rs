//! Text in, tool calls out: one file a format.

pub mod hermes;

use serde_json::Value;

use crate::span::Span;

/// One tool call as the model wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum ToolCall {
    /// A call that can be read.
    Call {
        /// The name of the tool.
        name: String,
        /// The arguments, as a rule an object.
        arguments: Value,
        /// The whole call with its tags.
        span: Span,
    },
    /// A call that cannot be read: a value, so that the model can be told.
    Unreadable {
        /// What was expected and what was found.
        reason: String,
        /// The whole call with its tags.
        span: Span,
    },
}

impl ToolCall {
    /// The whole call with its tags.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Call { span, .. } | Self::Unreadable { span, .. } => *span,
        }
    }
}
