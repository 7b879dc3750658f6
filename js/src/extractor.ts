import { core, coreMemory } from './core.js';
import { RunError } from './error.js';
import { CLOSED, CODE_IS_CUT, HAS_LANG, INDENTED } from './flags.js';
import type { StreamScanner } from './generated/fencerun.js';
import { readOptions, readRepairs } from './options.js';
import type { Block, ExtractEvent, ExtractOptions } from './types.js';

/** The events by the first of their numbers, as `crates/blocks/src/wasm/stream.rs` writes them. */
const OPENED = 0;
const CODE = 1;

/** Chunks up to this long are written a character at a time: it beats a call of the encoder. */
const SHORT_CHUNK = 24;
const MIN_BYTES = 1 << 10;

const encoder = new TextEncoder();

/**
 * Finds code blocks in a text that arrives in chunks, cut anywhere.
 *
 * Any split of the text gives the same blocks, and the same events once `code` events are joined,
 * as the whole text. Memory is bounded by the longest line and the open block.
 */
export class Extractor {
  #scanner: StreamScanner | undefined;
  #input = new Uint8Array(0);
  #numbers = new Uint32Array(0);
  /** A high surrogate at the end of a chunk, which waits for its other half. */
  #half = '';
  #open: Omit<Block, 'codeSpan' | 'closed' | 'repairs'> | undefined;

  /** @throws {RunError} with `invalid_options` for a profile or a repair that there is not. */
  constructor(options?: ExtractOptions) {
    const { indented, keep, repairs } = readOptions(options);
    this.#scanner = new (core().StreamScanner)(indented, keep, repairs);
  }

  /** Takes the next chunk and returns what it makes certain, often nothing. */
  push(chunk: string): ExtractEvent[] {
    const scanner = this.#use();
    let text = this.#half === '' ? chunk : this.#half + chunk;
    this.#half = '';
    const last = text.charCodeAt(text.length - 1);
    if (last >= 0xd800 && last < 0xdc00) {
      this.#half = text.slice(-1);
      text = text.slice(0, -1);
    }
    const written = this.#write(text, scanner);
    const count = scanner.push(written);
    if (count === 0) return [];
    // A lone surrogate is U+FFFD, as everywhere where text becomes UTF-8. ASCII has none.
    return this.#readEvents(scanner, count, written === text.length ? text : text.toWellFormed());
  }

  /**
   * Ends the text and returns what that makes certain. The extractor is then at the start of
   * another text.
   */
  finish(): ExtractEvent[] {
    const scanner = this.#use();
    const half = this.#half;
    this.#half = '';
    // A half without its other half is U+FFFD, as everywhere where text becomes UTF-8.
    const count = half === '' ? 0 : scanner.push(this.#write(half, scanner));
    const pushed = count === 0 ? [] : this.#readEvents(scanner, count, '\ufffd');
    return [...pushed, ...this.#readEvents(scanner, scanner.finish(), '')];
  }

  /** Gives up the memory. May be called more than once; without it the collector does so. */
  free(): void {
    this.#scanner?.free();
    this.#scanner = undefined;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #use(): StreamScanner {
    if (!this.#scanner) throw new RunError('invalid_options', 'the extractor has been freed');
    return this.#scanner;
  }

  /** Writes `text` into the memory and returns its length in bytes. */
  #write(text: string, scanner: StreamScanner): number {
    const { buffer } = coreMemory();
    if (this.#input.length < text.length * 3 || this.#input.buffer !== buffer) {
      const length = Math.max(text.length * 3, MIN_BYTES);
      const address = scanner.reserve(length);
      this.#input = new Uint8Array(coreMemory().buffer, address, length);
    }
    const input = this.#input;
    if (text.length > SHORT_CHUNK) return encoder.encodeInto(text, input).written;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return encoder.encodeInto(text, input).written;
      input[index] = code;
    }
    return text.length;
  }

  #readEvents(scanner: StreamScanner, count: number, chunk: string): ExtractEvent[] {
    const { buffer } = coreMemory();
    if (this.#numbers.buffer !== buffer) this.#numbers = new Uint32Array(buffer);
    const numbers = this.#numbers;
    const events: ExtractEvent[] = [];
    let at = scanner.numbers() / Uint32Array.BYTES_PER_ELEMENT;
    const end = at + count;
    const next = (): number => numbers[at++] ?? 0;
    while (at < end) {
      const type = next();
      if (type === OPENED) events.push(this.#readOpening(scanner, next));
      else if (type === CODE) {
        const code = next() === 1 ? chunk : scanner.nextString();
        if (this.#open) this.#open.code += code;
        events.push({ type: 'code', code });
      } else events.push({ type: 'close', block: this.#readClosing(next) });
    }
    return events;
  }

  #readOpening(scanner: StreamScanner, next: () => number): ExtractEvent {
    const flags = next();
    const kind = (flags & INDENTED) === 0 ? 'fenced' : 'indented';
    const depth = next();
    const at = next();
    const lang = (flags & HAS_LANG) === 0 ? null : scanner.nextString();
    const info = scanner.nextString();
    this.#open = { kind, lang, info, code: '', span: { start: at, end: at }, depth };
    return { type: 'open', kind, lang, info, at, depth };
  }

  #readClosing(next: () => number): Block {
    const flags = next();
    const repairs = readRepairs(next());
    const span = { start: next(), end: next() };
    const code = { start: next(), end: next() };
    const { kind, lang, info, code: text, depth } = this.#open ?? EMPTY;
    this.#open = undefined;
    const codeSpan = (flags & CODE_IS_CUT) === 0 ? null : code;
    return { kind, lang, info, code: text, span, codeSpan, closed: (flags & CLOSED) !== 0, depth, repairs };
  }
}

/** Every block is opened before it ends; this stands in only for the type checker. */
const EMPTY = { kind: 'fenced', lang: null, info: '', code: '', depth: 0 } as const;
