// Content hashes of sources, and the stamps that say what an output was made from.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const passedOver = new Set(['node_modules', 'dist', 'generated', 'target', '__pycache__', '.git']);

/** One hash over the files in `paths` (files or folders; those missing count as missing) and the strings in `facts`. */
export function hashInputs(root, paths, facts = []) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of listFiles(join(root, path))) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file).split(sep).join('/')}\0${content.length}\0`).update(content);
    }
  }
  for (const fact of facts) hash.update(`\0${fact}`);
  return hash.digest('hex');
}

/** The files at or under `path`, in a fixed order, generated folders passed over. */
export function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !passedOver.has(entry.name))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => listFiles(join(path, entry.name)));
}

/** Whether every output is there and the stamp says that it was made from `hash`. */
export function isMadeFrom(stamp, hash, outputs) {
  return (
    existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && outputs.every((output) => existsSync(output))
  );
}

/** Says in `stamp` that the outputs were made from `hash`. */
export function writeStamp(stamp, hash) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
