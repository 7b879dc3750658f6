import { core, coreMemory } from './core.js';
import { RunError } from './error.js';
import type { BlockScanner } from './generated/fencerun.js';
import type { Block, ExtractOptions, Repair, Span } from './types.js';

/** The numbers of one block, in the order that `src/wasm/blocks.rs` writes them. */
const NUMBERS = 11;
const CLOSED = 1;
const INDENTED = 2;
const CODE_IS_CUT = 4;
const HAS_LANG = 8;

/** A buffer that grew beyond this is given back after the text: 4 MiB. */
const MAX_KEPT_BYTES = 4 << 20;

const encoder = new TextEncoder();

/** What the core scans with, and the views of its memory. Made by the first text with a fence. */
interface Machine {
  scanner: BlockScanner;
  /** The memory's buffer that the views look at; another one once the memory has grown. */
  buffer: ArrayBuffer;
  input: Uint8Array;
  /** The buffer as numbers, from its front. */
  numbers: Uint32Array;
  repairs: readonly Repair[];
}

let machine: Machine | undefined;

/**
 * Finds the code blocks of a text, in order. Never throws for a text: one without code has an
 * empty list.
 *
 * @throws {RunError} with `invalid_options` for a profile or a repair that there is not.
 */
export function extract(text: string, options?: ExtractOptions): Block[] {
  const settings = options === undefined ? DEFAULTS : readOptions(options);
  // No fence, no fenced block: most of what models write has neither character.
  if (!settings.indented && !text.includes('`') && !text.includes('~')) return [];
  const { scanner, input } = reserve(text.length * 3);
  const { written } = encoder.encodeInto(text, input);
  const count = scanner.scan(written, settings.indented, settings.keep, settings.repairs);
  const blocks = count === 0 ? [] : readBlocks(text, count);
  if (input.length > MAX_KEPT_BYTES) release();
  return blocks;
}

/** Makes room for a text of at most `bytes` bytes. */
function reserve(bytes: number): Machine {
  if (machine && machine.input.length >= bytes && machine.buffer === coreMemory().buffer) return machine;
  const scanner = machine?.scanner ?? new (core().BlockScanner)();
  // A little more than is asked for, so that texts of about the same length share one buffer.
  const length = Math.max(bytes, 1 << 14);
  const address = scanner.reserve(length);
  machine = buildMachine(scanner, address, length);
  return machine;
}

function buildMachine(scanner: BlockScanner, address: number, length: number): Machine {
  const buffer = coreMemory().buffer as ArrayBuffer;
  const repairs = machine?.repairs ?? (core().repairNames() as Repair[]);
  const input = new Uint8Array(buffer, address, length);
  return { scanner, buffer, input, numbers: new Uint32Array(buffer), repairs };
}

function release(): void {
  machine?.scanner.free();
  machine = undefined;
}

function readBlocks(text: string, count: number): Block[] {
  const { buffer } = coreMemory();
  if (!machine) return [];
  const { scanner, repairs } = machine;
  const numbers = machine.buffer === buffer ? machine.numbers : new Uint32Array(buffer);
  const first = scanner.numbers() / Uint32Array.BYTES_PER_ELEMENT;
  const blocks: Block[] = [];
  for (let index = 0; index < count; index++) {
    const at = first + index * NUMBERS;
    const number = (place: number): number => numbers[at + place] ?? 0;
    const span = (place: number): Span => ({ start: number(place), end: number(place + 1) });
    const string = (place: number): string =>
      number(place + 1) === 0 ? scanner.string(number(place)) : text.slice(number(place), number(place + 1));
    const flags = number(0);
    const isCut = (flags & CODE_IS_CUT) !== 0;
    const codeSpan = isCut ? span(5) : null;
    const bits = number(2);
    blocks.push({
      kind: (flags & INDENTED) === 0 ? 'fenced' : 'indented',
      lang: (flags & HAS_LANG) === 0 ? null : string(9),
      info: string(7),
      code: codeSpan ? text.slice(codeSpan.start, codeSpan.end) : scanner.string(number(5)),
      span: span(3),
      codeSpan,
      closed: (flags & CLOSED) !== 0,
      depth: number(1),
      repairs: bits === 0 ? [] : repairs.filter((_, bit) => (bits >> bit) & 1),
    });
  }
  return blocks;
}

interface Settings {
  indented: boolean;
  keep: boolean;
  /** A bit for each repair. */
  repairs: number;
}

const ALL_REPAIRS = 0xff;
const DEFAULTS: Settings = { indented: false, keep: false, repairs: ALL_REPAIRS };

function readOptions({ profile = 'llm', indented = false, lineEndings, repairs }: ExtractOptions): Settings {
  if (profile !== 'llm' && profile !== 'commonmark') {
    throw new RunError('invalid_options', `profile: expected llm or commonmark, found \`${profile}\``);
  }
  if (repairs === undefined)
    return { indented, keep: lineEndings === 'keep', repairs: profile === 'llm' ? ALL_REPAIRS : 0 };
  const names = core().repairNames() as Repair[];
  let bits = profile === 'llm' ? ALL_REPAIRS : 0;
  for (const [name, isOn] of Object.entries(repairs)) {
    const bit = names.indexOf(name as Repair);
    if (bit === -1) {
      throw new RunError('invalid_options', `repairs: expected ${names.join(', ')}, found \`${name}\``);
    }
    bits = isOn ? bits | (1 << bit) : bits & ~(1 << bit);
  }
  return { indented, keep: lineEndings === 'keep', repairs: bits };
}
