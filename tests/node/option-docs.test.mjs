// The options that the pages name are those that the commands have.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createCommand } from './command.mjs';

const call = createCommand();

/** The sections that tell the options of commands. */
const sections = [
  {
    page: 'README.md',
    heading: '## Command line',
    commands: ['extract', 'compare', 'run', 'replay', 'convert'],
  },
  { page: 'README.md', heading: '### Serve', commands: ['serve'] },
  { page: 'README.md', heading: '### The viewer', commands: ['view'] },
  { page: 'docs/harnesses.md', heading: '## Model Context Protocol', commands: ['mcp'] },
];

/** The options in the help of a command, each by its shortest name. */
async function listOptions(command) {
  const { stdout } = await call([command, '--help']);
  return [...stdout.matchAll(/^ {2}(-[a-z-]+)/gm)].map(([, name]) => name).filter((name) => name !== '-h');
}

/** What stands under a heading, up to the next one of any level. */
function readSection(page, heading) {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return text.split(`\n${heading}\n`)[1].split(/\n#+ /)[0];
}

const namesIn = (text) =>
  [...text.matchAll(/`[^`]*`/g)].flatMap(([code]) => code.match(/(?<![\w-])-[a-z-]+/g) ?? []);

for (const { page, heading, commands } of sections) {
  test(`${page}, ${heading}: names every option of ${commands.join(', ')}`, async () => {
    const named = namesIn(readSection(page, heading));
    for (const command of commands) {
      const missing = (await listOptions(command)).filter((name) => !named.includes(name));
      assert.deepEqual(missing, [], command);
    }
  });
}

for (const { page, heading, commands } of sections) {
  test(`${page}, ${heading}: its table names no option that the commands do not have`, async () => {
    const options = new Map();
    for (const command of [...commands, 'mcp']) options.set(command, await listOptions(command));
    const rows = readSection(page, heading)
      .split('\n')
      .filter((line) => line.startsWith('| `-'));
    for (const row of rows) {
      const [, first, last] = row.split(/ ?\| /);
      // `run`, `replay`: what it does there.
      const [told = ''] = /^(`[a-z]+`,? ?)+(?=:|as the next)/.exec(last) ?? [];
      const named = told.match(/[a-z]+/g);
      for (const name of namesIn(first)) {
        const has = (command) => options.get(command)?.includes(name);
        assert.ok(named ? named.every(has) : commands.some(has), row);
      }
    }
  });
}
