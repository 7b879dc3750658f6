// Sets of npm packages that only some commands need, each with a lock file of its own, installed into the cache.

import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { repository } from './folders.mjs';
import { keep, keepNewest } from './keep.mjs';
import { locateNpm } from './node-modules.mjs';

/** Installs what the lock file in `source` names, as `name`, unless it is in the cache. Answers the folder. */
async function prepare(name, source, announcement) {
  const lock = readFileSync(join(source, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = await keep(`${name}-${hash}`, {
    announcement,
    make: async (out) => {
      for (const file of ['package.json', 'package-lock.json'])
        copyFileSync(join(source, file), join(out, file));
      // Some of it is for a newer Node, and is run by the newer Node that is among it.
      const args = ['ci', '--no-audit', '--no-fund', '--no-progress', '--engine-strict=false'];
      await runLogged(name, ...locateNpm(args), {
        cwd: out,
        remedy: 'check that the npm registry can be reached, then run the command again',
      });
    },
  });
  keepNewest(`${name}-`, 2);
  return folder;
}

/** The compilers and checkers of the tests of the package. */
export function prepareTools() {
  const source = join(repository, 'tests', 'package', 'tools');
  return prepare(
    'package-tools',
    source,
    'installing what the tests of the package check with (some seconds)',
  );
}

/** The runtimes and bundlers of the whole matrix. */
export function prepareRuntimes() {
  const source = join(repository, 'tests', 'package', 'runtimes');
  return prepare('package-runtimes', source, 'installing runtimes and bundlers (a minute, 1.3 GB)');
}

/** What the reference is written with. */
export function prepareDocsTools() {
  const source = join(repository, 'scripts', 'docs', 'tools');
  return prepare('docs-tools', source, 'installing what the reference is written with (some seconds)');
}
