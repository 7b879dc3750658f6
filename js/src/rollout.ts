import { fromCoreRollout } from './convert.js';
import { core } from './core.js';
import type { Rollout } from './types.js';

/**
 * Reads one line of a rollout log: verl's dump or ToRA's. Bare `NaN` and `Infinity` are read.
 *
 * @throws {Error} with a sentence when the line is not JSON or of no known format.
 */
export function readRolloutLine(line: string): Rollout {
  return fromCoreRollout(core().readRolloutLine(line));
}

/** Whether a new observation is the recorded one, line ends at the end apart. */
export function isIdentical(recorded: string, observed: string): boolean {
  return core().isIdentical(recorded, observed);
}
