// `npm run demo [-- FILE…]`: replays recorded rollouts, the project's own samples or the given files.

import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { runFencerun } from './fencerun.mjs';
import { repository } from './setup/folders.mjs';
import { CannotGoOn, runAsProgram } from './setup/program.mjs';

runAsProgram(import.meta.url, (args) => {
  const namesFile = args.some((arg) => !arg.startsWith('-') && extname(arg).startsWith('.json'));
  return runFencerun(['replay', '--verbose', ...args, ...(namesFile ? [] : listSamples())]);
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
