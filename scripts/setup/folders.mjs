// Where things are: the repository, and the cache folder that outlives it.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** The folder for everything that is built once a machine: tools, the Python guest, logs. */
export function locateCache(env = process.env) {
  if (env.FENCERUN_CACHE) return resolve(env.FENCERUN_CACHE);
  if (env.XDG_CACHE_HOME) return join(resolve(env.XDG_CACHE_HOME), 'fencerun');
  return join(homedir(), '.cache', 'fencerun');
}
