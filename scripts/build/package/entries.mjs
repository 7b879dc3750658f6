// The entries of the npm package: what there is to import, found in the sources.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../setup/folders.mjs';

export const sources = join(repository, 'js', 'src');

/** What the adapters share, which is nothing to import. */
const shared = ['schema.ts'];

/** Folders that are one entry each, by the name of the folder. */
const folders = ['server'];

/**
 * Every library entry with its source: `index` is the package itself, any other name the subpath of that name. A file in
 * js/src/adapters/ is an entry as soon as it is there.
 */
export function listEntries() {
  const adapters = listAdapters().map((file) => ({
    name: file.slice(0, -'.ts'.length),
    source: join(sources, 'adapters', file),
  }));
  const parts = folders
    .map((name) => ({ name, source: join(sources, name, 'index.ts') }))
    .filter(({ source }) => existsSync(source));
  return [{ name: 'index', source: join(sources, 'index.ts') }, ...adapters, ...parts];
}

function listAdapters() {
  const folder = join(sources, 'adapters');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !shared.includes(file))
    .sort();
}
