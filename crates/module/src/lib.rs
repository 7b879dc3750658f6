//! All of `fencerun` as one module of WebAssembly, and nothing of its own.
//!
//! The optimizer looks at a module as a whole, by the level of the crate that is linked: for speed
//! here, or the loops of `fencerun-bytes` would be compiled for size like the rest.

pub use fencerun::wasm;
