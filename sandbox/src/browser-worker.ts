// Entry of the worker in a browser.

import type { ToWorker } from './job.js';
import { serve } from './serve.js';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

interface DedicatedWorkerGlobalScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}

// The listener is there before anything is awaited: a browser does not keep messages for a later one.
serve(
  {
    post: (message, transfer) => scope.postMessage(message, transfer),
    onMessage: (listener) => scope.addEventListener('message', (event) => listener(event.data)),
  },
  // About 730 calls; a browser's thread has about 1 MB. With half as much again, a busy machine, whose code is compiled in
  // haste, was once seen to run out of that first.
  { javascriptStackBytes: 128 * 1024 },
);
