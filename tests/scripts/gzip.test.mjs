import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Gzip } from '../../scripts/build/gzip.mjs';

const text = readFileSync(new URL('../../scripts/build/split.mjs', import.meta.url));

test('a whole has the weight that zlib packs it to, but for what stands there of the codes', () => {
  const packed = deflateRawSync(text, { level: 9 }).length;
  const weight = new Gzip(text).weigh(0, text.length) / 8;
  assert.ok(Math.abs(weight - packed) < packed * 0.03, `${weight} bytes, zlib has ${packed}`);
});

test('what stands there a second time weighs next to nothing', () => {
  const twice = Buffer.concat([text, text]);
  const gzip = new Gzip(twice);
  const [first, second] = [gzip.weigh(0, text.length), gzip.weigh(text.length, twice.length)];
  assert.ok(second < first / 20, `${first} bits, then ${second}`);
});

test('a part that was changed and changed back weighs what it weighed', () => {
  const bytes = Buffer.from(text);
  const gzip = new Gzip(bytes);
  const before = gzip.weigh(3000, 4000);
  bytes.fill('x', 3100, 3300);
  assert.ok(gzip.weigh(3000, 4000) < before);
  text.copy(bytes, 3100, 3100, 3300);
  assert.equal(gzip.weigh(3000, 4000), before);
});
