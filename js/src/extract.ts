import { core } from './core.js';
import { type Extracted, type ExtractProfileOptions, extractWith } from './profiles.js';
import type { Block } from './types.js';

/**
 * Finds the fenced code blocks of a text, in order, as CommonMark 0.31.2 delimits them.
 * Never throws: a text without code has an empty list.
 */
export function extract(text: string): Block[];
/** Finds the code of a text that the framework behind a profile would run. */
export function extract(text: string, options: ExtractProfileOptions): Extracted;
export function extract(text: string, options?: ExtractProfileOptions): Block[] | Extracted {
  return options ? extractWith(text, options) : core().extract(text);
}

/** SandboxFusion's name for a language as people write it (`Py`, `c++`), or `undefined`. */
export function languageOf(name: string): string | undefined {
  return core().languageOf(name);
}

/**
 * Picks the block that runs: the first in one of `languages`, where an untagged block counts as
 * Python. `undefined` when no block can run.
 */
export function selectBlock(
  text: string,
  languages: readonly string[],
): { block: Block; language: string } | undefined {
  const selected = core().selectBlock(text, [...languages]) as
    | { index: number; language: string }
    | undefined;
  const block = selected && extract(text)[selected.index];
  return block && { block, language: selected.language };
}
