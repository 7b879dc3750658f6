// The embedded sandbox in Chromium, served as plain files under a strict policy, without cross-origin isolation.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { after, before, test } from 'node:test';
import { NO_TIME } from '../sandbox/sandbox.mjs';
import { launchBrowser } from './launch.mjs';

const DIST = new URL('../../sandbox/dist/', import.meta.url);
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'";
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>sandbox</title><script type="module" src="/page.js"></script>';
const SCRIPT =
  "import { createSandbox } from '/browser.js'; globalThis.sandbox = createSandbox(); globalThis.ready = true;";

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://host');
  const written = { '/': PAGE, '/page.js': SCRIPT }[pathname];
  try {
    const body = written ?? (await readFile(new URL(`.${pathname}`, DIST)));
    const policy = pathname === '/worker.js' ? WORKER_POLICY : PAGE_POLICY;
    const type = pathname === '/' ? '.html' : extname(pathname);
    response.writeHead(200, { 'content-type': TYPES[type], 'content-security-policy': policy }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

let server;
let browser;
let page;
const complaints = [];
before(async () => {
  server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction('globalThis.ready');
});
after(async () => {
  await browser?.close();
  server?.close();
});

const run = (request) => page.evaluate((body) => globalThis.sandbox.runCode(body), request);

test('page_is_not_cross_origin_isolated', async () => {
  assert.equal(await page.evaluate('crossOriginIsolated'), false);
});

test('no_work_takes_no_time_where_the_clock_of_the_browser_stands_still', async () => {
  const readings = await page.evaluate(() => Array.from({ length: 1000 }, () => performance.now()));
  assert.ok(new Set(readings).size < 1000);
  const { run_result } = await run({ language: 'python', code: NO_TIME });
  assert.equal(run_result.stdout, '0 0 0\n');
});

test('python_runs', async () => {
  const { status, run_result } = await run({
    code: 'import sys; print(sys.version_info[:2], input())',
    language: 'python',
    stdin: 'in',
  });
  assert.deepEqual([status, run_result.stdout, run_result.stderr], ['Success', '(3, 14) in\n', '']);
});

test('python_runs_again_without_a_trace_of_the_first', async () => {
  await run({ code: 'import builtins; builtins.leak = 1; open("leak", "w").write("x")', language: 'python' });
  const { run_result } = await run({
    code: 'import builtins, os; print(hasattr(builtins, "leak"), os.listdir("."))',
    language: 'python',
  });
  assert.equal(run_result.stdout, "False ['main.py']\n");
});

test('sympy_runs', async () => {
  const { run_result } = await run({ code: 'import sympy; print(sympy.sqrt(8))', language: 'python' });
  assert.equal(run_result.stdout, '2*sqrt(2)\n');
});

test('javascript_runs', async () => {
  const code =
    'setTimeout(() => console.log([1, { a: "b" }]), 5); Promise.reject(new Error("x")).catch(() => console.log(1))';
  const { run_result } = await run({ code, language: 'nodejs' });
  assert.deepEqual([run_result.stdout, run_result.stderr], ["1\n[ 1, { a: 'b' } ]\n", '']);
});

test('deep_recursion_in_javascript_is_an_error_of_the_program', async () => {
  const code = 'function f() { f() }\ntry { f() } catch (e) { console.log(e instanceof RangeError) }';
  assert.equal((await run({ code, language: 'nodejs' })).run_result.stdout, 'true\n');
});

test('deep_recursion_in_python_is_an_error_of_the_program', async () => {
  const { run_result } = await run({ code: 'def f(n): return f(n + 1)\nf(0)', language: 'python' });
  assert.match(run_result.stderr, /\nRecursionError: maximum recursion depth exceeded\n$/);
});

test('a_program_that_waits_is_stopped_and_keeps_its_output', async () => {
  const code =
    'import time; print("part", flush=True); time.sleep(0.01); print("more", flush=True); time.sleep(60)';
  const { run_result } = await run({ code, language: 'python', run_timeout: 2 });
  assert.deepEqual([run_result.status, run_result.stdout], ['TimeLimitExceeded', 'part\nmore\n']);
});

test('abort_rejects_with_the_reason', async () => {
  const message = await page.evaluate(async () => {
    const controller = new AbortController();
    const running = globalThis.sandbox.runCode(
      { code: 'while True: pass', language: 'python' },
      { signal: controller.signal },
    );
    controller.abort(new Error('enough'));
    return running.catch((error) => error.message);
  });
  assert.equal(message, 'enough');
});

test('the_cells_of_a_notebook_share_an_interpreter', async () => {
  const { status, cells } = await page.evaluate(() =>
    globalThis.sandbox.runJupyter({ cells: ['x = 6', 'print("out")\nx * 7', '1 / 0'] }),
  );
  assert.equal(status, 'Success');
  assert.equal(cells.length, 3);
  assert.equal(cells[1].stdout, 'out\n');
  assert.equal(cells[1].display[0]['text/plain'], '42');
  assert.equal(cells[2].error[0].ename, 'ZeroDivisionError');
});

test('a_session_keeps_its_variables_until_it_is_closed', async () => {
  const printed = await page.evaluate(async () => {
    const session = globalThis.sandbox.createSession();
    await session.runCell('x = 41');
    const { stdout } = await session.runCell('print(x + 1)');
    await session.close();
    const after = await session.runCell('x').catch((error) => error.message);
    return [stdout, after];
  });
  assert.deepEqual(printed, ['42\n', 'the session is closed']);
});

test('nothing_was_blocked_or_failed', () => {
  assert.deepEqual(complaints, []);
});
