//! What gives the modules of WebAssembly their memory: smaller, and faster, than the allocator of
//! the standard library.

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();
