import { callCore } from './call.js';
import { type ObserveProfileOptions, observeWith } from './profiles.js';
import type { Observation, RunResult } from './types.js';

/**
 * Joins `stdout` and `stderr` of a result with nothing added and nothing interpreted; with a profile, writes what its
 * framework would let the model read.
 */
export function observe(result: RunResult, options?: ObserveProfileOptions): Observation {
  if (options) return observeWith(result, options);
  const { compile, run } = result;
  return callCore('observe', '', { compile, run });
}
