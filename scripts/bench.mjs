// `npm run bench [-- --json]`: builds, installs the peers, and compares.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { repository } from './setup/folders.mjs';
import { CannotGoOn, runAsProgram, say } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

runAsProgram(import.meta.url, async (args) => {
  await build(await setUpBuild());
  const folder = join(repository, 'benches');
  if (!existsSync(join(folder, 'node_modules'))) {
    say('bench: installing the peers to compare with (some seconds)');
    const { status } = spawnSync('npm', ['ci', '--no-workspaces', '--silent'], {
      cwd: folder,
      stdio: 'inherit',
    });
    if (status !== 0)
      throw new CannotGoOn('the peers could not be installed: run `npm ci` in benches/ by hand');
  }
  const { status } = spawnSync(process.execPath, [join(folder, 'run.mjs'), ...args], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
});
