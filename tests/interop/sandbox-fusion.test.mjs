// SandboxFusion's own Python client, unmodified, against `fencerun serve`.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runPython, startServe } from './serve.mjs';

let server;
let results;
before(async () => {
  server = await startServe();
  results = await runPython('sandbox_fusion_client.py', server.url);
});
after(() => server.stop());

const finished = { status: 'Finished', cpu_time: null, return_code: 0, stdout: '', stderr: '' };
const success = (run, rest = {}) => ({
  status: 'Success',
  message: '',
  compile_result: null,
  run_result: { ...finished, ...run },
  executor_pod_name: null,
  files: {},
  ...rest,
});

test('the client reads what a program prints', () => {
  assert.deepEqual(results.prints, success({ stdout: '42\n' }));
});

test('the client hands standard input over', () => {
  assert.deepEqual(results['reads stdin'], success({ stdout: 'cba\n' }));
});

test('the client sends files and fetches them', () => {
  assert.deepEqual(results['files in and out'], success({}, { files: { 'b.bin': '/wEA' } }));
});

test('the client reads the failure of a program', () => {
  const { status, run_result } = results.fails;
  assert.deepEqual([status, run_result.return_code, run_result.stdout], ['Failed', 1, 'before\n']);
  assert.match(run_result.stderr, /^Traceback .*\n.*\n.*\n.*\nZeroDivisionError: division by zero\n$/);
});

test('the client reads a time-out, with what was printed before', () => {
  const late = { status: 'TimeLimitExceeded', return_code: null, stdout: 'part\n' };
  assert.deepEqual(results['time-out'], success(late, { status: 'Failed' }));
});

test('the client runs JavaScript', () => {
  assert.deepEqual(results.nodejs, success({ stdout: '[ 1, 2 ]\n' }));
});

test('a language that cannot run here is an error of the sandbox to the client', () => {
  const message = 'the embedded sandbox runs python and nodejs, not "cpp"';
  assert.deepEqual(results.cpp, { raised: `Sandbox responded with error: ${message}` });
});

test('a language that the original does not know is refused with 422', () => {
  assert.match(
    results['language of a newer client'].raised,
    /^Faas api responded with code 422: .*literal_error/,
  );
});

test('summary_run_code_result has the right word for each end', () => {
  assert.deepEqual(results.summaries, ['yes', 'broken', 'late', 'broken']);
});

test('run_concurrent gets each answer in its place', () => {
  assert.deepEqual(
    results.run_concurrent,
    Array.from({ length: 40 }, (_, number) => `${number ** 2}\n`),
  );
});

test('the asynchronous client gets each answer in its place', () => {
  assert.deepEqual(
    results.async,
    Array.from({ length: 16 }, (_, number) => `${number}\n`),
  );
});

const cell = { stdout: '', stderr: '', display: [], error: [] };

test('the client runs cells in one interpreter', () => {
  const expected = [cell, { ...cell, stdout: '20\n' }, { ...cell, display: [{ 'text/plain': '42' }] }];
  assert.deepEqual(results.jupyter, expected);
});

test('the client reads the error of a cell, and the cells after it run', () => {
  const [first, second] = results['jupyter error'];
  assert.deepEqual(
    first.error.map(({ ename, evalue }) => [ename, evalue]),
    [['ZeroDivisionError', 'division by zero']],
  );
  assert.deepEqual(second, { ...cell, display: [{ 'text/plain': "'on'" }] });
});

test('the asynchronous client runs cells', () => {
  assert.deepEqual(results['jupyter async'], ['1\n']);
});
