// Bytes in, lines with their places out, however large the file.

import type { Reader } from './reader.js';

const CHUNK_BYTES = 8 << 20;
const LINE_END = 10;

export interface Line {
  offset: number;
  bytes: Uint8Array;
}

/**
 * The lines of a file from `start` on, without their line ends; a last line without one too. Holds a chunk and the
 * longest line. A chunk is fetched while the one before is worked on.
 */
export async function* readLines(reader: Reader, start: number, end: number): AsyncGenerator<Line[]> {
  let rest = new Uint8Array();
  let position = start;
  let next = reader.read(position, Math.min(end, position + CHUNK_BYTES));
  while (position < end) {
    const chunk = await next;
    if (chunk.length === 0) break;
    const base = position - rest.length;
    position += chunk.length;
    if (position < end) next = reader.read(position, Math.min(end, position + CHUNK_BYTES));
    const bytes = joinBytes(rest, chunk);
    // A line that goes on over chunks is searched again only in what is new.
    let from = rest.length;
    let begin = 0;
    const lines: Line[] = [];
    for (;;) {
      const stop = bytes.indexOf(LINE_END, from);
      if (stop < 0) break;
      lines.push({ offset: base + begin, bytes: bytes.subarray(begin, stop) });
      begin = from = stop + 1;
    }
    rest = bytes.slice(begin);
    yield lines;
  }
  if (rest.length > 0) yield [{ offset: position - rest.length, bytes: rest }];
}

function joinBytes(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
