import { core, coreMemory } from './core.js';
import { CLOSED, CODE_IS_CUT, HAS_LANG, INDENTED } from './flags.js';
import type { BlockScanner } from './generated/fencerun.js';
import { readOptions, readRepairs } from './options.js';
import { extractPlain } from './plain.js';
import { type Extracted, type ExtractProfileOptions, extractWith } from './profiles.js';
import type { Block, ExtractOptions } from './types.js';

/** The numbers of one block, in the order that `crates/blocks/src/wasm/blocks.rs` writes them. */
const NUMBERS = 11;

/** A buffer that grew beyond this is given back after the text: 4 MiB. */
const MAX_KEPT_BYTES = 4 << 20;
/** The least room that is made: texts of about the same length then share one buffer. */
const MIN_BYTES = 1 << 14;

const encoder = new TextEncoder();

/** What the core scans with, and the views of its memory. Made by the first text that is not plain. */
interface Machine {
  scanner: BlockScanner;
  /** The memory's buffer that the views look at; another one once the memory has grown. */
  buffer: ArrayBufferLike;
  input: Uint8Array;
  /** The whole memory as numbers. */
  numbers: Uint32Array;
}

let machine: Machine | undefined;

/**
 * Finds the code blocks of a text, in order, or, with the profile of a framework, the code that
 * it would run. Never throws for a text: one without code has an empty list.
 *
 * @throws {RunError} with `invalid_options` for a profile or a repair that there is not.
 */
export function extract(text: string, options?: ExtractOptions): Block[];
export function extract(text: string, options: ExtractProfileOptions): Extracted;
export function extract(text: string, options?: ExtractOptions | ExtractProfileOptions): Block[] | Extracted {
  return isOfFramework(options) ? extractWith(text, options) : extractBlocks(text, options);
}

function isOfFramework(options?: ExtractOptions | ExtractProfileOptions): options is ExtractProfileOptions {
  const profile = options?.profile;
  return profile !== undefined && profile !== 'llm' && profile !== 'commonmark';
}

function extractBlocks(text: string, options?: ExtractOptions): Block[] {
  const { indented, keep, repairs } = readOptions(options);
  const plain = indented ? null : extractPlain(text, endsInString);
  if (plain) return plain;
  const { scanner, input } = reserve(text.length * 3);
  const { written } = encoder.encodeInto(text, input);
  const count = scanner.scan(written, indented, keep, repairs);
  // A lone surrogate is U+FFFD, as everywhere where text becomes UTF-8. ASCII has none.
  const whole = written === text.length ? text : text.toWellFormed();
  const blocks = count === 0 ? [] : readBlocks(whole, count);
  if (input.length > MAX_KEPT_BYTES) release();
  return blocks;
}

/** Whether `code` ends inside a triple-quoted string of Python, as the core follows them. */
function endsInString(code: string): boolean {
  const { scanner, input } = reserve(code.length * 3);
  return scanner.endsInString(encoder.encodeInto(code, input).written);
}

/** Makes room for a text of at most `bytes` bytes. */
function reserve(bytes: number): Machine {
  const memory = coreMemory();
  if (machine && machine.input.length >= bytes && machine.buffer === memory.buffer) return machine;
  const scanner = machine?.scanner ?? new (core().BlockScanner)();
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

function release(): void {
  machine?.scanner.free();
  machine = undefined;
}

function readBlocks(text: string, count: number): Block[] {
  const { buffer } = coreMemory();
  if (!machine) return [];
  const { scanner } = machine;
  const numbers = machine.buffer === buffer ? machine.numbers : new Uint32Array(buffer);
  const first = scanner.numbers() / Uint32Array.BYTES_PER_ELEMENT;
  const blocks: Block[] = [];
  for (let index = 0; index < count; index++) {
    blocks.push(readBlock(text, scanner, numbers, first + index * NUMBERS));
  }
  return blocks;
}

function readBlock(text: string, scanner: BlockScanner, numbers: Uint32Array, at: number): Block {
  const flags = numbers[at] ?? 0;
  const isCut = (flags & CODE_IS_CUT) !== 0;
  const codeSpan = isCut ? { start: numbers[at + 5] ?? 0, end: numbers[at + 6] ?? 0 } : null;
  const info = readString(text, scanner, numbers[at + 7] ?? 0, numbers[at + 8] ?? 0);
  // The tag is the whole info string more often than not.
  const isInfo = numbers[at + 9] === numbers[at + 7] && numbers[at + 10] === numbers[at + 8];
  const hasLang = (flags & HAS_LANG) !== 0;
  const lang =
    hasLang && !isInfo ? readString(text, scanner, numbers[at + 9] ?? 0, numbers[at + 10] ?? 0) : info;
  return {
    kind: (flags & INDENTED) === 0 ? 'fenced' : 'indented',
    lang: hasLang ? lang : null,
    info,
    code: codeSpan ? text.slice(codeSpan.start, codeSpan.end) : scanner.string(numbers[at + 5] ?? 0),
    span: { start: numbers[at + 3] ?? 0, end: numbers[at + 4] ?? 0 },
    codeSpan,
    closed: (flags & CLOSED) !== 0,
    depth: numbers[at + 1] ?? 0,
    repairs: readRepairs(numbers[at + 2] ?? 0),
  };
}

/** What does not stand in the text ends at 0 and is the string at its start. */
function readString(text: string, scanner: BlockScanner, start: number, end: number): string {
  return end === 0 ? scanner.string(start) : text.slice(start, end);
}
