import { callRollouts } from './call.js';
import { core } from './core.js';
import { fromCoreRollout } from './rollout.js';
import type { ReadRolloutsOptions, RolloutEntry, RolloutSource } from './rollout-types.js';

/** The longest line that is read, in bytes: 64 MiB. */
export const MAX_LINE_BYTES = 64 << 20;
/** The core takes no more bytes than this at once, so that what it gives back stays small. */
const PIECE_BYTES = 1 << 20;

const decoder = new TextDecoder();

/**
 * Reads a log as its bytes come, each rollout as soon as it is whole, in the order of the log. What cannot be read is an
 * entry with its `fault`. Memory is bounded by the longest line and the longest piece of the source.
 *
 * @throws {RunError} with `invalid_options` for a format or a profile that there is not.
 * @throws what the source throws.
 */
export async function* readRollouts(
  source: RolloutSource,
  options: ReadRolloutsOptions = {},
): AsyncGenerator<RolloutEntry, void, undefined> {
  for await (const { entry } of readEntries(source, options)) yield entry;
}

/** An entry with its bytes; `undefined` when it is longer than the bound. */
export interface EntryBytes {
  entry: RolloutEntry;
  bytes: Uint8Array | undefined;
}

/** {@link readRollouts} for those who need the bytes too. */
export async function* readEntries(
  source: RolloutSource,
  { format, profile, maxLineBytes = MAX_LINE_BYTES }: ReadRolloutsOptions = {},
): AsyncGenerator<EntryBytes, void, undefined> {
  callRollouts('checkRolloutOptions', '', { format, profile });
  const reader = new (core().RolloutReader)(JSON.stringify({ format, profile }), maxLineBytes);
  // No rollout spans more bytes than the longest line.
  const window = new ByteWindow(maxLineBytes);
  const describe = (read: RolloutEntry): EntryBytes => {
    const bytes = window.cut(read.start, read.end);
    if (read.rollout === null || bytes === undefined) return { entry: read, bytes };
    const text = decoder.decode(bytes);
    const whole = format === 'text' ? JSON.stringify(text) : text;
    return { entry: { ...read, rollout: { ...fromCoreRollout(read.rollout), source: whole } }, bytes };
  };
  try {
    for await (const piece of readPieces(source)) {
      window.add(piece);
      for (const read of JSON.parse(reader.push(piece)) as RolloutEntry[]) {
        yield describe(read);
        window.dropBefore(read.end);
      }
    }
    for (const read of JSON.parse(reader.finish()) as RolloutEntry[]) yield describe(read);
  } finally {
    reader.free();
  }
}

/** The pieces of a source, none of them long. */
export async function* readPieces(source: RolloutSource): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = source instanceof Uint8Array ? [source] : isStream(source) ? readStream(source) : source;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      yield chunk.subarray(start, start + PIECE_BYTES);
    }
  }
}

/** Whether a source has to be read by hand: not every runtime iterates over its streams. */
function isStream(source: RolloutSource): source is ReadableStream<Uint8Array> {
  return 'getReader' in source && !(Symbol.asyncIterator in source);
}

async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}

/** The last bytes of a stream, by where they stand in it. */
class ByteWindow {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  /** Where the first piece stands. */
  #start = 0;
  #end = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes more bytes, and drops those that nothing can reach back to. */
  add(piece: Uint8Array): void {
    this.dropBefore(this.#end - this.#maxBytes);
    // The caller may use its buffer again.
    this.#pieces.push(new Uint8Array(piece));
    this.#end += piece.length;
  }

  dropBefore(at: number): void {
    let dropped = 0;
    for (const piece of this.#pieces) {
      if (this.#start + piece.length > at) break;
      this.#start += piece.length;
      dropped += 1;
    }
    if (dropped > 0) this.#pieces.splice(0, dropped);
  }

  /** The bytes from `start` to `end`; `undefined` when they were dropped. */
  cut(start: number, end: number): Uint8Array | undefined {
    if (start < this.#start || end - start > this.#maxBytes) return undefined;
    const bytes = new Uint8Array(end - start);
    let at = this.#start;
    for (const piece of this.#pieces) {
      if (at >= end) break;
      const part = piece.subarray(Math.max(0, start - at), Math.max(0, end - at));
      bytes.set(part, Math.max(0, at - start));
      at += piece.length;
    }
    return bytes;
  }
}
