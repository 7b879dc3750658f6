// What is in the packages, and what they say of themselves.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readInline } from '../scripts/read-inline.mjs';
import { run } from './cases/place.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const manifest = readJson('pkg/package.json');

async function listFiles(name) {
  const args = ['pack', '--dry-run', '--json', '--silent'];
  const report = JSON.parse(await run('npm', args, { cwd: join(root, name) }));
  const [{ files }] = Object.values(report);
  return files.map(({ path }) => path);
}

/** Every file that the fields of a manifest name. */
function listNamed(value) {
  if (typeof value === 'string') return value.includes('*') ? [] : [value];
  return Object.values(value ?? {}).flatMap(listNamed);
}

test('the crate and both packages have one version', () => {
  const { version } = manifest;
  assert.match(readFileSync(join(root, 'Cargo.toml'), 'utf8'), new RegExp(`^version = "${version}"$`, 'm'));
  assert.equal(readJson('js/package.json').version, version);
  assert.equal(readJson('sandbox/package.json').version, version);
  assert.equal(manifest.peerDependencies['fencerun-sandbox'], version);
});

test('the package burdens its users with no other', () => {
  assert.deepEqual(manifest.dependencies ?? {}, {});
  assert.equal(manifest.peerDependenciesMeta['fencerun-sandbox'].optional, true);
});

test('every file that the manifest names is in the package', async () => {
  const paths = new Set(await listFiles('pkg'));
  const { main, module, types, typesVersions, bin, exports, sideEffects } = manifest;
  const named = listNamed({ main, module, types, typesVersions, bin, exports, sideEffects });
  const missing = named.map((path) => path.replace(/^\.\//, '')).filter((path) => !paths.has(path));
  assert.deepEqual(missing, []);
});

test('the package holds its code, its types, its viewer and its papers', async () => {
  const paths = await listFiles('pkg');
  const papers = ['CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'THIRD-PARTY-LICENSES'];
  for (const paper of papers) assert.ok(paths.includes(paper), `${paper} is missing`);
  const isPart = (path) => !papers.includes(path) && path !== 'package.json';
  const others = paths.filter((path) => isPart(path) && !path.startsWith('dist/viewer/'));
  const known = /^dist\/(?:(?:lib|blocks|workerd|edge-light)\/)?[\w-]+\.(?:js|cjs|d\.ts|d\.cts|wasm)$/;
  assert.deepEqual(
    others.filter((path) => !known.test(path)),
    [],
  );
  assert.deepEqual(
    others.filter((path) => path.endsWith('.wasm')),
    ['blocks', 'fencerun', 'rollouts'].map((name) => `dist/${name}_bg.wasm`),
  );
  for (const name of [
    'index.html',
    'mount.js',
    'mount.d.ts',
    'worker.js',
    'viewer.css',
    'viewer_core_bg.wasm',
  ]) {
    assert.ok(paths.includes(`dist/viewer/${name}`), name);
  }
});

/** The entries that need Node. */
const ofNode = ['server'];

for (const name of Object.keys(manifest.exports).map((path) => path.slice(2) || 'index')) {
  if (ofNode.includes(name) || !manifest.exports[name === 'index' ? '.' : `./${name}`].import) continue;
  test(`the entry ${name} has nothing of others in it, and loads no file and no part of Node`, () => {
    for (const path of listLoaded(join(root, 'pkg', 'dist', `${name}.js`))) {
      const text = readFileSync(path, 'utf8');
      assert.ok(!/\bfrom ?['"]node:|\bimport\(['"]node:|\.wasm['"]/.test(text), path);
      // The bundler says above each module from where it is.
      assert.ok(!/^\/\/ .*node_modules\//m.test(text), path);
    }
  });
}

/** What `decodeInline` is given in a file: each a text, with the table that reads it. */
function listTexts(path) {
  const code = readFileSync(join(root, 'pkg/dist', path), 'utf8');
  const [, table] = /^const table = '([^']+)';$/m.exec(code);
  return [...code.matchAll(/decodeInline\('([^']*)', table\)/g)].map(([, text]) => ({ text, table }));
}

for (const [path, ...names] of [
  ['lib/inline.js', 'fencerun', 'rollouts'],
  ['lib/core-bytes.cjs', 'fencerun'],
  ['lib/rollouts-bytes.cjs', 'rollouts'],
  ['blocks/inline.js', 'blocks'],
  ['blocks/core-bytes.cjs', 'blocks'],
]) {
  test(`the bytes that ${path} carries are ${names.map((name) => `${name}_bg.wasm`).join(', ')}`, () => {
    const carried = listTexts(path).map(({ text, table }) => readInline(text, table));
    assert.equal(carried.length, names.length);
    for (const [index, name] of names.entries()) {
      const bytes = readFileSync(join(root, 'pkg/dist', `${name}_bg.wasm`));
      assert.ok(bytes.equals(carried[index]), name);
    }
  });
}

test('ES modules and CommonJS have the same names in every entry', async () => {
  const require = createRequire(import.meta.url);
  for (const [path, { import: es, require: common }] of Object.entries(manifest.exports)) {
    if (!common) continue;
    const names = Object.keys(await import(join(root, 'pkg', es.default))).sort();
    assert.deepEqual(Object.keys(require(join(root, 'pkg', common.default))).sort(), names, path);
    assert.ok(names.length > 0, path);
  }
});

test('libraries that are in the command line have their licences beside it', () => {
  const licences = readFileSync(join(root, 'pkg', 'THIRD-PARTY-LICENSES'), 'utf8');
  for (const name of Object.keys(readJson('js/package.json').dependencies)) {
    assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
  }
});

test('crates that are in the modules have their licences beside them', () => {
  const licences = readFileSync(join(root, 'pkg', 'THIRD-PARTY-LICENSES'), 'utf8');
  const crates = ['.', 'crates/blocks', 'crates/bytes', 'crates/constructs', 'www/core'];
  const manifests = crates.map((crate) => `${crate}/Cargo.toml`);
  const names = manifests.flatMap((path) => {
    const [, list = ''] = /\n\[dependencies\]\n([^[]*)/.exec(readFileSync(join(root, path), 'utf8')) ?? [];
    return list.match(/^[\w-]+/gm) ?? [];
  });
  const ofOthers = names.filter((name) => !name.startsWith('fencerun'));
  assert.ok(ofOthers.includes('memchr') && ofOthers.includes('pulldown-cmark'));
  for (const name of ofOthers) assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
});

test('no module names a place of the machine that built it', () => {
  for (const path of readdirSync(join(root, 'pkg', 'dist'), { recursive: true })) {
    if (!path.endsWith('.wasm')) continue;
    const bytes = readFileSync(join(root, 'pkg', 'dist', path));
    assert.ok(![homedir(), root].some((folder) => bytes.includes(`${folder}/`)), path);
  }
});

/** A file and all that it imports by a path, directly or not. */
function listLoaded(path, loaded = new Set()) {
  if (loaded.has(path)) return loaded;
  assert.ok(existsSync(path) && statSync(path).isFile(), path);
  loaded.add(path);
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/(?:from|import) ?"?'?(\.{1,2}\/[^'"]+)['"]/g)) {
    listLoaded(join(path, '..', name), loaded);
  }
  return loaded;
}
