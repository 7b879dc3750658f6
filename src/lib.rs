//! The code tool of agentic reinforcement learning: finds the code in a model's text, has a
//! sandbox run it, and gives back what the program printed, untouched.
//!
//! ```text
//! text ─extract─▶ blocks ─select─▶ code ─request─▶ body ─┐
//!                                                     sandbox
//! observation ◀─observe─ result ◀─response─ answer ◀─────┘
//! ```
//!
//! Everything here is a pure function over text and bytes; only the `wasm` module, behind the
//! feature `js`, does input and output, through JavaScript's `fetch`.
//!
//! | stage | module |
//! | --- | --- |
//! | text to code blocks | [`mod@extract`], [`markdown`] |
//! | info strings to languages | [`language`] |
//! | blocks to the one that runs | [`select`] |
//! | text to tool calls | [`tool_call`] |
//! | text to the code a framework would run, result to its observation | [`profile`] |
//! | answer to verdict | [`score`] |
//! | code to wire, wire to result | [`request`], [`response`] |
//! | when to try again | [`retry`] |
//! | what the clients of the frameworks send and wait | [`wire`] |
//! | what parity with Python needs of Python | [`python`] |
//! | result to text for the model | [`observation`] |
//! | log line to steps | [`rollout`] |

pub mod catalogue;
pub mod error;
pub mod observation;
pub mod profile;
pub mod python;
pub mod request;
pub mod response;
pub mod retry;
pub mod rollout;
pub mod score;
pub mod tool_call;
pub mod wire;

pub use fencerun_blocks::{extract, language, markdown, select, span, utf16};

#[cfg(feature = "js")]
pub mod wasm;

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
