// `npm run -s fencerun -- ARGS`: the command line of this checkout, built first when it is out of date.

import { join } from 'node:path';
import { build } from './build.mjs';
import { repository } from './setup/folders.mjs';
import { handOver } from './setup/hand-over.mjs';
import { runAsProgram } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

/** Runs the built command with `args` in the folder from which npm was called. */
export async function runFencerun(args) {
  await build(await setUpBuild());
  const command = join(repository, 'pkg', 'dist', 'cli.js');
  return handOver(process.execPath, [command, ...args], { cwd: process.env.INIT_CWD ?? process.cwd() });
}

runAsProgram(import.meta.url, runFencerun);
