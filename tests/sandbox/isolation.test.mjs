// A program reaches nothing of the host; it gets the errors an ordinary Python without those things gives.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useSandbox } from './sandbox.mjs';

const { print, runResult } = useSandbox({ workers: 1 });

const ESCAPES = {
  'import os; os.system("id")': /AttributeError: module 'os' has no attribute 'system'/,
  'import os; print(os.popen("id").read())': /OSError|NotImplementedError|AttributeError/,
  'import os; os.fork()': /AttributeError/,
  'import os; os.execv("/bin/sh", ["sh"])': /AttributeError|OSError|PermissionError|FileNotFoundError/,
  'import subprocess; subprocess.run(["id"])': /OSError|NotImplementedError/,
  'open("/etc/passwd")': /FileNotFoundError/,
  'open("../../../../etc/passwd")': /FileNotFoundError/,
  'open("/proc/self/environ")': /FileNotFoundError/,
  'import os; os.symlink("/etc", "x")': /OSError/,
  'import ctypes': /ModuleNotFoundError: No module named '_?ctypes'/,
  'import js': /ModuleNotFoundError: No module named 'js'/,
  'import pyodide_js': /ModuleNotFoundError: No module named 'pyodide_js'/,
  'import numpy': /ModuleNotFoundError: No module named 'numpy'/,
  'import wit_world': /ModuleNotFoundError: No module named 'wit_world'/,
  'import componentize_py_runtime': /ModuleNotFoundError: No module named 'componentize_py_runtime'/,
  'import socket; socket.create_connection(("127.0.0.1", 80))': /OSError|PermissionError|gaierror/,
  'import socket; socket.socket()': /OSError|PermissionError/,
  'import socket; socket.getaddrinfo("example.org", 80)': /gaierror|OSError|PermissionError/,
  'import urllib.request; urllib.request.urlopen("http://127.0.0.1/")': /URLError/,
  'import multiprocessing; multiprocessing.Process(target=print).start()':
    /ImportError|ModuleNotFoundError|OSError|AttributeError/,
};

for (const [code, expected] of Object.entries(ESCAPES)) {
  test(`refused: ${code}`, async () => {
    const { return_code, stderr } = await runResult(code);
    assert.equal(return_code, 1, stderr);
    assert.match(stderr, /^Traceback \(most recent call last\):\n/);
    assert.match(stderr, expected);
  });
}

test('environment_is_empty', async () => {
  assert.equal(
    await print('import os; print(dict(os.environ), os.listdir("/"))'),
    "{} ['dev', 'tmp', 'sandbox']\n",
  );
});

test('misusing_the_runtime_ends_its_own_run_only', async () => {
  const code = `
import sys, gc
runtime = next(o for o in gc.get_objects() + list(sys.modules.values()) if getattr(o, "__name__", "") == "componentize_py_runtime") \\
    if any(getattr(o, "__name__", "") == "componentize_py_runtime" for o in gc.get_objects()) else None
if runtime is None:
    import _imp, importlib.machinery
    spec = importlib.machinery.ModuleSpec("componentize_py_runtime", None, origin="built-in")
    runtime = _imp.create_builtin(spec)
runtime.call_import(99, [], 1)
`;
  const { return_code } = await runResult(code);
  assert.notEqual(return_code, 0);
  assert.equal(await print('print(1)'), '1\n');
});

test('bytecode_that_breaks_the_interpreter_ends_its_own_run_only', async () => {
  const code = `
def f(): pass
f.__code__ = f.__code__.replace(co_code=bytes([83, 250] * 20), co_consts=(), co_stacksize=1)
f()
`;
  await runResult(code);
  assert.equal(await print('print(1)'), '1\n');
});

test('javascript_reaches_nothing', async () => {
  const code = `
const names = ['fetch', 'WebAssembly', 'Worker', 'XMLHttpRequest', 'importScripts', 'postMessage', 'Deno', 'Bun'];
console.log(names.filter((name) => name in globalThis));
console.log([].constructor.constructor('return typeof process.binding + typeof process.mainModule')());
console.log(Object.keys(process.env).length);
`;
  assert.equal(await print(code, { language: 'nodejs' }), '[]\nundefinedundefined\n0\n');
});

for (const name of ['child_process', 'http', 'net', 'node:vm', 'worker_threads']) {
  test(`javascript_has_no_${name}`, async () => {
    const { return_code, stderr } = await runResult(`require('${name}')`, { language: 'nodejs' });
    assert.equal(return_code, 1);
    assert.match(stderr, /is not available: this is QuickJS in the embedded sandbox, not Node\n/);
  });
}
