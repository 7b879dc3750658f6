// Generated bodies, good and bad, go through FastAPI with SandboxFusion's fields and through our server: both refuse the
// same ones with the same words, and make the same of the rest.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from '../server/server.mjs';

const count = 4_000;
const { INTEROP_PYTHON: python, INTEROP_SITE: site } = process.env;

/** What the sandbox is asked for, as FastAPI's side of the comparison writes it. */
async function echo(request) {
  const write = (value) => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  };
  return Object.fromEntries(Object.entries(request).map(([name, value]) => [name, write(value)]));
}

/** What we make something else of: numbers have an upper bound, and NaN is above it. */
const bound = 1e9;
function shorten(answer) {
  if ('memory_limit_MB' in answer) {
    answer.memory_limit_MB = Math.min(answer.memory_limit_MB, Number.MAX_SAFE_INTEGER);
  }
  const isLong = (name) => answer[name] !== '-inf' && !(Number(answer[name]) < bound);
  const long = Object.keys(answer).filter((name) => name.endsWith('timeout') && isLong(name));
  return { ...answer, ...Object.fromEntries(long.map((name) => [name, bound])) };
}

for (const seed of [1, Date.now() % 1_000_000_000]) {
  test(`bodies are read as FastAPI reads them (seed ${seed})`, async () => {
    const args = ['-W', 'ignore', join(import.meta.dirname, 'bodies.py'), site, String(seed), String(count)];
    const generated = spawnSync(python, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
    assert.equal(generated.status, 0, generated.stderr);
    const lines = generated.stdout.trimEnd().split('\n');
    assert.equal(lines.length, count);
    const sandbox = { runCode: echo, runJupyter: echo, close: async () => {} };
    const server = createServer({ sandbox, maxTimeoutSeconds: bound });
    for (const line of lines) {
      const { path, body, content_type, status, answer } = JSON.parse(line);
      const response = await server.fetch(
        new Request(`http://localhost${path}`, {
          method: 'POST',
          body: Buffer.from(body, 'base64'),
          headers: content_type === null ? {} : { 'content-type': content_type },
        }),
      );
      const sent = `${content_type}: ${Buffer.from(body, 'base64')}`;
      assert.deepEqual(
        { status: response.status, answer: await response.json() },
        { status, answer: shorten(answer) },
        `${sent}\n(seed ${seed})`,
      );
    }
    await server.close();
  });
}
