// Takes what a program writes and posts it in pieces. In: bytes of stdout and stderr. Out: at most `maxBytes` of each,
// in a bounded number of messages.
// A program that is killed must keep what it wrote, so pieces leave at once as long as there are few of them. After
// that they wait for a millisecond to pass or 4 KiB to collect: a flood of single characters stays cheap to receive.

import type { Stream } from './job.js';

const PROMPT_MESSAGES = 1024;
const WAIT_MS = 1;
const WAIT_BYTES = 4096;

class StreamOutput {
  remaining: number;
  truncated = false;
  pending: Uint8Array<ArrayBuffer>[] = [];
  pendingBytes = 0;
  constructor(maxBytes: number) {
    this.remaining = maxBytes;
  }
}

export class Output {
  readonly #streams: Record<Stream, StreamOutput>;
  readonly #post: (stream: Stream, bytes: Uint8Array<ArrayBuffer>) => void;
  #messages = 0;
  #lastMs = 0;

  constructor(maxBytes: number, post: (stream: Stream, bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#streams = { stdout: new StreamOutput(maxBytes), stderr: new StreamOutput(maxBytes) };
    this.#post = post;
  }

  /** Takes over `bytes`. */
  write(stream: Stream, bytes: Uint8Array): void {
    const output = this.#streams[stream];
    if (bytes.length > output.remaining) output.truncated = true;
    const kept = bytes.slice(0, output.remaining);
    if (kept.length === 0) return;
    output.remaining -= kept.length;
    output.pending.push(kept);
    output.pendingBytes += kept.length;
    const now = performance.now();
    if (
      this.#messages < PROMPT_MESSAGES ||
      output.pendingBytes >= WAIT_BYTES ||
      now - this.#lastMs >= WAIT_MS
    ) {
      this.#lastMs = now;
      this.flush();
    }
  }

  /** Posts what waits. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const output = this.#streams[stream];
      if (output.pendingBytes === 0) continue;
      const bytes = new Uint8Array(output.pendingBytes);
      let position = 0;
      for (const piece of output.pending) {
        bytes.set(piece, position);
        position += piece.length;
      }
      output.pending = [];
      output.pendingBytes = 0;
      this.#messages++;
      this.#post(stream, bytes);
    }
  }

  get truncated(): Stream[] {
    return (['stdout', 'stderr'] as const).filter((stream) => this.#streams[stream].truncated);
  }
}
