// What model programs do with Python, and what they see.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useSandbox } from './sandbox.mjs';

const { print, run, runResult } = useSandbox();

test('traceback_of_an_uncaught_exception_is_that_of_python', async () => {
  const { stderr } = await runResult('import json\ndef f():\n    json.loads("{")\nf()');
  assert.match(
    stderr,
    /^Traceback \(most recent call last\):\n {2}File "\/sandbox\/main\.py", line 4, in <module>\n {4}f\(\)\n/,
  );
  assert.match(
    stderr,
    /File "\/python\/json\/decoder\.py", line \d+, in raw_decode\n {4}obj, end = self\.scan_once/,
  );
  assert.match(stderr, /\njson\.decoder\.JSONDecodeError: [^\n]+\n$/);
  assert.ok(!stderr.includes('\x1b'));
});

test('warnings_show_their_line', async () => {
  const { stderr } = await runResult('import warnings\nwarnings.warn("old")');
  assert.equal(stderr, '/sandbox/main.py:2: UserWarning: old\n  warnings.warn("old")\n');
});

test('syntax_warnings_are_printed', async () => {
  const { stderr, return_code } = await runResult('x = "\\d"\n');
  assert.match(stderr, /^\/sandbox\/main\.py:1: SyntaxWarning: "\\d" is an invalid escape sequence\./);
  assert.equal(return_code, 0);
});

test('input_prints_its_prompt', async () => {
  assert.equal(await print('name = input("name? ")\nprint(name)', { stdin: 'Ada\n' }), 'name? Ada\n');
});

test('stdin_is_read_by_every_way', async () => {
  const stdin = '1 2\n3\n';
  assert.equal(await print('print(open(0).read().split())', { stdin }), "['1', '2', '3']\n");
  assert.equal(await print('import sys; print(sys.stdin.buffer.read())', { stdin }), "b'1 2\\n3\\n'\n");
  assert.equal(await print('print(open("/dev/stdin").readlines())', { stdin }), "['1 2\\n', '3\\n']\n");
  assert.equal(await print('import os; print(os.read(0, 3))', { stdin }), "b'1 2'\n");
});

test('classes_of_main_can_be_pickled', async () => {
  const code = `
import dataclasses, pickle
@dataclasses.dataclass
class Point:
    x: int
if __name__ == "__main__":
    print(pickle.loads(pickle.dumps(Point(1))))`;
  assert.equal(await print(code), 'Point(x=1)\n');
});

test('asyncio_runs_tasks_and_timers', async () => {
  const code = `
import asyncio
async def work(n):
    await asyncio.sleep(n / 100)
    return n
async def main():
    print(await asyncio.gather(work(2), work(1)))
    try: await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    except TimeoutError: print("timeout")
asyncio.run(main())`;
  assert.equal(await print(code), '[2, 1]\ntimeout\n');
});

test('the_end_of_a_program_runs_what_python_runs', async () => {
  const code = `
import atexit
class A:
    def __del__(self): print("del")
atexit.register(print, "bye")
a = A()
print("end")`;
  assert.equal(await print(code), 'end\nbye\ndel\n');
});

test('files_behave_as_on_a_disk', async () => {
  const code = `
import os, pathlib, tempfile, shutil
p = pathlib.Path("d/e"); p.mkdir(parents=True); (p / "f.txt").write_text("one\\ntwo\\n")
with open("d/e/f.txt", "r+") as f:
    f.seek(4); f.write("TWO"); f.seek(0); print(f.read().split())
with open("d/e/f.txt", "a") as f: f.write("three")
print(os.path.getsize("d/e/f.txt"), os.listdir("d"), sorted(map(str, pathlib.Path("d").rglob("*"))))
os.rename("d/e/f.txt", "g"); shutil.copy("g", "h"); shutil.rmtree("d"); print(os.path.exists("d"), open("h").read()[-5:])
with tempfile.TemporaryFile() as f: f.write(b"x"); f.seek(0); print(f.read())
with tempfile.NamedTemporaryFile("w", dir=".") as f: print(os.path.isfile(f.name))
for path, mode in (("missing", "r"), (".", "r"), ("h", "x"), ("h/x", "w")):
    try: open(path, mode)
    except OSError as e: print(type(e).__name__)
with open("h", "r+b") as f: f.truncate(3)
print(open("h").read(), os.stat("h").st_mtime > 1e9)`;
  const expected = [
    "['one', 'TWO']",
    "13 ['e'] ['d/e', 'd/e/f.txt']",
    'False three',
    "b'x'",
    'True',
    'FileNotFoundError',
    'IsADirectoryError',
    'FileExistsError',
    'NotADirectoryError',
    'one True',
    '',
  ];
  assert.equal(await print(code), expected.join('\n'));
});

test('paths_that_lead_out_stay_inside', async () => {
  const { files } = await run('import os; print(os.listdir("/"))', {
    files: { '../../escape.txt': 'eA==', '/abs.txt': 'eQ==', '.': 'eA==', 'a/../b.txt': 'eg==' },
    fetch_files: ['../../escape.txt', '/abs.txt', 'b.txt', '.', '/etc/passwd'],
  });
  assert.deepEqual(files, { '../../escape.txt': 'eA==', '/abs.txt': 'eQ==', 'b.txt': 'eg==' });
});

test('a_signal_to_itself_ends_the_program_as_a_signal', async () => {
  assert.equal((await runResult('import os, signal; os.kill(os.getpid(), signal.SIGTERM)')).return_code, -15);
});

test('much_of_the_standard_library_imports', async () => {
  const code = `
import importlib, sys
names = [n for n in sys.stdlib_module_names if not n.startswith("_") and n not in ("antigravity", "this", "idlelib", "turtledemo")]
failed = []
for name in sorted(names):
    try: importlib.import_module(name)
    except ImportError as e: failed.append(name)
print(failed)`;
  const failed = (await print(code)).match(/\w+/g);
  const expected =
    'bz2 compression ctypes curses dbm ensurepip fcntl grp lzma mmap msvcrt nt pwd readline resource ssl syslog termios tkinter tty turtle winreg winsound zstd pty crypt nis spwd lib2to3 pydoc_data'.split(
      ' ',
    );
  assert.deepEqual(
    failed.filter((name) => !expected.includes(name)),
    [],
  );
});

test('the_unicode_and_numeric_parts_work', async () => {
  assert.equal(
    await print(
      'import sqlite3, decimal, unicodedata, hashlib, zlib\nprint(sqlite3.connect(":memory:").execute("select 1+1").fetchone(), unicodedata.name("é"), decimal.Decimal(1) / 7, hashlib.sha256(b"").hexdigest()[:8], zlib.crc32(b"a"))',
    ),
    '(2,) LATIN SMALL LETTER E WITH ACUTE 0.1428571428571428571428571429 e3b0c442 3904355907\n',
  );
});
