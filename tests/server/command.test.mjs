// `fencerun serve` as a user starts it: its own process, what it says, its log, and how it stops.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { post } from './server.mjs';

const command = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fencerun-serve-'));
after(() => rmSync(folder, { recursive: true }));

/** Starts the command; `said(pattern)` resolves with the first match in what it writes to stderr. */
function serve(args, env = {}) {
  const child = spawn(process.execPath, [command, 'serve', ...args], { env: { ...process.env, ...env } });
  const output = { stdout: '', stderr: '' };
  const waiting = new Set();
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
      for (const check of waiting) check();
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code, ...output }));
  const said = (pattern) =>
    new Promise((resolve, reject) => {
      const check = () => {
        const match = pattern.exec(output.stderr);
        if (match) resolve(match);
      };
      waiting.add(check);
      check();
      ended.then(() => reject(new Error(`it never said ${pattern}: ${output.stderr}`)));
    });
  return { child, said, ended };
}

const listening = /^fencerun: listening on (http:\S+)$/m;

test('it says where it listens, logs a line a request, and stops at once when nothing runs', async () => {
  const { child, said, ended } = serve(['--port', '0']);
  const [, url] = await said(listening);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const { run_result } = await (await post(url)).json();
  assert.equal(run_result.stdout, '1\n');
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 1);
  const { path, status, run } = JSON.parse(lines[0]);
  assert.deepEqual([path, status, run.status], ['/run_code', 200, 'Success']);
});

test('SIGTERM lets a program that runs come to its end, and its client get the answer', async () => {
  const log = join(folder, 'access.jsonl');
  const { child, said, ended } = serve(['--port', '0', '--log', log]);
  const [, url] = await said(listening);
  // It ends as soon as the server has been told to stop, which it cannot see: so it waits for its time to pass.
  const body = {
    code: 'import time; print("up", flush=True); time.sleep(1); print("down")',
    language: 'python',
  };
  const answered = post(url, { body });
  for (let running = false; !running; ) {
    running = /^fencerun_runs_in_progress 1$/m.test(await (await fetch(`${url}/metrics`)).text());
  }
  child.kill('SIGTERM');
  await said(/^fencerun: stopping when the programs under way have ended; again to stop now$/m);
  const { run_result } = await (await answered).json();
  assert.equal(run_result.stdout, 'up\ndown\n');
  const { code, stdout } = await ended;
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(readFileSync(log, 'utf8'), /"path":"\/run_code","status":200/);
});

test('SIGTERM stops a program that goes on for too long', async () => {
  const { child, said, ended } = serve(['--port', '0', '--no-log', '--drain', '0.2']);
  const [, url] = await said(listening);
  const answered = post(url, { body: { code: 'while True: pass', language: 'python' } });
  for (let running = false; !running; ) {
    running = /^fencerun_runs_in_progress 1$/m.test(await (await fetch(`${url}/metrics`)).text());
  }
  child.kill('SIGTERM');
  assert.equal((await answered).status, 503);
  assert.equal((await ended).code, 0);
});

test('the token may come from the environment', async () => {
  const { child, said, ended } = serve(['--port', '0', '--no-log'], { FENCERUN_TOKEN: 'secret' });
  const [, url] = await said(listening);
  assert.equal((await post(url)).status, 401);
  assert.equal((await post(url, { headers: { authorization: 'Bearer secret' } })).status, 200);
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
});

test('an address that is taken is told in one sentence', async () => {
  const first = serve(['--port', '0', '--no-log']);
  const [, url] = await first.said(listening);
  const { port } = new URL(url);
  const { code, stderr } = await serve(['--port', port]).ended;
  assert.equal(code, 1);
  assert.equal(stderr, `fencerun: cannot serve at 127.0.0.1:${port}: the address is in use\n`);
  first.child.kill();
  await first.ended;
});

for (const [args, message] of [
  [['--port', '70000'], /argument '70000' is invalid\. expected a port from 0 to 65535\./],
  [['--queue', '-1'], /argument '-1' is invalid\. expected a whole number\./],
  [['--cors-origin', 'x'], /^fencerun: corsOrigins: expected \* or an origin such as/],
  [['--log', '/nowhere/log'], /^fencerun: cannot write \/nowhere\/log: /],
]) {
  test(`a wrong argument is told in one sentence: ${args.join(' ')}`, async () => {
    const { code, stderr } = await serve(['--port', '0', ...args]).ended;
    assert.notEqual(code, 0);
    assert.match(stderr, message);
  });
}
