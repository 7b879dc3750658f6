// What the tests of the package need beyond the project's own packages: compilers and checkers, or runtimes and bundlers too.

import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { repository } from './folders.mjs';
import { keep, keepNewest } from './keep.mjs';
import { locateNpm } from './node-modules.mjs';

/** Installs what tests/package/NAME/package-lock.json names, unless it is in the cache. Answers the folder. */
export async function preparePackageTools(name, announcement) {
  const source = join(repository, 'tests', 'package', name);
  const lock = readFileSync(join(source, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = await keep(`package-${name}-${hash}`, {
    announcement,
    make: async (out) => {
      for (const file of ['package.json', 'package-lock.json'])
        copyFileSync(join(source, file), join(out, file));
      // Some of it is for a newer Node, and is run by the newer Node that is among it.
      const args = ['ci', '--no-audit', '--no-fund', '--no-progress', '--engine-strict=false'];
      await runLogged(`package-${name}`, ...locateNpm(args), {
        cwd: out,
        remedy: 'check that the npm registry can be reached, then run the command again',
      });
    },
  });
  keepNewest(`package-${name}-`, 2);
  return folder;
}

/** The compilers and checkers of the tests of the package. */
export function prepareTools() {
  return preparePackageTools('tools', 'installing what the tests of the package check with (some seconds)');
}

/** The runtimes and bundlers of the whole matrix. */
export function prepareRuntimes() {
  return preparePackageTools('runtimes', 'installing runtimes and bundlers (a minute, 1.3 GB)');
}
