// A folder as a newcomer has it: empty, then both packages installed from their tarballs.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, run } from './cases/place.mjs';

/** Installs both packages into a folder of their own. Answers the folder and a function that removes it. */
export async function installBoth() {
  const folder = mkdtempSync(join(tmpdir(), 'fencerun-newcomer-'));
  const tarballs = [await pack('pkg', folder), await pack('sandbox', folder)];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], { cwd: folder });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
