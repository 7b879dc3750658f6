// Rollouts out to a file, with a progress that a person can stop.

import type { Signal } from '@preact/signals';
import { saveParts } from './load/save.js';
import { type SaveOptions, writeRows } from './model/save.js';
import { describeThrown } from './thrown.js';

/** A file that is being written. */
export interface Saving {
  name: string;
  /** How many rollouts have been written. */
  rows: number;
  total: number;
  stop(): void;
}

/** The page is kept for no longer at a stretch, in milliseconds: it is looked at, and the saving may be stopped. */
const MAX_TASK_MS = 10;

/** Resolves when whatever else waits for the page has had its turn. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Hands rollouts over as a file of that name, and answers what a person should hear. `saving` tells how far it is. */
export async function saveRows(
  name: string,
  saving: Signal<Saving | null>,
  { total, ...options }: Omit<SaveOptions, 'breathe'> & { total: number },
): Promise<string> {
  let sinceMs = performance.now();
  const breathe = () => {
    if (performance.now() - sinceMs < MAX_TASK_MS) return undefined;
    return nextTask().then(() => {
      sinceMs = performance.now();
    });
  };
  const stop = new AbortController();
  let [rows, leftOut] = [0, 0];
  const show = () => {
    saving.value = { name, rows, total, stop: () => stop.abort() };
  };
  async function* count() {
    for await (const some of writeRows({ ...options, breathe })) {
      if (stop.signal.aborted) return;
      rows += some.rows;
      leftOut += some.leftOut;
      show();
      yield some.parts;
    }
  }
  show();
  try {
    await saveParts(name, count(), stop.signal);
    if (stop.signal.aborted) return 'nothing was saved';
    return `saved as ${name}${leftOut > 0 ? `; ${leftOut} of ${total} could not be written so` : ''}`;
  } catch (thrown) {
    return `${name} could not be saved: ${describeThrown(thrown)}`;
  } finally {
    saving.value = null;
  }
}
