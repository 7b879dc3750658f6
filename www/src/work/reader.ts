// The bytes of a file by position, whether it lies in memory, on disk or behind a server.

import type { SourceSpec } from './protocol.js';

export interface Reader {
  readonly name: string;
  /** How many bytes there are now. */
  size(): Promise<number>;
  /** The bytes from `start` up to `end`; fewer when the file ends before. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** The same, some at a time: the next ones are fetched while these are worked on. */
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
}

export function openReader(source: SourceSpec): Reader {
  return source.kind === 'blob'
    ? new BlobReader(source.name, source.blob)
    : new UrlReader(source.name, source.url);
}

class BlobReader implements Reader {
  constructor(
    readonly name: string,
    readonly blob: Blob,
  ) {}

  async size() {
    return this.blob.size;
  }

  async read(start: number, end: number) {
    return new Uint8Array(await this.blob.slice(start, end).arrayBuffer());
  }

  stream(start: number, end: number) {
    return readChunks(this.blob.slice(start, end).stream());
  }
}

/** Reads parts by `Range`; a server that gives no parts is read once, whole. */
class UrlReader implements Reader {
  #whole: Promise<Blob> | undefined;

  constructor(
    readonly name: string,
    readonly url: string,
  ) {}

  async size() {
    if (this.#whole) return (await this.#whole).size;
    const response = await fetch(this.url, { method: 'HEAD', cache: 'no-store' });
    if (!response.ok) throw new Error(`${this.url} answered ${response.status}`);
    const length = response.headers.get('content-length');
    if (response.headers.get('accept-ranges') === 'bytes' && length !== null) return Number(length);
    this.#whole = fetch(this.url).then((answer) => answer.blob());
    return (await this.#whole).size;
  }

  async read(start: number, end: number) {
    const part = await this.#fetch(start, end);
    return part ? new Uint8Array(await part.arrayBuffer()) : new Uint8Array();
  }

  async *stream(start: number, end: number) {
    const part = await this.#fetch(start, end);
    const body = part instanceof Response ? part.body : part?.stream();
    if (body) yield* readChunks(body);
  }

  /** The part of the file; `undefined` when there is nothing in it. */
  async #fetch(start: number, end: number): Promise<Blob | Response | undefined> {
    if (start >= end) return undefined;
    if (this.#whole) return (await this.#whole).slice(start, end);
    const headers = { range: `bytes=${start}-${end - 1}` };
    const response = await fetch(this.url, { headers, cache: 'no-store' });
    if (response.status === 416) return undefined;
    if (response.status === 200) {
      this.#whole = response.blob();
      return this.#fetch(start, end);
    }
    if (response.status !== 206) throw new Error(`${this.url} answered ${response.status}`);
    return response;
  }
}

/**
 * Streams can be iterated over only in some browsers. Reading into memory of one's own (`byob`) would be faster, but Chromium's streams
 * of files were seen to stop in the middle with it.
 */
async function* readChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Nobody waits for what was not read.
    void reader.cancel().catch(() => {});
  }
}
