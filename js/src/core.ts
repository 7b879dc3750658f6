import * as glue from './generated/fencerun.js';
import { wasmBase64 } from './generated/wasm-inline.js';

let ready = false;

/** The WebAssembly core, instantiated by the first call. */
export function core(): typeof glue {
  if (!ready) {
    glue.initSync({ module: decodeBase64(wasmBase64) });
    ready = true;
  }
  return glue;
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  // A plain loop: `Uint8Array.from(text, map)` takes thirty times as long.
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
