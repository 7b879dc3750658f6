// The guide to the harnesses names what the examples were run with.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the guide names the version of every harness that is tested', () => {
  const guide = read('docs/harnesses.md');
  const { dependencies } = JSON.parse(read('examples/package.json'));
  // The client is what the server is tested with, and Zod a peer of harnesses.
  const { '@modelcontextprotocol/client': _client, zod: _zod, ...harnesses } = dependencies;
  for (const [name, version] of Object.entries(harnesses)) {
    const [, exact] = /(\d+\.\d+\.\d+)$/.exec(version);
    assert.ok(guide.includes(exact), `${name} ${version}`);
  }
});

test('every adapter has a place in the guide', () => {
  const guide = read('docs/harnesses.md');
  const { exports } = JSON.parse(read('pkg/package.json'));
  const adapters = readdirSync(new URL('../../js/src/adapters', import.meta.url)).filter(
    (name) => name !== 'schema.ts',
  );
  assert.ok(adapters.length > 0);
  for (const adapter of adapters) {
    const path = adapter.replace(/\.ts$/, '');
    assert.ok(`./${path}` in exports, path);
    assert.ok(guide.includes(`\`fencerun/${path}\``), path);
  }
});
