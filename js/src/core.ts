import { decodeBase64 } from './base64.js';
import * as glue from './generated/fencerun.js';
import { wasmBase64 } from './generated/wasm-inline.js';

let memory: WebAssembly.Memory | undefined;

/** The WebAssembly core, instantiated by the first call. */
export function core(): typeof glue {
  if (!memory) memory = glue.initSync({ module: decodeBase64(wasmBase64) }).memory;
  return glue;
}

/** The memory of the core; its buffer changes when it grows. */
export function coreMemory(): WebAssembly.Memory {
  if (!memory) core();
  return memory as WebAssembly.Memory;
}
