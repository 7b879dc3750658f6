import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFile, servePage } from '../../scripts/page/serve.mjs';

test('a_path_out_of_the_served_folders_names_no_file', () => {
  for (const target of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/pkg/../../package.json',
    '/sandbox/..%2f..%2fpackage.json',
    '/..\\package.json',
    '/%00',
    '/%',
    'package.json',
  ]) {
    assert.equal(findFile(target), undefined, target);
  }
});

test('every_answer_carries_the_content_security_policy', async () => {
  const { url, close } = await servePage();
  try {
    const response = await fetch(`${url}nothing-here`);
    assert.equal(response.status, 404);
    assert.match(
      response.headers.get('content-security-policy'),
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    assert.equal((await fetch(url, { method: 'POST', body: 'x' })).status, 405);
  } finally {
    await close();
  }
});
