//! What parity with programs written in Python needs of Python: exact, small, and nothing else.

pub mod letters;
pub mod text;
