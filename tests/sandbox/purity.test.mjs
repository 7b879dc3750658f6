// Nothing of a run is visible to the next: what the instance is, and what programs see.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Guests } from '../../sandbox/dist/guests.js';
import { buildFileSystem, fetchFiles } from '../../sandbox/dist/program-files.js';
import { Machine } from '../../sandbox/dist/python/machine.js';
import { HandleTable } from '../../sandbox/dist/python/wasi/run-state.js';
import { NO_TIME, useSandbox } from './sandbox.mjs';

const { sandbox, print, run } = useSandbox({ workers: 1 });

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
    cell: new TextEncoder().encode(code),
    show: (message) => written.push(message),
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
  'import atexit; atexit.register(print, "bye"); atexit.register(lambda: 1 / 0)',
  'import builtins; builtins.print = builtins.open = builtins.__import__ = None',
  'import builtins; builtins.len = lambda x: 7',
  'import gc; gc.callbacks.append(lambda *a: None); gc.set_debug(gc.DEBUG_STATS); gc.freeze(); gc.collect()',
  'import signal; signal.signal(signal.SIGINT, lambda *a: None); signal.signal(signal.SIGTERM, signal.SIG_IGN)',
  'import warnings, decimal; warnings.simplefilter("error"); decimal.getcontext().prec = 3; decimal.setcontext(decimal.BasicContext)',
  'import locale, random, sys\nlocale.setlocale(locale.LC_ALL, "C"); random.seed(0); sys.setswitchinterval(1); sys.setprofile(lambda *a: None)',
  'import sys; sys.settrace(lambda *a: None); sys.excepthook = sys.displayhook = sys.unraisablehook = print',
  'import os\nfor i in range(50): os.open(f"f{i}", os.O_CREAT | os.O_RDWR)\nos.dup2(3, 1); os.close(0); os.closerange(4, 9)',
  'import sys; sys.path[:] = []; sys.meta_path.clear(); sys.path_hooks.clear(); sys.modules["json"] = None',
  'import sys, codecs; sys.setrecursionlimit(10**6); codecs.register(lambda n: None); sys.set_int_max_str_digits(0)',
  'import threading, contextvars\nthreading.excepthook = print; contextvars.ContextVar("leak").set(1); threading.stack_size(1 << 20)',
  'import asyncio\nasyncio.set_event_loop(asyncio.new_event_loop()); asyncio.EventLoop = None; asyncio.get_event_loop().call_later(9, print)',
  'import sys; sys.intern("leaked" * 9); sys.addaudithook(lambda *a: None)',
  'import os; os.umask(0o77); os.environ.clear(); os.putenv("LEAK", "1"); os.unlink(__file__); os.chdir("/")',
  'try:\n  import _thread; _thread.start_new_thread(print, ())\nexcept RuntimeError: pass\nimport os\ntry: os.fork()\nexcept (AttributeError, OSError): pass',
];

/** Cells that leave as much behind. */
const DIRTY_CELLS = [
  'x = [object() for _ in range(100_000)]; x[:2]',
  'get_ipython().input_transformers_post.append(lambda lines: ["1/0\\n"])',
  'from IPython import get_ipython as g; g().ast_transformers.append(None); g().displayhook = None',
  'import IPython.core.formatters as f; f.format_display_data = None; get_ipython().display_formatter.formatters.clear()',
  '%xmode Verbose\n%colors NoColor\n%precision 2\n%load_ext autoreload',
  'import asyncio; asyncio.ensure_future(asyncio.sleep(9)); asyncio.get_event_loop().stop()',
  'get_ipython().set_custom_exc((Exception,), lambda *a, **k: None); 1/0',
  'print(1',
  'await __import__("asyncio").sleep(0)',
  'import sys; sys.modules["__main__"] = None; sys.displayhook = None; __builtins__.input = None',
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

test('an_instance_is_pristine_again_after_cells', async () => {
  const guest = await new Guests(platform).load('python-sympy', 256 << 20);
  const machine = new Machine(guest);
  const pristine = machine.copyState();
  for (const code of DIRTY_CELLS) {
    const state = makeState(code);
    for (const cell of [code, 'leak = 1']) {
      state.cell = new TextEncoder().encode(cell);
      const ending = machine.runCell(state, 1);
      assert.equal(ending.kind, 'returned', `${code}: ${JSON.stringify(ending)}`);
    }
    assert.equal(machine.isIn(pristine), false, code);
    assert.equal(machine.restore(pristine), true, code);
    assert.ok(machine.isIn(pristine), code);
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
  assert.equal(fetchFiles(first.fileSystem, ['kept']).length, 1);
  const second = makeState('');
  assert.equal(fetchFiles(second.fileSystem, ['kept']).length, 0);
});

/** What a program can see of its interpreter; the same text for every fresh one. */
const SURVEY = `
import sys, builtins, os, math, gc, signal, threading, warnings, decimal, locale, atexit, linecache, asyncio, json
print(sorted(sys.modules), len(gc.get_objects()), gc.isenabled(), gc.get_threshold(), gc.get_count()[1:])
print(sorted(vars(builtins)), sorted(globals()), math.pi, sys.getrecursionlimit(), sys.path, sys.argv, sys.meta_path)
print(dict(os.environ), os.getcwd(), sorted(os.listdir("/")), sorted(os.listdir(".")), sorted(os.listdir("/tmp")), os.getpid())
print(sys.gettrace(), sys.getprofile(), gc.callbacks, gc.get_debug(), gc.get_freeze_count(), len(sys.path_hooks))
print(locale.setlocale(locale.LC_ALL), sys.get_int_max_str_digits(), threading.stack_size(), threading.excepthook, sys.displayhook)
print(signal.getsignal(signal.SIGTERM), len.__module__, asyncio.EventLoop)
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

test('cells_see_the_same_interpreter_after_every_other_cell', async () => {
  const survey = async () => {
    const { cells } = await sandbox.runJupyter({
      cells: [SURVEY, 'get_ipython().ast_transformers, Out, In'],
    });
    assert.deepEqual(
      cells.map(({ error }) => error),
      [[], []],
    );
    return cells.map(({ stdout, display }) => [stdout, display]);
  };
  const first = await survey();
  for (const code of DIRTY_CELLS) {
    await sandbox.runJupyter({ cells: [code] });
    assert.deepEqual(await survey(), first, code);
  }
  await run(`import sympy\n${DIRTY_PROGRAMS[1]}`);
  assert.deepEqual(await survey(), first);
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

test('random_numbers_are_new_in_every_run', async () => {
  const code =
    'import random, os, uuid, secrets\nprint(random.random(), os.urandom(8).hex(), uuid.uuid4(), secrets.token_hex(8))';
  const values = await Promise.all([1, 2, 3].map(async () => (await print(code)).trim().split(' ')));
  for (let column = 0; column < values[0].length; column++) {
    assert.equal(new Set(values.map((row) => row[column])).size, 3, `column ${column}`);
  }
});

test('the_clock_tells_the_time', async () => {
  const before = Date.now();
  const now = Number(await print('import time; print(time.time_ns() // 1_000_000)'));
  assert.ok(before <= now && now <= Date.now() + 1, `${before} ${now}`);
});

test('no_work_takes_no_time', async () => {
  assert.equal(await print(NO_TIME), '0 0 0\n');
});

test('time_slept_is_time_passed', async () => {
  const code = `import time
clocks = [time.time, time.monotonic, time.perf_counter]
before = [clock() for clock in clocks]
time.sleep(0.05)
print([clock() - start >= 0.05 for clock, start in zip(clocks, before)])`;
  assert.equal(await print(code), '[True, True, True]\n');
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
