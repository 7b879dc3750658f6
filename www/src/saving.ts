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

/** Hands rollouts over as a file of that name, and answers what a person should hear. `saving` tells how far it is. */
export async function saveRows(
  name: string,
  saving: Signal<Saving | null>,
  { total, ...options }: SaveOptions & { total: number },
): Promise<string> {
  const stop = new AbortController();
  let [rows, leftOut] = [0, 0];
  const show = () => {
    saving.value = { name, rows, total, stop: () => stop.abort() };
  };
  async function* count() {
    for await (const some of writeRows(options)) {
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
