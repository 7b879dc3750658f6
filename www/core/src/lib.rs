//! What the rollout viewer needs beyond the core: a module of its own, so that the package stays small.
//!
//! In: what a model wrote. Out: a tree of elements and texts that the page builds its nodes from. No HTML is ever written, so
//! that nothing in the text can become active.

pub mod bindings;
pub mod facts;
pub mod find;
pub mod range;
pub mod tree;
