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

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  // A plain loop: `Uint8Array.from(text, map)` takes thirty times as long.
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
