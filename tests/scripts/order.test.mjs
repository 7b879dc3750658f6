import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameInOrder } from '../../scripts/build/order.mjs';

/** A module with these bodies of functions without arguments, written as the specification of WebAssembly says. */
function writeModule(bodies) {
  const section = (id, content) => [id, content.length, ...content];
  const codes = bodies.flatMap((body) => [body.length + 2, 0, ...body, 0x0b]);
  return Buffer.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [bodies.length, ...bodies.map(() => 0)]),
    ...section(10, [bodies.length, ...codes]),
  ]);
}

/** The names that a module has for its functions, as its name section tells them. */
function readNames(module) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(module), 'name');
  const bytes = Buffer.from(section);
  const names = [];
  for (let at = 3; at < bytes.length; at += 2 + bytes[at + 1]) {
    names[bytes[at]] = bytes.toString('latin1', at + 2, at + 2 + bytes[at + 1]);
  }
  return names;
}

test('functions that are alike follow one another', () => {
  const nothing = 0x01;
  const drop = (number) => [0x41, number, 0x1a];
  const ones = Array.from({ length: 6 }, () => drop(1)).flat();
  const twos = Array.from({ length: 5 }, () => drop(2)).flat();
  const module = writeModule([ones, twos, [nothing, ...ones], [...twos, nothing]]);
  assert.deepEqual(readNames(nameInOrder(module)), ['000001', '000002', '000000', '000003']);
});

test('the module itself stays as it was', () => {
  const module = writeModule([[], [0x01]]);
  const named = nameInOrder(module);
  assert.deepEqual(named.subarray(0, module.length), module);
  assert.equal(readNames(named).length, 2);
});
