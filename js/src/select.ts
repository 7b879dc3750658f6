import { core } from './core.js';
import { RunError } from './error.js';
import type { Block } from './types.js';

const CHOICES = ['first', 'last', 'all', 'joined'] as const;

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
  const { untagged = 'python', choice = 'first' } = options;
  if (!CHOICES.includes(choice)) {
    const known = CHOICES.join(', ');
    throw new RunError('invalid_options', `choice: expected one of ${known}, found \`${choice}\``);
  }
  const wanted = options.languages && new Set(options.languages.map(languageOf));
  const programs: Program[] = [];
  for (const block of blocks) {
    // An empty tag is none.
    const name = block.lang || untagged;
    const language = name === null ? undefined : languageOf(name);
    if (language === undefined || wanted?.has(language) === false) continue;
    if (choice === 'joined' && programs[0] && programs[0].language !== language) continue;
    if (choice === 'last') programs.length = 0;
    programs.push({ code: block.code, language, blocks: [block] });
    if (choice === 'first') break;
  }
  return choice === 'joined' ? join(programs) : programs;
}

function join(programs: readonly Program[]): Program[] {
  const [first] = programs;
  if (!first) return [];
  const code = programs.map((program) => program.code).join('\n');
  return [{ ...first, code, blocks: programs.flatMap((program) => program.blocks) }];
}
