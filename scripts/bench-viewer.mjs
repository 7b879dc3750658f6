// `npm run bench:viewer`: builds, and measures the viewer on a large log in a real browser.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { prepareBrowser } from './setup/browser.mjs';
import { repository } from './setup/folders.mjs';
import { runAsProgram } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

runAsProgram(import.meta.url, async () => {
  await build(await setUpBuild());
  const { browser } = await prepareBrowser();
  const { status } = spawnSync(process.execPath, [join(repository, 'benches', 'viewer.mjs')], {
    stdio: 'inherit',
    env: { ...process.env, CHROME: browser },
  });
  process.exitCode = status ?? 1;
});
