// The npm package: TypeScript of js/ and the generated core, into pkg/, ready for `npm pack`.

import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../setup/folders.mjs';
import { say } from '../setup/program.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';
import { runNodeModule } from './node-module.mjs';

const generated = join(repository, 'js', 'src', 'generated');
const output = join(repository, 'pkg');
const stamp = join(repository, 'target', 'build-stamps', 'package');

// The files beside the code, from the first of these places that has them.
const documents = ['README.md', 'CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'package.json'];

/** Builds pkg/ unless its sources, and those of the parts it is built on, are those of the last time. */
export async function buildPackage(parts) {
  const inputs = ['js', 'tsconfig.base.json', 'package-lock.json', ...documents, 'scripts/build/package.mjs'];
  const hash = hashInputs(repository, inputs, parts);
  if (isMadeFrom(stamp, hash, [join(output, 'dist'), join(output, 'package.json')])) return;

  say('build: compiling js/ to pkg/');
  // Built aside and exchanged at the end, so that deleted sources leave nothing and a failure breaks nothing.
  const next = join(repository, 'target', 'pkg-next');
  rmSync(next, { recursive: true, force: true });
  mkdirSync(join(next, 'dist', 'generated'), { recursive: true });
  await runNodeModule('build-js', 'tsc', ['-p', 'js', '--outDir', join(next, 'dist')]);
  for (const name of ['fencerun.js', 'fencerun.d.ts']) {
    copyFileSync(join(generated, name), join(next, 'dist', 'generated', name));
  }
  copyFileSync(join(generated, 'fencerun_bg.wasm'), join(next, 'dist', 'fencerun_bg.wasm'));
  for (const name of documents) {
    const source = [join(repository, 'js', name), join(repository, name)].find((path) => existsSync(path));
    if (source) cpSync(source, join(next, name));
  }
  rmSync(output, { recursive: true, force: true });
  renameSync(next, output);
  writeStamp(stamp, hash);
}
