//! Text in, tool calls out: one file a format.
//!
//! Every format reads exactly what the parser of its framework reads; what the original drops
//! without a word is a value here. The option [`Options::robust`] goes beyond the originals.

mod deepseek;
mod format;
mod gemma;
mod gpt_oss;
#[cfg(test)]
mod growth;
mod hermes;
mod kimi;
mod program;
mod qwen;
mod reader;
mod rllm;
mod robust;
mod roll;
mod scan;
mod schema;
mod xml;

pub mod reply;

use crate::python::format::fill;
use crate::python::json::JsonError;
use crate::python::repair::Repairs;
use crate::python::string::PythonString;
use crate::python::value::Value;
use crate::span::Span;

use reader::Known;
use scan::Cut;

pub use format::{FORMATS, Format};
pub use program::read_call_program;
pub use schema::Tool;

/// One tool call as the model wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum ToolCall {
    /// A call that can be read.
    Call {
        /// The name of the tool: a text, but for rllm's Qwen format, which takes any JSON.
        name: Value,
        /// The arguments as JSON text, as a rule an object, written as the framework writes it.
        arguments: PythonString,
        /// The identifier that the model gave the call; only Kimi's format has one.
        id: Option<String>,
        /// The whole call with its tags.
        span: Span,
        /// What was repaired to read it; only the robust option repairs.
        repairs: Repairs,
    },
    /// A call that cannot be read: a value, so that the model can be told.
    Unreadable {
        /// What is wrong with it, in the words of the original where it has words.
        reason: PythonString,
        /// What the framework tells the model; `None` where it says nothing.
        reply: Option<PythonString>,
        /// The whole call with its tags.
        span: Span,
    },
    /// A call that the text ends in. Only the robust option tells.
    Truncated {
        /// From the opening tag to the end of the text.
        span: Span,
    },
    /// A call inside of `<think>`, which is not to be run. Only the robust option tells.
    InThinking {
        /// The whole call with its tags.
        span: Span,
    },
}

impl ToolCall {
    /// The whole call with its tags.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Call { span, .. }
            | Self::Unreadable { span, .. }
            | Self::Truncated { span }
            | Self::InThinking { span } => *span,
        }
    }

    #[inline(never)]
    fn unreadable(reason: PythonString, span: Span) -> Self {
        Self::Unreadable {
            reason,
            reply: None,
            span,
        }
    }
}

/// An exception of Python that the original lets out.
#[derive(Debug, Clone, PartialEq)]
pub struct Exception {
    /// The name of its type.
    pub type_name: &'static str,
    /// Its text.
    pub message: PythonString,
}

impl Exception {
    /// With a template for its text, and what stands in it.
    #[inline(never)]
    fn new(type_name: &'static str, template: &str, parts: &[&str]) -> Self {
        Self {
            type_name,
            message: fill(template, parts).into(),
        }
    }
}

impl From<JsonError> for Exception {
    fn from(error: JsonError) -> Self {
        Self {
            type_name: error.type_name(),
            message: error.message().into(),
        }
    }
}

/// What a text holds in one format.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The text for the reader: what the framework keeps beside the calls.
    pub content: String,
    /// The calls, in order.
    pub calls: Vec<ToolCall>,
    /// The exception with which the original gives up the whole text; the calls are those that
    /// were read before.
    pub raised: Option<Exception>,
}

/// How to read tool calls.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// The tools that the model knows: Qwen3-Coder's format reads values, and Kimi's names, by
    /// their schemas. Default: none.
    pub tools: Vec<Tool>,
    /// The padding token of the tokenizer, which three formats leave out of the text. Default:
    /// that of the format's models.
    pub pad_token: Option<String>,
    /// Whether to go beyond the original: calls inside of `<think>` and truncated calls are told
    /// apart, and common faults of JSON repaired. Default: no.
    pub robust: bool,
}

impl Options {
    /// The type of a parameter of a tool, trimmed, its case not to be minded; `None` when there is no
    /// such tool or parameter.
    fn type_of(&self, tool: &str, parameter: &str) -> Option<&str> {
        let mut tools = self.tools.iter();
        tools
            .find(|candidate| candidate.name == tool)?
            .type_of(parameter)
    }
}

/// The tool calls of a text.
///
/// # Examples
///
/// ```
/// use fencerun::tool_call::{Format, Options, ToolCall, parse_tool_calls};
/// let format = Format::from_name("hermes").ok_or("no such format")?;
/// let text = r#"Let me see.<tool_call>{"name": "code", "arguments": {"code": "1"}}</tool_call>"#;
/// let parsed = parse_tool_calls(text, format, &Options::default());
/// assert_eq!(parsed.content, "Let me see.");
/// assert!(matches!(&parsed.calls[..], [ToolCall::Call { arguments, .. }] if *arguments == r#"{"code": "1"}"#));
/// # Ok::<(), &str>(())
/// ```
///
/// # Complexity
///
/// Linear in the text.
#[must_use]
pub fn parse_tool_calls(text: &str, format: &Format, options: &Options) -> Parsed {
    if options.robust {
        robust::parse(text, format, options)
    } else {
        format.read(&mut Cut::new(text, &[]), Known::NOTHING, options)
    }
}
