// Bytes in, lines with their places out, however large the file.

import type { Reader } from './reader.js';

const CHUNK_BYTES = 4 << 20;
const LINE_END = 10;

export interface Lines {
  /** Where each line begins and ends in `bytes`, one after the other. */
  places: number[];
  bytes: Uint8Array;
  /** Where `bytes` begin in the file. */
  offset: number;
  /** Whether the last line is the last of the file and has no line end. */
  isCut: boolean;
}

/**
 * The lines that begin in `start` to `end` of a file, some at a time, without their line ends. Holds a chunk and the longest
 * line; a chunk is fetched while the one before is worked on.
 */
export async function* readLines(reader: Reader, start: number, end: number): AsyncGenerator<Lines> {
  // A line begins at `start` only when the byte before it ends one.
  let position = Math.max(0, start - 1);
  let rest = new Uint8Array();
  let isInside = start === 0;
  const fetchNext = (at: number) => reader.read(at, at + CHUNK_BYTES);
  let next = fetchNext(position);
  for (;;) {
    const chunk = await next;
    if (chunk.length === 0) break;
    const offset = position - rest.length;
    position += chunk.length;
    next = fetchNext(position);
    // It may never be waited for.
    next.catch(() => {});
    const bytes = rest.length === 0 ? chunk : joinBytes(rest, chunk);
    let from = rest.length;
    let begin = 0;
    if (!isInside) {
      const stop = bytes.indexOf(LINE_END, from);
      if (stop < 0) continue;
      begin = from = stop + 1;
      isInside = true;
    }
    const places: number[] = [];
    while (offset + begin < end) {
      const stop = bytes.indexOf(LINE_END, from);
      if (stop < 0) break;
      places.push(begin, stop);
      begin = from = stop + 1;
    }
    yield { places, bytes, offset, isCut: false };
    if (offset + begin >= end) return;
    rest = bytes.slice(begin);
  }
  if (isInside && rest.length > 0) {
    yield { places: [0, rest.length], bytes: rest, offset: position - rest.length, isCut: true };
  }
}

function joinBytes(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
