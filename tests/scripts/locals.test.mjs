import assert from 'node:assert/strict';
import { test } from 'node:test';
import binaryen from 'binaryen';
import { numberLocals } from '../../scripts/build/locals.mjs';
import { readBodies, readSections, section } from '../../scripts/build/wasm-format.mjs';

/** A module in the binary format that has functions of one body, each with names of its own for the two locals. */
function compile(...names) {
  const functions = names.map(
    ([first, second], index) => `
      (func (export "f${index}") (param $given i32) (result i32) (local $a i32) (local $b i32) (local $c i64)
        (local.set ${first} (i32.add (local.get $given) (i32.const 7)))
        (local.set ${second} (i32.mul (local.get ${first}) (local.get $given)))
        (local.set $c (i64.extend_i32_s (local.get ${second})))
        (if (i32.gt_s (local.get ${second}) (i32.const 1000))
          (then (local.set ${first} (i32.sub (local.get ${second}) (local.get ${first})))))
        (i32.xor (local.get ${first}) (i32.wrap_i64 (i64.mul (local.get $c) (i64.const 3)))))`,
  );
  const module = binaryen.parseText(`(module ${functions.join('')})`);
  const bytes = Buffer.from(module.emitBinary());
  module.dispose();
  return bytes;
}

function bodiesOf(module) {
  const code = readSections(module).find(({ id }) => id === section.code);
  return readBodies(code.body).map(({ bytes }) => bytes.toString('hex'));
}

const module = compile(['$a', '$b'], ['$b', '$a']);

test('functions that differ in the numbers of their locals alone become the same', () => {
  assert.notEqual(bodiesOf(module)[0], bodiesOf(module)[1]);
  const [one, other] = bodiesOf(numberLocals(module));
  assert.equal(one, other);
});

test('functions answer what they answered before', () => {
  const [before, after] = [module, numberLocals(module)].map(
    (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports,
  );
  for (const name of ['f0', 'f1']) {
    for (const given of [0, 1, 5, -7, 40, 1000, 2 ** 31 - 1]) {
      assert.equal(after[name](given), before[name](given), `${name}(${given})`);
    }
  }
});

/** A function with loops and branches, whose locals hold several values. */
const branching = `
  (func (export "f") (param $n i32) (param $m i32) (result i32) (local $a i32) (local $b i32) (local $sum i32) (local $wide i64)
    (local.set $a (i32.mul (local.get $n) (i32.const 3)))
    (local.set $wide (i64.extend_i32_u (local.get $a)))
    (block $done
      (loop $next
        (br_if $done (i32.le_s (local.get $n) (i32.const 0)))
        (local.set $b (i32.and (local.get $n) (i32.const 3)))
        (block $two (block $one (block $zero
          (br_table $zero $one $two (local.get $b)))
          (local.set $sum (i32.add (local.get $sum) (local.get $b)))
          (br $two))
          (local.set $m (i32.xor (local.get $m) (local.get $sum))))
        (if (i32.and (local.get $m) (i32.const 1))
          (then (local.set $a (i32.add (local.get $sum) (local.tee $b (i32.sub (local.get $a) (i32.const 5))))))
          (else (local.set $sum (i32.add (local.get $sum) (local.get $a)))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (local.set $wide (i64.mul (local.get $wide) (i64.const 7)))
        (br $next)))
    (local.set $b (i32.wrap_i64 (local.get $wide)))
    (i32.add (i32.mul (local.get $m) (i32.const 31)) (i32.xor (local.get $b) (i32.add (local.get $sum) (local.get $a)))))`;

test('a local that holds several values gets a number for each, and every branch still finds its own', () => {
  const module = binaryen.parseText(
    `(module ${Array.from({ length: 12 }, (_, index) => shuffle(branching, index).replace('"f"', `"f${index}"`)).join('')})`,
  );
  const before = Buffer.from(module.emitBinary());
  module.dispose();
  const after = numberLocals(before);
  assert.equal(new Set(bodiesOf(after)).size < new Set(bodiesOf(before)).size, true);
  const [one, other] = [before, after].map(
    (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports,
  );
  for (const name of Object.keys(one)) {
    for (let n = -1; n < 40; n += 1)
      assert.equal(other[name](n, 9 * n), one[name](n, 9 * n), `${name}(${n})`);
  }
});

/** The function with its locals declared in another order. */
function shuffle(text, seed) {
  const locals = text.match(/\(local \$\w+ i32\)/g);
  const turned = [...locals.slice(seed % 3), ...locals.slice(0, seed % 3)];
  const ordered = seed % 2 === 0 ? turned : turned.toReversed();
  let place = 0;
  return text.replace(/\(local \$\w+ i32\)/g, () => ordered[place++]);
}
