// Gives output to a caller as text while it is written. In: pieces of bytes. Out: pieces of text.
// A character whose bytes lie in two pieces comes with the second; bytes that are no UTF-8 come as U+FFFD.

import type { Stream } from './job.js';

/** Hears what a program writes, in its order for each of the two streams. */
export type OutputListener = (stream: Stream, text: string) => void;

export class StreamText {
  readonly #listener: OutputListener;
  readonly #decoders: Record<Stream, TextDecoder>;

  constructor(listener: OutputListener) {
    this.#listener = listener;
    this.#decoders = { stdout: makeDecoder(), stderr: makeDecoder() };
  }

  write(stream: Stream, bytes: Uint8Array): void {
    this.#give(stream, this.#decoders[stream].decode(bytes, { stream: true }));
  }

  /** Gives what waited for bytes that did not come. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) this.#give(stream, this.#decoders[stream].decode());
  }

  #give(stream: Stream, text: string): void {
    if (text !== '') this.#listener(stream, text);
  }
}

function makeDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
