//! What parity with Python needs of Python, small and exact: its strings, its JSON, its number
//! and literal texts, as CPython 3.11 has them.
//!
//! Frameworks write Python's own texts into what the model reads (`Expecting value: line 1
//! column 1 (char 0)`, `1e-07`, `"it's"`), so these texts are part of a tool's behaviour. Nothing
//! here knows of tools, blocks or sandboxes.

mod big;
mod decimal;
pub mod fixed;
pub mod float;
pub mod format;
pub mod integer;
pub mod json;
pub mod json5;
pub mod json_write;
pub mod letters;
pub mod literal;
pub(crate) mod order;
pub mod pprint;
pub mod repair;
pub mod repr;
mod scanner;
pub mod search;
pub mod string;
pub mod text;
pub mod unicode;
pub mod value;
mod write;
