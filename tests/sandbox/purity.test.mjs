// Nothing of a run is visible to the next: what the instance is, and what programs see.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Guests } from '../../sandbox/dist/guests.js';
import { buildFileSystem, fetchFiles } from '../../sandbox/dist/program-files.js';
import { Machine } from '../../sandbox/dist/python/machine.js';
import { HandleTable } from '../../sandbox/dist/python/wasi/run-state.js';
import { useSandbox } from './sandbox.mjs';

const { print, run } = useSandbox({ workers: 1 });

const platform = {
  readAsset: async (name) =>
    new Uint8Array(await readFile(new URL(`../../sandbox/dist/${name}`, import.meta.url))),
};

function makeState(code) {
  const written = [];
  const job = { code, files: [], fetchFiles: ['kept'], maxFileSystemBytes: 1 << 20 };
  const devices = { readStdin: () => new Uint8Array(0), writeOutput: () => {} };
  return {
    job,
    written,
    handles: new HandleTable(),
    stdin: new Uint8Array(0),
    stdinPosition: 0,
    fileSystem: buildFileSystem(job, 'main.py', devices),
    writeOutput: (_stream, bytes) => written.push(Buffer.from(bytes)),
    flushOutput: () => {},
  };
}

/** Programs that leave as much behind as a program can, each ending in another way. */
const DIRTY_PROGRAMS = [
  'x = [object() for _ in range(100_000)]',
  'import builtins, sys, math; builtins.leak = 1; math.pi = 3; sys.modules["leak"] = math; sys.setrecursionlimit(5000)',
  'import gc; gc.disable(); gc.set_threshold(1)\nclass A:\n  def __del__(self): print("del")\na = A(); a.self = a',
  'import os; os.mkdir("/leak"); os.chdir("/leak"); os.environ["LEAK"] = "1"; f = open("/leak/f", "w"); f.write("x")',
  'import threading, random, locale; random.seed(1); threading.local().x = 1; raise SystemExit(3)',
  'def f(n): return f(n + 1)\nf(0)',
  '1/0',
  'import unittest, xml.sax, doctest, tarfile, bz2',
  'import asyncio\nasync def m(): await asyncio.sleep(0)\nasyncio.run(m())',
  'import sys; sys.stdout.close(); sys.stderr = None; del sys.modules["os"]',
];

test('a_restored_instance_is_pristine_to_the_last_byte', async () => {
  const guest = await new Guests(platform).load('python', 256 << 20);
  const machine = new Machine(guest);
  const pristine = machine.copyState();
  const table = machine.listTable();
  assert.ok(machine.isIn(pristine));
  for (const code of DIRTY_PROGRAMS) {
    const ending = machine.run(makeState(code));
    assert.equal(ending.kind, 'returned', `${code}: ${JSON.stringify(ending)}`);
    assert.equal(machine.isIn(pristine), false, code);
    assert.equal(machine.restore(pristine), true, code);
    assert.ok(machine.isIn(pristine), code);
    const after = machine.listTable();
    assert.equal(after.length, table.length);
    assert.ok(
      after.every((entry, index) => entry === table[index]),
      code,
    );
  }
});

test('a_second_instance_starts_like_the_first', async () => {
  const guest = await new Guests(platform).load('python', 256 << 20);
  assert.ok(new Machine(guest).isIn(new Machine(guest).copyState()));
});

test('a_grown_instance_is_not_restored', async () => {
  const guest = await new Guests(platform).load('python', 256 << 20);
  const machine = new Machine(guest);
  const pristine = machine.copyState();
  assert.equal(machine.run(makeState('x = bytearray(100 << 20)')).kind, 'returned');
  assert.equal(machine.restore(pristine), false);
});

test('files_of_a_run_are_its_own', () => {
  const first = makeState('');
  first.fileSystem.putFile(['sandbox', 'kept'], Buffer.from('x'));
  assert.equal(fetchFiles(first.fileSystem, first.job).length, 1);
  const second = makeState('');
  assert.equal(fetchFiles(second.fileSystem, second.job).length, 0);
});

/** What a program can see of its interpreter; the same text for every fresh one. */
const SURVEY = `
import sys, builtins, os, math, gc, signal, threading, warnings, decimal, locale, atexit, linecache, asyncio, json
print(sorted(sys.modules), len(gc.get_objects()), gc.isenabled(), gc.get_threshold(), gc.get_count()[1:])
print(sorted(vars(builtins)), sorted(globals()), math.pi, sys.getrecursionlimit(), sys.path, sys.argv, sys.meta_path)
print(dict(os.environ), os.getcwd(), sorted(os.listdir("/")), sorted(os.listdir(".")), sorted(os.listdir("/tmp")), os.getpid())
print(signal.getsignal(signal.SIGINT), threading.active_count(), warnings.filters, decimal.getcontext(), atexit._ncallbacks())
print(sorted(linecache.cache), json.dumps, id(math), id(object()), hash("a"), sys.getswitchinterval(), sys.stdout, sys.excepthook)
for fd in range(3, 20):
    try: print(fd, os.fstat(fd)[:3])
    except OSError as e: print(fd, e.errno)
`;

test('a_program_sees_the_same_interpreter_after_every_other', async () => {
  const first = await print(SURVEY);
  for (const code of DIRTY_PROGRAMS) {
    await run(code);
    assert.equal(await print(SURVEY), first, code);
  }
});

test('endings_that_drop_the_instance_leave_nothing', async () => {
  const first = await print(SURVEY);
  for (const code of [
    'import os; os.leak = 1; os._exit(3)',
    'import os; os.abort()',
    'x = bytearray(100 << 20)',
  ]) {
    await run(code);
    assert.equal(await print(SURVEY), first, code);
  }
});

test('a_stopped_run_leaves_nothing', async () => {
  const first = await print(SURVEY);
  await run('open("leak", "w").write("x")\nwhile True: pass', { run_timeout: 0.2 });
  assert.equal(await print(SURVEY), first);
});

test('memory_of_an_earlier_run_cannot_be_found', async () => {
  await run('secret = "".join(["s3cr3t"] * 1_000_000); print(len(secret))');
  // What malloc hands out unwritten is what an earlier program left, if anything did.
  const probe =
    'import array\nb = bytearray(20 << 20)\nprint(b.count(b"s3cr3t"), "".join(["s3c", "r3t"]) in repr(bytes(b)))';
  assert.equal(await print(probe), '0 False\n');
});

test('random_numbers_and_the_clock_are_new_in_every_run', async () => {
  const code =
    'import random, os, uuid, secrets, time\nprint(random.random(), os.urandom(8), uuid.uuid4(), secrets.token_hex(8), time.time())';
  const values = await Promise.all([1, 2, 3].map(async () => (await print(code)).trim().split(' ')));
  for (let column = 0; column < values[0].length; column++) {
    assert.equal(new Set(values.map((row) => row[column])).size, 3, `column ${column}`);
  }
  const now = Number(await print('import time; print(time.time())'));
  assert.ok(Math.abs(now - Date.now() / 1000) < 60);
});

test('javascript_runs_share_nothing', async () => {
  await run('globalThis.leak = 1; Array.prototype.leak = 2; console.log = null; require("fs").leak = 3', {
    language: 'nodejs',
  });
  const code = 'console.log(globalThis.leak, [].leak, require("fs").leak, Object.keys(globalThis))';
  assert.equal(await print(code, { language: 'nodejs' }), 'undefined undefined undefined []\n');
});

test('an_instance_survives_many_runs', async () => {
  const first = await print(SURVEY);
  for (let i = 0; i < 200; i++) assert.equal(await print(`print(${i})`), `${i}\n`);
  assert.equal(await print(SURVEY), first);
});
