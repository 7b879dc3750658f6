// Entry of the worker in Node.

import { parentPort } from 'node:worker_threads';
import { serve } from './serve.js';

if (!parentPort) throw new Error('this file runs in a worker thread');
const port = parentPort;
serve(
  {
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage: (listener) => port.on('message', listener),
  },
  // About 5800 calls; the thread has 8 MB.
  { javascriptStackBytes: 1_000_000 },
);
