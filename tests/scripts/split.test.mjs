// What the build makes of a module that it cuts: pieces that work together as the whole did, with nothing in two of them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { splitModule } from '../../scripts/build/split.mjs';
import { readSections, section } from '../../scripts/build/wasm-format.mjs';

/** Two exports: `first` calls by the table what `second` does not know, and both call `$grow`. */
const whole = `(module
 (type $number (func (result i32)))
 (memory $0 1)
 (table $0 3 3 funcref)
 (global $count (mut i32) (i32.const 0))
 (data $.rodata (i32.const 1024) "${'m'.repeat(32)}${'p'.repeat(32)}")
 (elem $0 (table $0) (i32.const 1) func $"of the main module" $of_part)
 (func $grow (result i32)
  (global.set $count (i32.add (global.get $count) (i32.const 1)))
  (global.get $count))
 (func $"of the main module" (result i32) (i32.load8_u (i32.const 1024)))
 (func $of_part (result i32) (i32.load8_u (i32.const 1056)))
 (func $first (param $slot i32) (result i32)
  (drop (call $grow))
  (call_indirect $0 (type $number) (local.get $slot)))
 (func $second (result i32)
  (i32.add (i32.mul (call $grow) (i32.const 1000)) (call_indirect $0 (type $number) (i32.const 2))))
 (export "memory" (memory $0))
 (export "first" (func $first))
 (export "second" (func $second))
)
`;
const references = {
  functions: new Map([
    ['grow', { functions: [], data: [] }],
    ['of the main module', { functions: [], data: [{ place: 0, address: 1024 }] }],
    ['of_part', { functions: [], data: [{ place: 1, address: 1056 }] }],
    ['first', { functions: ['of the main module'], data: [] }],
    ['second', { functions: ['of_part'], data: [] }],
  ]),
  data: [
    { address: 1024, size: 32, functions: [], data: [] },
    { address: 1056, size: 32, functions: [], data: [] },
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'fencerun-split-'));
after(() => rmSync(folder, { recursive: true }));

function split(parts, text = whole, given = references, trapped = []) {
  const path = join(folder, 'given.wat');
  writeFileSync(path, text);
  const flags = ['--enable-reference-types', '--enable-mutable-globals', '--enable-bulk-memory'];
  return splitModule(path, parts, { references: given, trapped: new Set(trapped), folder, flags });
}

const start = (bytes, main = {}) => new WebAssembly.Instance(new WebAssembly.Module(bytes), { main }).exports;
const [m, p] = ['m', 'p'].map((letter) => letter.charCodeAt(0));

test('a part works with the memory, the table and the globals of the main module', async () => {
  const { main, parts } = await split({ further: /^second$/ });
  const exports = start(main);
  assert.equal(exports.first(1), m);
  assert.equal(start(parts.further, exports).second(), 2000 + p);
  assert.equal(exports.first(1), m);
});

test('data and functions of a part come with it', async () => {
  const { main, parts } = await split({ further: /^second$/ });
  const exports = start(main);
  const read = () => new Uint8Array(exports.memory.buffer, 1056, 32);
  assert.deepEqual([...read()], new Array(32).fill(0));
  assert.throws(() => exports.first(2), WebAssembly.RuntimeError);
  start(parts.further, exports);
  assert.deepEqual([...read()], new Array(32).fill(p));
  assert.equal(exports.first(2), p);
});

test('a part of another build does not link', async () => {
  const { main } = await split({ further: /^second$/ });
  const other = await split({ further: /^second$/ }, whole.replace('i32.const 1000', 'i32.const 100'));
  assert.throws(() => start(other.parts.further, start(main)), WebAssembly.LinkError);
});

test('what stands for the arguments of a call that traps is left out, with the data that it alone needed', async () => {
  const fails = whole
    .replace('(drop (call $grow))', '(if (local.get $slot) (then (call $"fail (at all)" (i32.const 1088))))')
    .replace(' (func $first', ' (func $"fail (at all)" (param i32) (unreachable))\n (func $first')
    .replace('p'.repeat(32), 'p'.repeat(32) + 'a'.repeat(32));
  const functions = new Map(references.functions);
  functions.set('first', { functions: [], data: [{ place: 2, address: 1088 }] });
  functions.set('fail (at all)', { functions: [], data: [] });
  const data = [...references.data, { address: 1088, size: 32, functions: [], data: [] }];
  const read = async (trapped) => {
    const { main } = await split({}, fails, { functions, data }, trapped);
    const { memory, first } = start(main);
    assert.throws(() => first(1), WebAssembly.RuntimeError);
    return [1056, 1088].map((address) => new Uint8Array(memory.buffer)[address]);
  };
  assert.deepEqual(await read([]), [p, 'a'.charCodeAt(0)]);
  assert.deepEqual(await read(['fail (at all)']), [p, 0]);
});

test('data with few zeros in between is put into the memory at once', async () => {
  const countRuns = async (zeros) => {
    const { main } = await split({}, whole.replace(/"m+p+"/, `"m${'\\00'.repeat(zeros)}p"`));
    const { memory } = start(main);
    const bytes = new Uint8Array(memory.buffer, 1024, zeros + 2);
    assert.deepEqual([...bytes], [m, ...new Array(zeros).fill(0), p]);
    return readSections(main).find(({ id }) => id === section.data).body[0];
  };
  assert.equal(await countRuns(100), 1);
  assert.equal(await countRuns(1000), 2);
});

test('without parts the module stays whole', async () => {
  const { main, parts } = await split({});
  const exports = start(main);
  assert.deepEqual(parts, {});
  assert.deepEqual([exports.first(2), exports.second()], [p, 2000 + p]);
});

test('a part that nothing belongs to, and a function that is not known, stop the build', async () => {
  await assert.rejects(split({ further: /^third$/ }), {
    message: 'no export of the module is in its part further',
  });
  const functions = new Map([...references.functions].filter(([name]) => name !== 'grow'));
  await assert.rejects(split({}, whole, { ...references, functions }), {
    message: 'what the function grow refers to is not known',
  });
});
