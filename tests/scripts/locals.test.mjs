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
