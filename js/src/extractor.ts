import { core, coreMemory } from './core.js';
import { RunError } from './error.js';
import { CLOSED, CODE_IS_CUT, HAS_LANG, INDENTED } from './flags.js';
import type { BlockScanner } from './generated/fencerun.js';
import { KEPT } from './machine.js';
import { readOptions, readRepairs } from './options.js';
import type { Block, ExtractEvent, ExtractOptions } from './types.js';

/** The events by the first of their numbers, as `crates/blocks/src/wasm/stream.rs` writes them. */
const OPENED = 0;
const CODE = 1;

/** What the core waits for, as it says; else it is the character of the open block's fence. */
const ANYTHING = 0;
const RUN = 1;

/** Chunks up to this long are looked at here; longer ones, and what waits beyond it at a line's end, go to the core. */
const SHORT_CHUNK = 64;
const MAX_WAITING = 1 << 10;
/** A longer line goes to the core before its end. */
const MAX_LINE = 1 << 14;
const MIN_BYTES = 1 << 12;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const BACKTICK = 0x60;
const TILDE = 0x7e;

const encoder = new TextEncoder();

/**
 * Finds code blocks in a text that arrives in chunks, cut anywhere.
 *
 * Any split of the text gives the same blocks, and the same events once `code` events are joined,
 * as the whole text. Memory is bounded by the longest line and the open block.
 */
export class Extractor {
  // The core is asked as seldom as can be: a chunk of some characters costs less than a call. The core says what it
  // waits for; up to there chunks wait here, whole lines at a time, and code among them is told at once.

  #scanner: BlockScanner | undefined;
  #input = new Uint8Array(0);
  #numbers = new Uint32Array(0);
  /** A high surrogate at the end of a chunk, which waits for its other half. */
  #half = '';
  #open: Omit<Block, 'codeSpan' | 'closed' | 'repairs'> | undefined;
  #awaited: number;
  /** What the core has not been given. It starts a line. */
  #waiting = '';
  /** What of the last chunk is to be told as code. */
  #code = '';
  /** The end of that which has not been told as code: it may be part of a fence. */
  #untold = '';
  /** How much has been told as code that the core has not told. */
  #ahead = 0;
  /** The backticks and tildes at the end. */
  #run = 0;
  /** Whether the line has what the core waits for. */
  #matters = false;
  /** Whether the line of code has nothing but white space yet. */
  #isBlank = true;
  /** Whether the line of code starts like a fence. */
  #isFence = false;

  /** @throws {RunError} with `invalid_options` for a profile or a repair that there is not. */
  constructor(options?: ExtractOptions) {
    this.#scanner = new (core().BlockScanner)(readOptions(options).bits);
    this.#awaited = this.#scanner.awaited();
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
    let length = this.#wait(text);
    // Most chunks end here, and a list that is made with its events takes less room than one that grows.
    if (length === 0) return this.#code === '' ? [] : [this.#tell(this.#code)];
    const events: ExtractEvent[] = [];
    while (length > 0) {
      this.#give(this.#waiting + text.slice(0, length), scanner, events);
      text = text.slice(length);
      length = this.#wait(text);
    }
    if (this.#code !== '') events.push(this.#tell(this.#code));
    return events;
  }

  /**
   * Ends the text and returns what that makes certain. The extractor is then at the start of
   * another text.
   */
  finish(): ExtractEvent[] {
    const scanner = this.#use();
    const events: ExtractEvent[] = [];
    const rest = this.#waiting + this.#half;
    this.#half = '';
    if (rest !== '') this.#give(rest, scanner, events);
    this.#readEvents(scanner, scanner.finish(), '', events);
    this.#awaited = scanner.awaited();
    return events;
  }

  /** Gives up the memory. May be called more than once; without it the collector does so. */
  free(): void {
    this.#scanner?.free();
    this.#scanner = undefined;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #use(): BlockScanner {
    if (!this.#scanner) throw new RunError('invalid_options', 'the extractor has been freed');
    return this.#scanner;
  }

  /**
   * Lets `text` wait if nothing can come of it but code, which is left in `#code`. Else returns the length of the front
   * that has to go to the core, with what waits before it.
   */
  #wait(text: string): number {
    this.#code = '';
    if (this.#awaited === ANYTHING || text.length > SHORT_CHUNK)
      return text.lastIndexOf('\n') + 1 || text.length;
    if (this.#waiting.length > MAX_LINE) return text.length;
    return this.#awaited === RUN ? this.#waitForRun(text) : this.#waitForMarker(text);
  }

  #waitForRun(text: string): number {
    let run = this.#run;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKTICK || code === TILDE) {
        run += 1;
        if (run === 3) this.#matters = true;
      } else {
        run = 0;
        if (code > CARRIAGE_RETURN) continue;
        if (code === LINE_FEED ? this.#matters || this.#waiting.length > MAX_WAITING : this.#matters)
          return at + 1;
      }
    }
    this.#run = run;
    this.#waiting += text;
    return 0;
  }

  #waitForMarker(text: string): number {
    const marker = this.#awaited;
    let certain = 0;
    let isBlank = this.#isBlank;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > SPACE && code !== marker && (code & 0xf800) !== 0xd800) {
        isBlank = false;
        if (!this.#isFence) certain = at + 1;
      } else if (code === LINE_FEED) {
        if (this.#matters || this.#waiting.length > MAX_WAITING) return at + 1;
        certain = at + 1;
        isBlank = true;
      } else if (code === marker) {
        this.#matters = true;
        if (isBlank) this.#isFence = true;
        isBlank = false;
      } else if (code !== SPACE && code !== TAB) {
        // Among these are what the core replaces: NUL, carriage returns, and surrogates without their other half.
        return text.length;
      }
    }
    this.#isBlank = isBlank;
    this.#waiting += text;
    if (certain === 0) {
      this.#untold += text;
      return 0;
    }
    const told = certain === text.length ? text : text.slice(0, certain);
    this.#code = this.#untold === '' ? told : this.#untold + told;
    this.#untold = certain === text.length ? '' : text.slice(certain);
    this.#ahead += this.#code.length;
    return 0;
  }

  /** Gives `text`, all that waits, to the core. */
  #give(text: string, scanner: BlockScanner, events: ExtractEvent[]): void {
    this.#waiting = '';
    this.#untold = '';
    this.#run = 0;
    this.#matters = false;
    this.#isBlank = true;
    this.#isFence = false;
    const written = this.#write(text, scanner);
    const count = scanner.push(written);
    this.#awaited = scanner.awaited();
    // A lone surrogate is U+FFFD, as everywhere where text becomes UTF-8. ASCII has none.
    const chunk = written === text.length ? text : text.toWellFormed();
    if (count > 0) this.#readEvents(scanner, count, chunk, events);
  }

  /** Writes `text` into the memory and returns its length in bytes. */
  #write(text: string, scanner: BlockScanner): number {
    const { buffer } = coreMemory();
    if (this.#input.length < text.length * 3 || this.#input.buffer !== buffer) {
      const length = Math.max(text.length * 3, MIN_BYTES);
      const address = scanner.reserve(length);
      this.#input = new Uint8Array(coreMemory().buffer, address, length);
    }
    return encoder.encodeInto(text, this.#input).written;
  }

  #tell(code: string): ExtractEvent {
    if (this.#open) this.#open.code += code;
    return { type: 'code', code };
  }

  #readEvents(scanner: BlockScanner, count: number, chunk: string, events: ExtractEvent[]): void {
    const { buffer } = coreMemory();
    if (this.#numbers.buffer !== buffer) this.#numbers = new Uint32Array(buffer);
    const numbers = this.#numbers;
    let at = scanner.numbers() / Uint32Array.BYTES_PER_ELEMENT;
    const end = at + count;
    const next = (): number => numbers[at++] ?? 0;
    const nextPiece = (): string => {
      const start = next();
      const end = next();
      return end === KEPT ? scanner.string(start) : chunk.slice(start, end);
    };
    while (at < end) {
      const type = next();
      if (type === OPENED) events.push(this.#readOpening(next, nextPiece));
      else if (type === CODE) {
        // What was told ahead is the front of what the core tells now.
        const code = nextPiece();
        if (code.length > this.#ahead) events.push(this.#tell(code.slice(this.#ahead)));
        this.#ahead = Math.max(this.#ahead - code.length, 0);
      } else events.push({ type: 'close', block: this.#readClosing(next) });
    }
  }

  #readOpening(next: () => number, nextPiece: () => string): ExtractEvent {
    const flags = next();
    const kind = (flags & INDENTED) === 0 ? 'fenced' : 'indented';
    const depth = next();
    const at = next();
    const info = nextPiece();
    const lang = (flags & HAS_LANG) === 0 ? null : nextPiece();
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
