// verl's reward for code, unmodified, against `fencerun serve`.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runPython, startServe } from './serve.mjs';

let server;
let results;
before(async () => {
  server = await startServe();
  results = await runPython('verl_reward.py', server.url);
});
after(() => server.stop());

test('call_sandbox_api gets the answer and no error', () => {
  const { response, error } = results.call;
  assert.deepEqual([response.status, response.run_result.stdout, error], ['Success', 'hello\n', null]);
});

test('call_sandbox_api gets a language that cannot run here as an answer', () => {
  const { response, error } = results['call in a language of no use'];
  assert.deepEqual([response.status, error], ['SandboxError', null]);
});

test('call_sandbox_api tells an address that is none', () => {
  const { response, error } = results['call of nothing'];
  assert.equal(response, null);
  assert.match(error, /^API Call Failed: API Request Error: 404 Client Error: Not Found for url: /);
});

const cases = {
  right: [true, 'success'],
  'right but for line ends': [true, 'success'],
  wrong: [false, 'wrong_answer'],
  raises: [-2, 'runtime_error'],
  'does not parse': [-2, 'runtime_error'],
  exits: [-2, 'runtime_error'],
  'too long': [-3, 'timeout'],
  'too much memory': [-2, 'runtime_error'],
  killed: [-2, 'runtime_error'],
  forks: [-2, 'runtime_error'],
  nodejs: [true, 'success'],
  cpp: [-1, 'sandbox_error'],
  function: [true, 'success'],
  method: [true, 'success'],
  // verl's harness writes to stderr and exits with 0.
  'missing function': [false, 'wrong_answer'],
};

for (const [name, expected] of Object.entries(cases)) {
  test(`_process_single_case grades a program: ${name}`, () => {
    assert.deepEqual(results.cases[name], expected);
  });
}

test('check_correctness runs forty cases at once', () => {
  assert.deepEqual(results['many cases'], [Array(40).fill(true), Array(40).fill('success')]);
});

test('check_correctness keeps apart what succeeds, raises, is late and is wrong', () => {
  const words = ['success', 'runtime_error', 'timeout', 'wrong_answer'];
  assert.deepEqual(results['some cases'], [[true, -2, -3, false], words]);
});

test('check_correctness runs assertions', () => {
  assert.deepEqual(results.asserts, [
    [true, -2],
    ['success', 'runtime_error'],
  ]);
});

test('compute_score gives the share of cases that pass', () => {
  assert.deepEqual(results.score, [0.5, ['success', 'wrong_answer']]);
  assert.deepEqual(results['continuous score'], [1, ['success', 'success']]);
});

test('compute_score gives nothing for no code', () => {
  assert.deepEqual(results['score of no code'], [0, [{ error: 'Invalid completion (missing code block)' }]]);
});
