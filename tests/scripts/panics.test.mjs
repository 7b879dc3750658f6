// The build takes `Debug` out of the modules of WebAssembly, as only messages of panics need it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles } from '../../scripts/build/hash.mjs';
import { repository } from '../../scripts/setup/folders.mjs';

const testsOnly = /growth\.rs$|work\.rs$/;

test('no text of the core shows a value by Debug', () => {
  const files = ['src', 'crates'].flatMap((folder) => listFiles(join(repository, folder)));
  const shown = files
    .filter((file) => file.endsWith('.rs') && !testsOnly.test(file))
    .filter((file) => /\{[\w.]*:#?\?\}/.test(readFileSync(file, 'utf8').split('#[cfg(test)]\nmod tests')[0]));
  assert.deepEqual(shown, []);
});
