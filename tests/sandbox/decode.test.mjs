// Invalid UTF-8 is worded as CPython words it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { decodeOutput } from '../../sandbox/dist/decode.js';

const { cases } = JSON.parse(await readFile(new URL('vectors/decode.json', import.meta.url), 'utf8'));
const decode = (bytes, truncated = false) => decodeOutput([Uint8Array.from(bytes)], { truncated });

for (const [hex, message] of cases) {
  test(`invalid_${hex}`, () => {
    assert.equal(decode(Buffer.from(hex, 'hex')), `[DecodeError] ${message}`);
  });
}

test('valid_text_is_kept_with_its_byte_order_mark', () => {
  assert.equal(decode(Buffer.from('\ufeffhéllo 世界 😀\0\r\n')), '\ufeffhéllo 世界 😀\0\r\n');
});

test('pieces_may_split_a_character', () => {
  const [a, b, c] = Buffer.from('€');
  assert.equal(decodeOutput([Uint8Array.of(a), Uint8Array.of(b, c)], { truncated: false }), '€');
});

test('truncated_text_ends_at_a_character', () => {
  for (const length of [1, 2, 3])
    assert.equal(decode(Buffer.from('ok😀').subarray(0, 2 + length), true), 'ok');
});

test('truncated_text_with_invalid_bytes_is_a_decode_error', () => {
  assert.match(
    decode([0x61, 0xff, 0xe2], true),
    /^\[DecodeError\] .* 0xff in position 1: invalid start byte$/,
  );
});
