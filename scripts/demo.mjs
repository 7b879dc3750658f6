// `npm run demo [-- FILE…]`: replays recorded rollouts, the project's own samples or the given files.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runFencerun } from './fencerun.mjs';
import { repository } from './setup/folders.mjs';
import { CannotGoOn, runAsProgram } from './setup/program.mjs';

/** The options of `replay` that are followed by a value. */
const valued = ['--url', '--timeout', '--memory', '--limit', '--concurrency'];
/** One of the samples never ends; it was recorded with this time-out, in seconds. */
const sampleTimeout = '3';

runAsProgram(import.meta.url, (args) => {
  const isFile = (arg, index) => (arg === '-' || !arg.startsWith('-')) && !valued.includes(args[index - 1]);
  if (args.some(isFile)) return runFencerun(['replay', '--verbose', ...args]);
  return runFencerun(['replay', '--verbose', '--timeout', sampleTimeout, ...args, ...listSamples()]);
});

function listSamples() {
  const folder = join(repository, 'www', 'samples');
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    if (names.length > 0) return names.sort().map((name) => join(folder, name));
  } catch {
    // Said below in the same words as for an empty folder.
  }
  throw new CannotGoOn(`there are no samples in ${folder}: name a file, as in npm run demo -- FILE`);
}
