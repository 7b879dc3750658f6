import { core } from './core.js';
import { RunError } from './error.js';
import type { Block } from './types.js';

/** In the order of `Choice::NAMES` in `crates/blocks/src/select.rs`. */
const CHOICES = ['first', 'last', 'all', 'joined'] as const;
/** The bits of all languages. */
const ALL = -1;

/** Which blocks run. */
export interface SelectOptions {
  /** The languages that may run. Default: all of SandboxFusion. */
  languages?: readonly string[];
  /** The language that a block without a tag counts as; `null` to pass it over. Default `python`. */
  untagged?: string | null;
  /**
   * `first` (the default), `last`, `all`: each a program of its own, or `joined`: every one in the
   * language of the first, as one program with a line feed between them.
   */
  choice?: (typeof CHOICES)[number];
}

/** Code that runs, and the blocks it comes from. */
export interface Program {
  code: string;
  /** SandboxFusion's name of the language. */
  language: string;
  blocks: Block[];
}

let languageNames: readonly string[] | undefined;

/** The languages of SandboxFusion, by its names. */
export function languages(): readonly string[] {
  languageNames ??= Object.freeze(core().languages().split('\n'));
  return languageNames;
}

/** SandboxFusion's name for a language as people write it (`Py`, `c++`), or `undefined`. */
export function languageOf(name: string): string | undefined {
  return languages()[core().languageOf(name)];
}

/**
 * Picks the programs that run; none when no block can. A block whose tag names no language, as
 * `output` and `text`, never runs.
 *
 * @throws {RunError} with `invalid_options` for a choice that there is not.
 */
export function select(blocks: readonly Block[], options: SelectOptions = {}): Program[] {
  const names = languages();
  const { languages: wanted, untagged = 'python', choice = 'first' } = options;
  const place = CHOICES.indexOf(choice);
  if (place === -1) {
    const known = CHOICES.join(', ');
    throw new RunError('invalid_options', `choice: expected one of ${known}, found \`${choice}\``);
  }
  // A tag of more than one line, which no block has, names no language.
  const langs = blocks.map(({ lang }) => `${(lang ?? '').replaceAll('\n', ' ')}\n`).join('');
  const run = wanted === undefined ? ALL : bitsOf(wanted);
  const chosen = core().selectBlocks(langs, run, untagged === null ? 0 : bitsOf([untagged]), place);
  const programs: Program[] = [];
  for (let at = 0; at < chosen.length; at += 2) {
    const block = blocks[chosen[at] ?? 0];
    const language = names[chosen[at + 1] ?? 0];
    if (block && language) programs.push({ code: block.code, language, blocks: [block] });
  }
  return choice === 'joined' ? join(programs) : programs;
}

/** Languages as the core takes them: a bit for each. */
function bitsOf(wanted: readonly string[]): number {
  return wanted.reduce((bits, name) => {
    const place = core().languageOf(name);
    return place < languages().length ? bits | (1 << place) : bits;
  }, 0);
}

function join(programs: readonly Program[]): Program[] {
  const [first] = programs;
  if (!first) return [];
  const code = programs.map((program) => program.code).join('\n');
  return [{ ...first, code, blocks: programs.flatMap((program) => program.blocks) }];
}
