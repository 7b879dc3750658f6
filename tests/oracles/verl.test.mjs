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

// With this many cases for each of 16 functions and both seeds: 32,000 comparisons.
const cases = 1_000;
const functions = { old: 4, new: 12 };
const script = join(import.meta.dirname, 'verl_tools.py');
const { ORACLE_PYTHON: python, ORACLE_SITE: site } = process.env;

for (const seed of [1, Date.now() % 1_000_000_000]) {
  for (const age of Object.keys(functions)) {
    test(`tool calls and the answers to them are those of the ${age} verl (seed ${seed})`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'fencerun-verl-'));
      try {
        await compare(age, folder, seed);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
}

async function compare(age, folder, seed) {
  const args = (into) => ['-W', 'ignore', script, site, age, into, String(seed), String(cases)];
  const generated = spawnSync(python, args(folder), { encoding: 'utf8' });
  assert.equal(generated.status, 0, generated.stderr);
  const lines = [];
  const passed = await runVectors(folder, { api, mappings, print: (line) => lines.push(line) });
  const repeat = `the same inputs again: ${[python, ...args('FOLDER')].join(' ')}`;
  assert.ok(passed, [...lines, repeat].join('\n'));
  const total = functions[age] * cases;
  assert.equal(lines.at(-1), `total ${total}/${total}`);
}
