// The README promises no smaller sizes than there are.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readTable } from '../../scripts/matrix/table.mjs';
import { measureSizes, readSizes } from '../../scripts/sizes/measure.mjs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const promised = readSizes(readTable(readme, 'sizes'));
/** What gzip and a newer compiler may differ by without a word. */
const tolerance = 1.02;

for (const { what, bytes, gzip } of await measureSizes()) {
  test(`${what} is not larger than the README says`, () => {
    const row = promised.find((one) => one.what === what);
    assert.ok(row, 'the README has no such row: run `npm run sizes`');
    assert.ok(bytes / 1000 <= row.kilobytes * tolerance, `${bytes} bytes, of ${row.kilobytes} kB`);
    if (gzip) assert.ok(gzip / 1000 <= row.gzip * tolerance, `${gzip} bytes with gzip, of ${row.gzip} kB`);
  });
}
