import { CLOSED, CODE_IS_CUT, HAS_LANG, INDENTED } from './flags.js';
import { Answer, giveText, releaseText } from './machine.js';
import { readOptions, readRepairs } from './options.js';
import { extractPlain } from './plain.js';
import { type Extracted, type ExtractProfileOptions, extractWith } from './profiles.js';
import type { Block, ExtractOptions } from './types.js';

/** The numbers of one block, in the order that `crates/blocks/src/wasm/blocks.rs` writes them. */
const NUMBERS = 11;

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
  const { indented, bits } = readOptions(options);
  const plain = indented ? null : extractPlain(text, endsInString);
  if (plain) return plain;
  const given = giveText(text);
  const count = given.scanner.scan(given.bytes, bits);
  const blocks = count === 0 ? [] : readBlocks(new Answer(text, given), count);
  releaseText();
  return blocks;
}

/** Whether `code` ends inside a triple-quoted string of Python, as the core follows them. */
function endsInString(code: string): boolean {
  const { scanner, bytes } = giveText(code);
  return scanner.endsInString(bytes);
}

function readBlocks(answer: Answer, count: number): Block[] {
  const blocks: Block[] = [];
  for (let index = 0; index < count; index++) blocks.push(readBlock(answer, index * NUMBERS));
  return blocks;
}

function readBlock(answer: Answer, at: number): Block {
  const flags = answer.number(at);
  const isCut = (flags & CODE_IS_CUT) !== 0;
  const info = answer.piece(at + 7) ?? '';
  // The tag is the whole info string more often than not.
  const isInfo =
    answer.number(at + 9) === answer.number(at + 7) && answer.number(at + 10) === answer.number(at + 8);
  return {
    kind: (flags & INDENTED) === 0 ? 'fenced' : 'indented',
    lang: (flags & HAS_LANG) === 0 ? null : isInfo ? info : answer.piece(at + 9),
    info,
    code: answer.piece(at + 5) ?? '',
    span: { start: answer.number(at + 3), end: answer.number(at + 4) },
    codeSpan: isCut ? { start: answer.number(at + 5), end: answer.number(at + 6) } : null,
    closed: (flags & CLOSED) !== 0,
    depth: answer.number(at + 1),
    repairs: readRepairs(answer.number(at + 2)),
  };
}
