/**
 * The code blocks in a model's text, whole or streaming, and which of them runs: `fencerun` without the profiles of
 * frameworks, tool calls and sandboxes, with a module of WebAssembly of a third of the size.
 */

import { extract as extractAny } from '../extract.js';
import { readOptions } from '../options.js';
import type { Block, ExtractOptions } from '../types.js';

export { RunError, type RunErrorCode } from '../error.js';
export { Extractor } from '../extractor.js';
export { type InitInput, init, initSync } from '../init.js';
export { languageOf, languages, type Program, type SelectOptions, select } from '../select.js';
export type { CompiledModule, WasmSource } from '../source.js';
export type { Block, ExtractEvent, ExtractOptions, Repair, Span } from '../types.js';

/**
 * Finds the code blocks of a text, in order. Never throws for a text: one without code has an empty list.
 *
 * @throws {RunError} with `invalid_options` for a profile or a repair that there is not; those of frameworks are in
 *   `fencerun` itself.
 */
export function extract(text: string, options?: ExtractOptions): Block[] {
  readOptions(options);
  return extractAny(text, options);
}
