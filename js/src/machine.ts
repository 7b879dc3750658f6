import { core, coreMemory } from './core.js';
import type { BlockScanner } from './generated/fencerun.js';

// Texts go into the memory of the core as bytes, and answers come back as numbers: the two cost less than arguments and
// values of bindings would.

/** In place of an end: the piece is a string of the scanner's, or none. As `crates/blocks/src/wasm/blocks.rs` writes it. */
export const KEPT = 0xffffffff;

/** A buffer that grew beyond this is given back after the text: 4 MiB. */
const MAX_KEPT_BYTES = 4 << 20;
/** The least room that is made: texts of about the same length then share one buffer. */
const MIN_BYTES = 1 << 14;

const encoder = new TextEncoder();

/** What the core scans with, and the views of its memory. Made by the first text that goes through the core. */
interface Machine {
  scanner: BlockScanner;
  /** The memory's buffer that the views look at; another one once the memory has grown. */
  buffer: ArrayBufferLike;
  input: Uint8Array;
  /** The whole memory as numbers. */
  numbers: Uint32Array;
}

let machine: Machine | undefined;

/** A text that the core can read. */
export interface Given {
  scanner: BlockScanner;
  /** Its length in UTF-8. */
  bytes: number;
}

/** Hands a text to the core. */
export function giveText(text: string): Given {
  const { scanner, input } = reserve(text.length * 3);
  return { scanner, bytes: encoder.encodeInto(text, input).written };
}

/** Gives back the room of a text that was large, once its answer is read. */
export function releaseText(): void {
  if (machine === undefined || machine.input.length <= MAX_KEPT_BYTES) return;
  machine.scanner.free();
  machine = undefined;
}

/** Makes room for a text of at most `bytes` bytes. */
function reserve(bytes: number): Machine {
  const memory = coreMemory();
  if (machine && machine.input.length >= bytes && machine.buffer === memory.buffer) return machine;
  const scanner = machine?.scanner ?? new (core().BlockScanner)(0);
  const length = Math.max(bytes, MIN_BYTES);
  const address = scanner.reserve(length);
  const { buffer } = memory;
  machine = {
    scanner,
    buffer,
    input: new Uint8Array(buffer, address, length),
    numbers: new Uint32Array(buffer),
  };
  return machine;
}

/** The numbers of an answer, and the pieces of text that they tell of. */
export class Answer {
  readonly #text: string;
  readonly #scanner: BlockScanner;
  readonly #numbers: Uint32Array;
  readonly #first: number;
  #place = -1;
  #string = '';

  /** @param text The text that was given. */
  constructor(text: string, { scanner, bytes }: Given) {
    // A lone surrogate is U+FFFD, as everywhere where text becomes UTF-8. ASCII has none.
    this.#text = bytes === text.length ? text : text.toWellFormed();
    this.#scanner = scanner;
    const { buffer } = coreMemory();
    this.#numbers = machine?.buffer === buffer ? machine.numbers : new Uint32Array(buffer);
    this.#first = scanner.numbers() / Uint32Array.BYTES_PER_ELEMENT;
  }

  number(at: number): number {
    return this.#numbers[this.#first + at] ?? 0;
  }

  /** Whether the piece at `at` stands in the text. */
  isCut(at: number): boolean {
    return this.number(at + 1) !== KEPT;
  }

  /** The piece whose two numbers stand at `at`; `null` for none. */
  piece(at: number): string | null {
    const [start, end] = [this.number(at), this.number(at + 1)];
    if (end !== KEPT) return this.#text.slice(start, end);
    if (start === KEPT) return null;
    // The language of many programs is the same string.
    if (start !== this.#place) [this.#place, this.#string] = [start, this.#scanner.string(start)];
    return this.#string;
  }
}
