import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { transform } from 'esbuild';
import { encodeInline } from '../../scripts/build/package/inline.mjs';
import { readInline } from './read-inline.mjs';

const all = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
const samples = { nothing: Buffer.alloc(0), one: Buffer.from([0]), all, random: randomBytes(10_000) };

for (const [name, bytes] of Object.entries(samples)) {
  test(`what a text was written of comes back: ${name}`, () => {
    const { texts, table } = encodeInline([bytes]);
    assert.ok(readInline(texts[0], table).equals(bytes), bytes.toString('hex'));
  });
}

test('several texts share a table', () => {
  const modules = Object.values(samples);
  const { texts, table } = encodeInline(modules);
  for (const [index, text] of texts.entries()) assert.ok(readInline(text, table).equals(modules[index]));
});

test('what is frequent takes one character, all else two', () => {
  const { texts } = encodeInline([Buffer.concat([all.subarray(200), all]), all.subarray(200), all]);
  const [, frequent, each] = texts;
  assert.equal(frequent.length, 56);
  assert.equal(each.length, 87 + 2 * (256 - 87));
});

test('no string, template, page or minifier has anything to escape in a text', async () => {
  const { texts } = encodeInline([all]);
  assert.match(texts[0], /^[ -~]+$/);
  assert.doesNotMatch(texts[0], /["'`\\$<]/);
  for (const quote of ['"', "'", '`']) {
    const { code } = await transform(`f(${quote}${texts[0]}${quote})`, { minify: true });
    assert.equal(code, `f("${texts[0]}");\n`);
  }
});
