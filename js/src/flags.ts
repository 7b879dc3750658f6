/** The flags of a block, as `crates/blocks/src/wasm/blocks.rs` writes them. */
export const CLOSED = 1;
export const INDENTED = 2;
/** The code stands in the text in one piece. */
export const CODE_IS_CUT = 4;
export const HAS_LANG = 8;
