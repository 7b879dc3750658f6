//! `fencerun-blocks` as one module of WebAssembly, compiled for speed as `fencerun-module` is, and
//! nothing of its own.

pub use fencerun_blocks::wasm;
