//! The few rules that all profiles are composed of: find code in a text, choose, clean, complete.
//!
//! Every rule takes a text and gives slices of it, so that [`crate::profile::Program`] can tell
//! where its code stands. Every rule is linear in the text; where that is not plain to see, the
//! argument stands next to the rule.

pub mod clean;
pub mod find;
pub mod glance;
pub mod lines;
pub mod show;
pub mod truncate;
