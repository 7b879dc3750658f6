// `npm run sizes`: writes into the README how large the packages are, measured on what is built.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { replaceTable } from './matrix/table.mjs';
import { repository } from './setup/folders.mjs';
import { runAsProgram } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

runAsProgram(import.meta.url, async () => {
  await build(await setUpBuild());
  const { describeSizes, measureSizes } = await import('./sizes/measure.mjs');
  const table = describeSizes(await measureSizes());
  const readme = join(repository, 'README.md');
  writeFileSync(readme, replaceTable(readFileSync(readme, 'utf8'), 'sizes', table));
  process.stdout.write(`${table}\n`);
});
