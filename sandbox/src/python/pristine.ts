// Takes an instance back to what it was before its first run.
// In: an instance nobody has run anything in. Out: a way back, and whether it can be gone.
// All state of a core module is its memory, its mutable globals, its tables and its dropped segments. The build refuses
// segments that can be dropped later, and no function of the guest writes to a table, so the first two are everything.

import type { LinkedGuest } from './linker.js';

import { PAGE_BYTES } from './memory.js';

/** Bytes that were not all zero when the state was taken, and where they were. */
interface Stretch {
  start: number;
  bytes: Uint8Array;
}

export class PristineState {
  readonly #stretches: Stretch[];
  readonly #byteLength: number;
  readonly #globals: unknown[];

  /** Linking calls nothing of the host, so the state of one new instance is that of every other of the same guest. */
  constructor(guest: LinkedGuest) {
    this.#byteLength = guest.memory.buffer.byteLength;
    this.#stretches = copyStretches(new Uint8Array(guest.memory.buffer));
    this.#globals = guest.mutableGlobals.map((global) => global.value);
  }

  /** Whether the memory still has its first size; it cannot be made smaller again. */
  isRestorable(guest: LinkedGuest): boolean {
    return guest.memory.buffer.byteLength === this.#byteLength;
  }

  /** Puts every byte and every global back. */
  restore(guest: LinkedGuest): void {
    const memory = new Uint8Array(guest.memory.buffer);
    let end = 0;
    for (const { start, bytes } of this.#stretches) {
      memory.fill(0, end, start);
      memory.set(bytes, start);
      end = start + bytes.length;
    }
    memory.fill(0, end);
    guest.mutableGlobals.forEach((global, index) => {
      if (global.value !== this.#globals[index]) global.value = this.#globals[index];
    });
  }

  /** Whether every byte and every global is as at first; for tests, it reads everything. */
  matches(guest: LinkedGuest): boolean {
    if (!this.isRestorable(guest)) return false;
    const expected = new Uint8Array(this.#byteLength);
    for (const { start, bytes } of this.#stretches) expected.set(bytes, start);
    const actual = new Int32Array(guest.memory.buffer);
    return (
      new Int32Array(expected.buffer).every((word, index) => actual[index] === word) &&
      guest.mutableGlobals.every((global, index) => global.value === this.#globals[index])
    );
  }
}

function copyStretches(memory: Uint8Array): Stretch[] {
  const stretches: Stretch[] = [];
  const words = new Int32Array(memory.buffer);
  const pages = memory.length / PAGE_BYTES;
  let start = -1;
  for (let page = 0; page <= pages; page++) {
    const used = page < pages && isPageUsed(words, page);
    if (used && start < 0) start = page;
    if (!used && start >= 0) {
      stretches.push({
        start: start * PAGE_BYTES,
        bytes: memory.slice(start * PAGE_BYTES, page * PAGE_BYTES),
      });
      start = -1;
    }
  }
  return stretches;
}

function isPageUsed(words: Int32Array, page: number): boolean {
  const end = ((page + 1) * PAGE_BYTES) / Int32Array.BYTES_PER_ELEMENT;
  for (let index = (page * PAGE_BYTES) / Int32Array.BYTES_PER_ELEMENT; index < end; index++) {
    if (words[index] !== 0) return true;
  }
  return false;
}
