// Runs the programs of installed npm packages.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';

const packages = { tsc: 'typescript', 'wasm-opt': 'binaryen', biome: '@biomejs/biome' };

/** The script that the npm package of `program` starts it with, to be run by this Node. */
export function locateNodeProgram(program) {
  const require = createRequire(join(repository, 'package.json'));
  const manifest = require.resolve(`${packages[program]}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[program]);
}

/** Runs `program` with its output in a log file; failure stops the script with the end of that log. */
export async function runNodeModule(log, program, args, options = {}) {
  await runLogged(log, process.execPath, [locateNodeProgram(program), ...args], {
    cwd: repository,
    ...options,
  });
}
