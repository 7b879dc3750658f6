import type { Loop } from './loops.js';

/** A model's continuation that has come to its end. */
export interface GeneratedText {
  /** What it wrote, with or without the stop string. */
  text: string;
  /** The stop string that ended it; `null` when it ended by itself. Left out: what stands in the text decides. */
  stop?: string | null;
  /** Whether it ended at a bound on its length. Nothing of such a turn runs. Default `false`. */
  truncated?: boolean;
}

/** What a model's function may give: the whole text, what is known of it, or the text in chunks. */
export type Generated = string | GeneratedText | AsyncIterable<string>;

/** What a function that writes as a model gets besides the text so far. */
export interface GenerateOptions {
  /** The strings at which to stop; a stream that goes on behind one is ended there. */
  stop: readonly string[];
  /** Aborted when the rollout is, and as soon as enough was written. */
  signal: AbortSignal;
  /** Which turn of the rollout this is, from 0. */
  turn: number;
}

/** Continues a text as a model. */
export type Generate = (text: string, options: GenerateOptions) => Generated | Promise<Generated>;

/** One stretch of a turn. */
export interface Stretch {
  text: string;
  /** The stop string that it ended at, which `text` does not have; `undefined` when nobody knows. */
  stop: string | null | undefined;
  /** Whether it ended at a bound. */
  truncated: boolean;
  /** Whether it was ended behind its first program. */
  cut: boolean;
}

/** Sees a turn grow. */
export interface Watcher {
  /** Takes the next chunk; where the first program ends in the text so far, `undefined` as long as none does. */
  push(chunk: string): number | undefined;
  free(): void;
}

/** What to read a stretch with. */
export interface StretchOptions extends GenerateOptions {
  /** How many UTF-16 units are read at most. */
  maxLength: number;
  watcher: Watcher | undefined;
}

/** Reads what the model writes up to a stop string, to the end of the first program where a watcher looks for it, or to its end. */
export async function readStretch(
  generate: Generate,
  text: string,
  { maxLength, watcher, ...options }: StretchOptions,
): Promise<Stretch> {
  const enough = new AbortController();
  const signal = AbortSignal.any([options.signal, enough.signal]);
  const generated = await untilAborted(
    Promise.resolve(generate(text, { ...options, signal })),
    options.signal,
  );
  const reader = new StretchReader(options.stop, maxLength, watcher);
  if (typeof generated === 'string') return reader.push(generated) ?? reader.end(undefined);
  if (!(Symbol.asyncIterator in generated)) {
    const { text: written, stop, truncated = false } = generated;
    const read = reader.push(written) ?? reader.end(stop);
    return truncated ? { ...read, truncated } : read;
  }
  const iterator = generated[Symbol.asyncIterator]();
  for (;;) {
    const next = await untilAborted(iterator.next(), options.signal);
    if (next.done) return reader.end(undefined);
    const read = reader.push(next.value);
    if (!read) continue;
    enough.abort();
    // A stream may answer with the abort that has just ended it.
    await iterator.return?.().catch(() => {});
    return read;
  }
}

/** Finds the end of a stretch in chunks that may be cut anywhere. */
class StretchReader {
  #text = '';
  /** The end of the text, in which the beginning of a stop string may stand. */
  #tail = '';
  readonly #stop: readonly string[];
  readonly #maxLength: number;
  readonly #watcher: Watcher | undefined;
  readonly #longestStop: number;

  constructor(stop: readonly string[], maxLength: number, watcher: Watcher | undefined) {
    this.#stop = stop;
    this.#maxLength = maxLength;
    this.#watcher = watcher;
    this.#longestStop = Math.max(0, ...stop.map((one) => one.length));
  }

  push(chunk: string): Stretch | undefined {
    // Looked for in the end alone: to look into the whole text copies it with every chunk.
    const end = this.#tail + chunk;
    this.#text += chunk;
    const first = this.#findStop(end, this.#text.length - end.length);
    this.#tail = this.#longestStop > 1 ? end.slice(1 - this.#longestStop) : '';
    const cut = this.#watcher?.push(chunk);
    if (cut !== undefined && cut <= (first?.at ?? this.#text.length))
      return this.#take(cut, null, { cut: true });
    if (first) return this.#take(first.at, first.stop);
    if (this.#text.length > this.#maxLength)
      return this.#take(Math.max(0, this.#maxLength), null, { truncated: true });
    return undefined;
  }

  end(stop: string | null | undefined): Stretch {
    return this.#take(this.#text.length, stop);
  }

  #findStop(end: string, before: number): { at: number; stop: string } | undefined {
    let first: { at: number; stop: string } | undefined;
    for (const stop of this.#stop) {
      const at = end.indexOf(stop);
      if (at !== -1 && (!first || before + at < first.at)) first = { at: before + at, stop };
    }
    return first;
  }

  #take(length: number, stop: Stretch['stop'], more: Partial<Stretch> = {}): Stretch {
    return { text: this.#text.slice(0, length), stop, truncated: false, cut: false, ...more };
  }
}

/** The turn that a stretch makes: with the stop string where the loop keeps it. */
export function endTurn({ text, stop }: Stretch, { keepsStop }: Loop): string {
  return keepsStop && stop ? text + stop : text;
}

/** Rejects with the reason of the signal when that is aborted first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
