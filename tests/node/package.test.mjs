// The modules of WebAssembly in the built package.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');

for (const [name, gzipBytes] of Object.entries(JSON.parse(read('benches/size.json')))) {
  test(`the module ${name} stays under its budget`, () => {
    const size = gzipSync(readFileSync(join(root, `pkg/dist/${name}_bg.wasm`)), { level: 9 }).length;
    assert.ok(size <= gzipBytes, `${size} bytes with gzip, of ${gzipBytes}`);
  });
}
