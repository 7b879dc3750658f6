// The embedded sandbox in a browser. In: options. Out: a sandbox whose workers are module workers.
// Everything it loads is next to this file, or where `assetsUrl` says.

import type { Platform, WorkerListeners } from './platform.js';
import { EmbeddedSandbox, type SandboxOptions } from './sandbox.js';

export type { JupyterCell, JupyterError, RunJupyterRequest, RunJupyterResponse } from './jupyter-wire.js';
export type { EmbeddedSandbox, RunOptions, SandboxOptions, SessionOptions } from './sandbox.js';
export type { CellResult, RunCellOptions, Session } from './session.js';
export type { OutputListener } from './stream-text.js';
export type { CommandRunResult, RunCodeRequest, RunCodeResponse } from './wire.js';

function spawnWorker(entry: URL, { onMessage, onFailure }: WorkerListeners) {
  const worker = new Worker(entry, { type: 'module' });
  worker.addEventListener('message', (event) => onMessage(event.data));
  worker.addEventListener('error', (event) => onFailure(event.message || `${entry} could not be started`));
  return {
    post: (message: unknown) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    hold: () => {},
  };
}

/** The folder of this module. In two steps, as bundlers take `new URL('…', import.meta.url)` for a file to copy. */
function here(): URL {
  const { url } = import.meta;
  return new URL('./', url);
}

/** A sandbox with nothing started yet; the first run or `warmUp` starts a worker. */
export function createSandbox(options: SandboxOptions = {}): EmbeddedSandbox {
  // What a caller gives counts from the page: a bundler moves this module to where it likes.
  const base =
    options.assetsUrl === undefined ? here() : new URL(options.assetsUrl, globalThis.location?.href);
  const platform: Platform = {
    defaultWorkers: Math.min(2, navigator.hardwareConcurrency || 1),
    readAsset: async (name) => {
      const url = new URL(name, base);
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    spawnWorker: (listeners) => spawnWorker(new URL('worker.js', base), listeners),
  };
  return new EmbeddedSandbox(platform, options);
}
