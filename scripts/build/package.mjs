// The npm package: TypeScript of js/ and the generated core, into pkg/, ready for `npm pack`.

import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { repository } from '../setup/folders.mjs';
import { say } from '../setup/program.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';
import { viewerLibraries } from './viewer.mjs';

const output = join(repository, 'pkg');
const work = join(repository, 'target', 'pkg-work');
const stamp = join(repository, 'target', 'build-stamps', 'package');

// The files beside the code, from the first of these places that has them.
const documents = ['README.md', 'CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT'];

/** Builds pkg/ unless its sources, and `inputs`, the hashes of what it is built on, are those of the last time. */
export async function buildPackage({ wasm }, inputs) {
  const scripts = ['scripts/build/package.mjs', 'scripts/build/package'];
  const own = ['js', 'Cargo.lock', 'tsconfig.base.json', 'package-lock.json', ...documents, ...scripts];
  const hash = hashInputs(repository, own, inputs);
  if (isMadeFrom(stamp, hash, [join(output, 'dist'), join(output, 'package.json')])) return;

  say('build: compiling js/ to pkg/');
  // Their bundlers are npm packages, which the set-up may just have installed.
  const { buildCode } = await import('./package/code.mjs');
  const { buildTypes } = await import('./package/types.mjs');
  const { listEntries, modules } = await import('./package/entries.mjs');
  const { describeManifest } = await import('./package/manifest.mjs');
  const { describeLicences, findCrates } = await import('./package/licences.mjs');

  // Built aside and exchanged at the end, so that deleted sources leave nothing and a failure breaks nothing.
  rmSync(work, { recursive: true, force: true });
  const next = join(work, 'pkg');
  const dist = join(next, 'dist');
  mkdirSync(dist, { recursive: true });
  const entries = listEntries();
  const manifest = JSON.parse(readFileSync(join(repository, 'js', 'package.json'), 'utf8'));
  const peers = Object.keys(manifest.peerDependencies ?? {}).map((name) => new RegExp(`^${name}(?:/|$)`));
  await buildTypes(entries, { dist, unbundled: join(work, 'types') });
  const libraries = await buildCode(entries, peers, dist);
  for (const { file, generated, parts } of Object.values(modules)) {
    copyFileSync(join(generated, 'fencerun_bg.wasm'), join(dist, file));
    for (const part of parts) copyFileSync(join(generated, `${part}_bg.wasm`), join(dist, `${part}_bg.wasm`));
  }
  const ofViewer = JSON.parse(readFileSync(viewerLibraries, 'utf8'));
  cpSync(join(repository, 'www', 'dist'), join(dist, 'viewer'), { recursive: true });
  const names = entries.map(({ name }) => name);
  writeFileSync(
    join(next, 'package.json'),
    `${JSON.stringify(describeManifest(manifest, names), null, 2)}\n`,
  );
  writeFileSync(
    join(next, 'THIRD-PARTY-LICENSES'),
    describeLicences([...new Set([...libraries, ...ofViewer])].sort(), findCrates(wasm.env)),
  );
  for (const name of documents) {
    const source = [join(repository, 'js', name), join(repository, name)].find((path) => existsSync(path));
    if (source) cpSync(source, join(next, name));
  }
  rmSync(output, { recursive: true, force: true });
  renameSync(next, output);
  writeStamp(stamp, hash);
}
