import { core } from './core.js';
import { callCore } from './error.js';
import type { Observation, RunResult } from './types.js';

/** Joins `stdout` and `stderr` of a result with nothing added and nothing interpreted. */
export function observe(result: RunResult): Observation {
  return callCore(() => core().observe({ compile: result.compile, run: result.run }));
}
