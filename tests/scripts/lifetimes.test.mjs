import assert from 'node:assert/strict';
import { test } from 'node:test';
import binaryen from 'binaryen';
import { findLifetimes } from '../../scripts/build/lifetimes.mjs';
import { readBodies, readSections, section } from '../../scripts/build/wasm-format.mjs';

const i32 = 0x7f;

/** The lives in a function with one parameter, `$given`, and the locals `$a` and `$b`, by the numbers 0, 1 and 2. */
function findLives(instructions) {
  const module = binaryen.parseText(
    `(module (func (param $given i32) (result i32) (local $a i32) (local $b i32) ${instructions}))`,
  );
  const sections = readSections(Buffer.from(module.emitBinary()));
  module.dispose();
  const [{ bytes }] = readBodies(sections.find(({ id }) => id === section.code).body);
  const { types, lives } = findLifetimes(bytes, [i32]);
  assert.deepEqual(types, [i32, i32, i32]);
  return lives;
}

function describe(lives) {
  return lives.map(({ local, places, isGiven, others }) => ({
    local,
    uses: places.length,
    isGiven,
    others: [...others].map((other) => other.local).sort(),
  }));
}

test('two values that a local holds one after another are two lives', () => {
  const lives = findLives(`
    (local.set $a (i32.mul (local.get $given) (i32.const 3)))
    (local.set $b (i32.mul (local.get $a) (local.get $a)))
    (local.set $a (i32.sub (i32.const 9) (local.get $b)))
    (i32.mul (local.get $a) (local.get $b))`);
  assert.deepEqual(describe(lives), [
    { local: 0, uses: 1, isGiven: true, others: [] },
    { local: 1, uses: 3, isGiven: false, others: [] },
    { local: 2, uses: 3, isGiven: false, others: [1] },
    { local: 1, uses: 2, isGiven: false, others: [2] },
  ]);
});

test('a value that is read in the next round of a loop is held through all of it', () => {
  const lives = findLives(`
    (loop $next
      (local.set $b (i32.mul (local.get $given) (i32.const 5)))
      (local.set $a (i32.add (local.get $a) (local.get $b)))
      (br_if $next (local.tee $given (i32.sub (local.get $given) (i32.const 1)))))
    (local.get $a)`);
  assert.deepEqual(describe(lives), [
    { local: 0, uses: 3, isGiven: true, others: [1, 2] },
    { local: 2, uses: 2, isGiven: false, others: [0, 1] },
    { local: 1, uses: 3, isGiven: true, others: [0, 2] },
  ]);
});

test('values of two branches that are read behind them are one life', () => {
  const lives = findLives(`
    (if (local.get $given)
      (then (local.set $a (i32.const 1)))
      (else (local.set $a (i32.const 2))))
    (local.get $a)`);
  assert.deepEqual(describe(lives), [
    { local: 0, uses: 1, isGiven: true, others: [] },
    { local: 1, uses: 3, isGiven: false, others: [] },
  ]);
});
