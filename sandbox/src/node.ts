// The embedded sandbox in Node. In: options. Out: a sandbox whose workers are worker threads.

import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Platform, WorkerListeners } from './platform.js';
import { EmbeddedSandbox, type SandboxOptions } from './sandbox.js';

export type { JupyterCell, JupyterError, RunJupyterRequest, RunJupyterResponse } from './jupyter-wire.js';
export type { EmbeddedSandbox, RunOptions, SandboxOptions, SessionOptions } from './sandbox.js';
export type { CellResult, RunCellOptions, Session } from './session.js';
export type { OutputListener } from './stream-text.js';
export type { CommandRunResult, RunCodeRequest, RunCodeResponse } from './wire.js';

/** Python stops recursion at 1 MB of its own stack, for which compiled code takes many times as much of the thread's. */
const STACK_MB = 64;

/** A thread without environment, arguments or inherited flags. */
function spawnWorker(entry: URL, { onMessage, onFailure }: WorkerListeners) {
  const worker = new Worker(entry, {
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    resourceLimits: { stackSizeMb: STACK_MB },
  });
  worker.on('message', onMessage);
  worker.once('error', (error) => onFailure(error.message));
  worker.once('exit', (code) => onFailure(`the thread ended with code ${code}`));
  return {
    post: (message: unknown) => worker.postMessage(message),
    terminate: () => {
      worker.removeAllListeners();
      worker.on('error', () => {});
      void worker.terminate();
    },
    hold: (held: boolean) => (held ? worker.ref() : worker.unref()),
  };
}

/** A sandbox with nothing started yet; the first run or `warmUp` starts a worker. */
export function createSandbox(options: SandboxOptions = {}): EmbeddedSandbox {
  const base = new URL(options.assetsUrl ?? './', import.meta.url);
  const platform: Platform = {
    defaultWorkers: Math.min(2, availableParallelism()),
    readAsset: async (name) => {
      const file = await readFile(new URL(name, base));
      return new Uint8Array(file.buffer as ArrayBuffer, file.byteOffset, file.length);
    },
    spawnWorker: (listeners) => spawnWorker(new URL('./node-worker.js', import.meta.url), listeners),
  };
  return new EmbeddedSandbox(platform, options);
}
