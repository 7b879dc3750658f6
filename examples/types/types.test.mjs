import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('what the adapters give has the types that the harnesses take', () => {
  const require = createRequire(join(process.env.FENCERUN_REPOSITORY, 'package.json'));
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const types = join(process.env.FENCERUN_REPOSITORY, 'node_modules', '@types');
  const project = fileURLToPath(new URL('.', import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', project, '--typeRoots', types], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
});
