// `npm run test:matrix [-- WORD…]`: tries the packed package in every runtime, bundler and compiler, or in those whose
// row has one of the words. Ends with a table; `-- --readme` puts the table into the README.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { describeTable, replaceTable } from './matrix/table.mjs';
import { prepareBrowser } from './setup/browser.mjs';
import { repository } from './setup/folders.mjs';
import { prepareRuntimes } from './setup/package-tools.mjs';
import { CannotGoOn, runAsProgram, say } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

runAsProgram(import.meta.url, async (args) => {
  const words = args.filter((arg) => arg !== '--readme');
  const isForReadme = words.length < args.length;
  if (isForReadme && words.length > 0) throw new CannotGoOn('the table of the README takes the whole matrix');
  await build(await setUpBuild());
  const { browser } = await prepareBrowser();
  process.env.CHROME = browser;
  const tools = await prepareRuntimes();
  // Their browser is driven by an npm package, which the set-up may just have installed.
  const { listCases } = await import('../tests/package/cases/list.mjs');
  const { openPlace } = await import('../tests/package/cases/place.mjs');
  const cases = listCases().filter(
    ({ row }) => words.length === 0 || words.some((word) => row.includes(word)),
  );
  if (cases.length === 0) throw new CannotGoOn(`no row has ${words.join(' or ')} in its name`);

  const place = await openPlace(tools);
  const results = [];
  try {
    for (const { row, run } of cases) {
      say(`matrix: ${row} …`);
      results.push({ row, failure: await outcomeOf(() => run(place)) });
    }
  } finally {
    place.close();
  }
  for (const { row, failure } of results) if (failure) say(`\n${row}\n${failure}`);
  process.stdout.write(`${describeTable(results)}\n`);
  if (isForReadme) {
    const readme = join(repository, 'README.md');
    writeFileSync(readme, replaceTable(readFileSync(readme, 'utf8'), 'matrix', describeTable(results)));
  }
  const failed = results.filter(({ failure }) => failure).length;
  process.stdout.write(`\n${results.length - failed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
});

async function outcomeOf(run) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error.message;
  }
}
