import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describeFileError, Failure } from './failure.js';

/** The largest text that `extract` and `run` take, in bytes: 64 MiB. */
const MAX_TEXT_BYTES = 64 << 20;

/** Reads a file, or standard input for `-`, in pieces. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (thrown) {
    throw describeFileError(path, thrown);
  }
}

/** Reads a whole text from a file, or from standard input for `-`. */
export async function readText(path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readChunks(path)) {
    length += chunk.length;
    if (length > MAX_TEXT_BYTES) throw new Failure(`cannot read ${path}: it is larger than 64 MiB`);
    chunks.push(chunk);
  }
  try {
    // A byte order mark is part of the text: offsets must fit the file.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Failure(`cannot read ${path}: it is not UTF-8`);
  }
}

/** The size of a file in bytes, or `undefined` for standard input and what has no size. */
export async function readSize(path: string): Promise<number | undefined> {
  if (path === '-') return undefined;
  try {
    const { size, mode } = await stat(path);
    // 0o100000 marks a regular file; a pipe or a device has no size worth showing.
    return (mode & 0o170000) === 0o100000 ? size : undefined;
  } catch (thrown) {
    throw describeFileError(path, thrown);
  }
}

/** Reads the lines of a file that line feeds end, with these; what stands behind the last is left out. */
export async function* readWholeLines(path: string): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of readChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end + 1));
      start = end + 1;
      yield Buffer.concat(pieces);
      pieces = [];
    }
    pieces.push(chunk.subarray(start));
  }
}
