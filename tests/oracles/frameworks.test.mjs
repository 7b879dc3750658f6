// The functions of smolagents, Qwen-Agent, AutoGen, evalplus, lm-evaluation-harness and verl's rewards, run on generated
// inputs, against the built package.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as api from '../../pkg/dist/index.js';
import { mappings } from '../../scripts/vectors/profiles.mjs';
import { runVectors } from '../../scripts/vectors.mjs';

// Twelve functions with this many cases each, for two seeds: more than 20,000 comparisons beside those that ask
// Python's parser.
const cases = 1_200;
const script = join(import.meta.dirname, 'frameworks.py');

for (const seed of [1, Date.now() % 1_000_000_000]) {
  test(`what frameworks take for code is what their packages take for it (seed ${seed})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fencerun-frameworks-'));
    try {
      const { ORACLE_PYTHON: python, ORACLE_SITE: site } = process.env;
      const args = ['-W', 'ignore', script, site, folder, String(seed), String(cases)];
      const generated = spawnSync(python, args, { encoding: 'utf8' });
      assert.equal(generated.status, 0, generated.stderr);
      const lines = [];
      const passed = await runVectors(folder, { api, mappings, print: (line) => lines.push(line) });
      const repeat = `again with: ${python} ${[...args.slice(0, 4), 'FOLDER', ...args.slice(5)].join(' ')}`;
      assert.ok(passed, [...lines, repeat].join('\n'));
      const [, compared] = /^total (\d+)\//.exec(lines.at(-1)) ?? [];
      assert.ok(Number(compared) >= 10_000, lines.at(-1));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
