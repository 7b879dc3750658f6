// The WebAssembly of the page: files beside the code, so that the code itself stays small.

import { init } from 'fencerun';
import { startViewerCore } from '../work/core.js';

/** Makes the functions of `fencerun` and of `generated/viewer_core.js` work. */
export async function startCores(): Promise<void> {
  const further = { rollouts: new URL('rollouts_bg.wasm', import.meta.url) };
  await Promise.all([init(new URL('fencerun_bg.wasm', import.meta.url), further), startViewerCore()]);
}
