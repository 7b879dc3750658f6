// The WebAssembly of the viewer.

import { initSync } from '../generated/viewer_core.js';
import { wasmBase64 } from '../generated/viewer-core-inline.js';

let isReady = false;

/** Makes the functions of `generated/viewer_core.js` work, once. */
export function startCore() {
  if (isReady) return;
  initSync({ module: Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0)) });
  isReady = true;
}
