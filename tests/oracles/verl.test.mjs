// verl's own parsers and agent loop, run on generated inputs, against the built package.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as api from '../../pkg/dist/index.js';
import { mappings } from '../../scripts/vectors/tools.mjs';
import { runVectors } from '../../scripts/vectors.mjs';

// Twelve functions with this many cases each, for two seeds: 24,000 comparisons.
const cases = 1_000;
const script = join(import.meta.dirname, 'verl_tools.py');

for (const seed of [1, Date.now() % 1_000_000_000]) {
  test(`tool calls and the answers to them are verl's (seed ${seed})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fencerun-verl-'));
    try {
      const { ORACLE_PYTHON: python, ORACLE_SITE: site } = process.env;
      const args = ['-W', 'ignore', script, site, folder, String(seed), String(cases)];
      const generated = spawnSync(python, args, { encoding: 'utf8' });
      assert.equal(generated.status, 0, generated.stderr);
      const lines = [];
      const passed = await runVectors(folder, { api, mappings, print: (line) => lines.push(line) });
      const repeat = `again with: ${python} ${[...args.slice(0, 4), 'FOLDER', ...args.slice(5)].join(' ')}`;
      assert.ok(passed, [...lines, repeat].join('\n'));
      assert.match(lines.at(-1), /^total 12000\/12000$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
