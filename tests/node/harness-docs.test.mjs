// The guide to the harnesses names what the examples were run with.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
  const others = ['.', './slim', './wasm', './schema', './blocks', './server', './viewer', './package.json'];
  for (const path of Object.keys(exports).filter((one) => !others.includes(one))) {
    assert.ok(guide.includes(`\`fencerun${path.slice(1)}\``), path);
  }
});
