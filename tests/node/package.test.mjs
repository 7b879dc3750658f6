// The sizes of what is built: the modules of WebAssembly in the package, the code of the viewer.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');

const budgets = JSON.parse(read('benches/size.json'));
/** What another gzip and another compiler may make of the same sources. */
const tolerance = 1.02;

for (const name of ['fencerun', 'rollouts', 'blocks']) {
  const gzipBytes = budgets[name];
  test(`the module ${name} stays under its budget`, () => {
    const size = gzipSync(readFileSync(join(root, `pkg/dist/${name}_bg.wasm`)), { level: 9 }).length;
    assert.ok(size <= gzipBytes * tolerance, `${size} bytes with gzip, of ${gzipBytes}`);
  });
}

test('the code of the viewer stays under its budget', () => {
  const folder = join(root, 'www/dist');
  const sizes = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length);
  const size = sizes.reduce((sum, bytes) => sum + bytes, 0);
  assert.ok(size <= budgets.viewer, `${size} bytes with gzip, of ${budgets.viewer}`);
});
