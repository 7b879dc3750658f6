import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describeFileError, Failure } from './failure.js';

/** The largest text that `extract` and `run` take, in bytes: 64 MiB. */
const MAX_TEXT_BYTES = 64 << 20;
/** The longest line of a log that is read, in bytes: 64 MiB. A longer one is unreadable. */
const MAX_LINE_BYTES = 64 << 20;

/** One line of a log. */
export interface Line {
  /** Counted from 1. */
  number: number;
  /** The text without its line feed; `undefined` when `fault` says why it cannot be read. */
  text: string | undefined;
  fault: string | undefined;
  /** Whether a line feed ends it: what has none may be half written. */
  ended: boolean;
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
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

/**
 * Reads a log line by line, split at line feeds alone (Node's own `readline` also splits at
 * U+2028, which JSON allows in a text), and calls `onBytes` with how far it is.
 */
export async function* readLines(
  path: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Line> {
  let number = 0;
  let bytes = 0;
  let pieces: Uint8Array[] = [];
  let length = 0;
  const take = (ended: boolean): Line => {
    const line = decodeLine(pieces, length, ++number, ended);
    pieces = [];
    length = 0;
    return line;
  };
  const keep = (piece: Uint8Array): void => {
    // Past the bound only the length is kept, to say that the line was too long.
    if (length <= MAX_LINE_BYTES) pieces.push(piece);
    length += piece.length;
  };
  for await (const chunk of readChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      yield take(true);
    }
    keep(chunk.subarray(start));
    bytes += chunk.length;
    onBytes(bytes);
  }
  if (length > 0) yield take(false);
}

function decodeLine(pieces: Uint8Array[], length: number, number: number, ended: boolean): Line {
  if (length > MAX_LINE_BYTES) {
    return { number, text: undefined, fault: 'it is longer than 64 MiB', ended };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
    return { number, text, fault: undefined, ended };
  } catch {
    return { number, text: undefined, fault: 'it is not UTF-8', ended };
  }
}
