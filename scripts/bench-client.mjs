// `npm run bench:client [-- --json]`: builds, and compares the client with a bare `fetch`.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { repository } from './setup/folders.mjs';
import { runAsProgram } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

runAsProgram(import.meta.url, async (args) => {
  await build(await setUpBuild());
  const program = join(repository, 'benches', 'client.mjs');
  const { status } = spawnSync(process.execPath, ['--expose-gc', program, ...args], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
});
