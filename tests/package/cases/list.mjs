// All cases of the matrix, a row each.

import { bundlers } from './bundlers.mjs';
import { frameworks } from './frameworks.mjs';
import { runtimes } from './runtimes.mjs';
import { types } from './types.mjs';

/** Every case: `row` names it, `fast` says that `npm test` runs it too, `run(place)` rejects where it fails. */
export function listCases() {
  return [...runtimes, ...bundlers, ...frameworks, ...types];
}
