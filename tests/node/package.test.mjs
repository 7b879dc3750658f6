// The module of WebAssembly in the built package.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');

test('the module stays under its budget', () => {
  const { gzipBytes } = JSON.parse(read('benches/size.json'));
  const size = gzipSync(readFileSync(join(root, 'pkg/dist/fencerun_bg.wasm')), { level: 9 }).length;
  assert.ok(size <= gzipBytes, `${size} bytes with gzip, of ${gzipBytes}`);
});
