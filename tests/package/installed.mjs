// A folder as a newcomer has it: empty, then both packages installed from their tarballs.

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack, run } from './cases/place.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Tarballs of the sandbox by what is in them: packing its 90 MB takes a quarter of a minute. */
const packed = join(repository, 'target', 'packed');

/** Installs both packages into a folder of their own. Answers the folder and a function that removes it. */
export async function installBoth() {
  const folder = mkdtempSync(join(tmpdir(), 'fencerun-newcomer-'));
  const tarballs = [await pack('pkg', folder), await packSandbox()];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], { cwd: folder });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function packSandbox() {
  const kept = join(packed, `${hashSandbox()}.tgz`);
  if (existsSync(kept)) return kept;
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  const folder = mkdtempSync(join(packed, 'unfinished-'));
  renameSync(await pack('sandbox', folder), kept);
  return kept;
}

function hashSandbox() {
  const root = join(repository, 'sandbox');
  const hash = createHash('sha256');
  const files = [
    'package.json',
    'README.md',
    ...listFiles(join(root, 'dist')).map((path) => join('dist', path)),
  ];
  for (const path of files) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex').slice(0, 16);
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}
