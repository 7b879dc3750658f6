// The entries of the npm package: what there is to import, found in the sources.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../setup/folders.mjs';

export const sources = join(repository, 'js', 'src');

/** Folders that are one entry each, by the name of the folder. */
const folders = ['server'];

/**
 * The modules of WebAssembly: the file of each in the package, the folder of what its entries share, and that of its glue.
 * `fencerun` has everything; `blocks` finds code blocks, at a third of the size. A part is a module that works with that one:
 * `js/src/PART.ts` has the functions that need it, and each brings it.
 */
export const modules = {
  fencerun: {
    file: 'fencerun_bg.wasm',
    library: 'lib',
    generated: join(sources, 'generated'),
    parts: ['rollouts'],
  },
  blocks: {
    file: 'blocks_bg.wasm',
    library: 'blocks',
    generated: join(sources, 'generated', 'blocks'),
    parts: [],
  },
};

/**
 * Every library entry with its source and its module: `index` is the package itself, any other name the subpath of that name. A file in
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
  const whole = [{ name: 'index', source: join(sources, 'index.ts') }, ...adapters, ...parts];
  return [
    ...whole.map((entry) => ({ ...entry, module: modules.fencerun })),
    { name: 'blocks', source: join(sources, 'blocks', 'index.ts'), module: modules.blocks },
  ];
}

function listAdapters() {
  const folder = join(sources, 'adapters');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort();
}
