//! How the clients of the frameworks speak to a sandbox: what they send, how long they wait, what
//! they try again, and what they make of an answer. And the protocol itself: its routes, and the shapes of its
//! objects.
//!
//! Numbers and texts only: no clock, no network.

pub mod answer;
pub mod base64;
pub(crate) mod json;
pub mod profile;
pub mod route;
pub(crate) mod shape;
pub mod verl;
