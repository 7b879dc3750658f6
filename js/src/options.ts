import { core } from './core.js';
import { RunError } from './error.js';
import type { ExtractOptions, Repair } from './types.js';

/** {@link ExtractOptions} as the core takes them. */
export interface Settings {
  indented: boolean;
  /** A bit for each repair, {@link INDENTED} and {@link KEEP}. */
  bits: number;
}

const ALL_REPAIRS = 0xffff;
/** Indented code is reported. */
const INDENTED = 1 << 16;
/** Line endings are kept. */
const KEEP = 1 << 17;
const MODEL_OUTPUT: Settings = { indented: false, bits: ALL_REPAIRS };

let names: readonly Repair[] | undefined;

/** The repairs, in the order of their bits. */
function repairNames(): readonly Repair[] {
  names ??= core().repairNames().split('\n') as Repair[];
  return names;
}

/** The repairs whose bits are set. */
export function readRepairs(bits: number): Repair[] {
  return bits === 0 ? [] : repairNames().filter((_, bit) => (bits >> bit) & 1);
}

/** @throws {RunError} with `invalid_options` for a profile or a repair that there is not. */
export function readOptions(options: ExtractOptions | undefined): Settings {
  if (options === undefined) return MODEL_OUTPUT;
  const { profile = 'llm', indented = false, lineEndings, repairs } = options;
  if (profile !== 'llm' && profile !== 'commonmark') {
    throw new RunError('invalid_options', `profile: expected llm or commonmark, found \`${profile}\``);
  }
  let bits = profile === 'llm' ? ALL_REPAIRS : 0;
  for (const [name, isOn] of Object.entries(repairs ?? {})) {
    const bit = repairNames().indexOf(name as Repair);
    if (bit === -1) {
      const known = repairNames().join(', ');
      throw new RunError('invalid_options', `repairs: expected ${known}, found \`${name}\``);
    }
    bits = isOn ? bits | (1 << bit) : bits & ~(1 << bit);
  }
  if (indented) bits |= INDENTED;
  if (lineEndings === 'keep') bits |= KEEP;
  return { indented, bits };
}
