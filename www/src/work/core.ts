// The WebAssembly of the viewer, which is all that a worker needs.

import start from '../generated/viewer_core.js';

/** Makes the functions of `generated/viewer_core.js` work; does nothing where they do. */
export async function startViewerCore(): Promise<void> {
  await start({ module_or_path: new URL('viewer_core_bg.wasm', import.meta.url) });
}
