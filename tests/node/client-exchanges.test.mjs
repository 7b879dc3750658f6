// Every exchange that was recorded with a real SandboxFusion, through the client over real HTTP.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunError, SandboxClient } from '../../pkg/dist/index.js';
import { allExchanges, exchanges, sendJson, withServer } from './exchanges.mjs';

const PHASE_STATUS = { Finished: 'finished', Error: 'error', TimeLimitExceeded: 'time_limit_exceeded' };

/** A recorded program as a request of ours. */
function toRunRequest(wire) {
  const request = { code: wire.code, language: wire.language };
  if (wire.run_timeout !== undefined) request.runTimeoutMs = Number(wire.run_timeout) * 1000;
  if (wire.compile_timeout !== undefined) request.compileTimeoutMs = Number(wire.compile_timeout) * 1000;
  if (wire.memory_limit_MB > 0) request.memoryLimitMb = wire.memory_limit_MB;
  if (typeof wire.stdin === 'string') request.stdin = wire.stdin;
  if (wire.fetch_files) request.fetchFiles = wire.fetch_files;
  const files = Object.entries(wire.files ?? {}).filter(([, content]) => content !== null);
  request.files = Object.fromEntries(files.map(([path, content]) => [path, Buffer.from(content, 'base64')]));
  return request;
}

/** Recorded cells as a request of ours. */
function toJupyterRequest({ cells, fetch_files, ...rest }) {
  assert.deepEqual(rest, {});
  return fetch_files ? { cells, fetchFiles: fetch_files } : { cells };
}

function assertPhase(phase, wire) {
  if (wire === null) return assert.equal(phase, null);
  assert.equal(phase.status, PHASE_STATUS[wire.status]);
  assert.equal(phase.exitCode, wire.return_code);
  assert.equal(phase.stdout, wire.stdout);
  assert.equal(phase.stderr, wire.stderr);
  assert.equal(phase.executionTimeMs, wire.execution_time * 1000);
}

function assertFiles(files, wire) {
  const contents = Object.entries(files).map(([path, content]) => [
    path,
    Buffer.from(content).toString('base64'),
  ]);
  assert.deepEqual(Object.fromEntries(contents), wire);
}

function assertRun(result, recorded) {
  assert.equal(result.status, recorded.status === 'Success' ? 'success' : 'failed');
  assert.equal(result.message, recorded.message);
  assert.equal(result.executorPodName, recorded.executor_pod_name);
  assertPhase(result.compile, recorded.compile_result);
  assertPhase(result.run, recorded.run_result);
  assertFiles(result.files, recorded.files);
}

function assertCells(result, recorded) {
  assert.equal(result.status, recorded.status === 'Success' ? 'success' : 'failed');
  assertPhase(result.driver, recorded.driver);
  assert.deepEqual(
    result.cells,
    recorded.cells.map(({ stdout, stderr, display, error }) => ({
      stdout,
      stderr,
      displays: display,
      errors: error.map(({ ename, evalue, traceback }) => ({ name: ename, message: evalue, traceback })),
    })),
  );
  assertFiles(result.files, recorded.files);
}

/** For each path what the client is asked, and what must come of the recorded answer. */
const calls = {
  '/run_code': { ask: (client, request) => client.runCode(toRunRequest(request)), check: assertRun },
  '/run_jupyter': {
    ask: (client, request) => client.runJupyter(toJupyterRequest(request)),
    check: assertCells,
  },
  '/v1/ping': { ask: (client) => client.ping(), check: assert.equal },
  '/list_datasets': { ask: (client) => client.listDatasets(), check: assert.deepEqual },
};

test('the recording is whole', () => {
  assert.equal(allExchanges.length, 91);
});

for (const { note, method, path, request, status, response: recorded } of allExchanges) {
  test(`recorded ${status}: ${note}`, async () => {
    let sent;
    const answer = ({ body, request: { url, method: verb }, response }) => {
      sent = { path: url, method: verb, body: body === '' ? undefined : JSON.parse(body) };
      sendJson(response, status, recorded);
    };
    // What the client cannot send, as it is not JSON or has no code, it asks for with a program of its own.
    const { ask, check } = (status === 200 && calls[path]) || {
      ask: (client) => client.runCode({ code: 'x' }),
    };
    const asked = withServer(answer, (url) => ask(new SandboxClient({ url }), request));
    if (status !== 200) {
      await assert.rejects(asked, (error) => {
        assert.ok(error instanceof RunError);
        assert.deepEqual([error.code, error.status, error.attempts], ['http', status, 1]);
        assert.equal(error.outcome, 'never_ran');
        const reason = typeof recorded.detail === 'string' ? recorded.detail : recorded.detail[0].msg;
        assert.ok(error.message.includes(reason), error.message);
        return true;
      });
      return;
    }
    if (recorded.status === 'SandboxError') {
      await assert.rejects(asked, { name: 'RunError', code: 'sandbox' });
    } else {
      check(await asked, recorded);
    }
    assert.deepEqual([sent.method, sent.path], [method, path]);
    for (const [name, value] of Object.entries(request ?? {})) {
      // What the original passes over is not sent: fields it does not know, files without content, and -1 for none.
      if (name === 'colour') continue;
      const expected = { run_timeout: Number, files: asBytes }[name]?.(value) ?? value;
      assert.deepEqual(sent.body[name], expected, name);
    }
  });
}

/** Files as they are sent: those that have content, with what their base64 stands for. */
function asBytes(files) {
  const whole = Object.entries(files).filter(([, content]) => content !== null);
  return Object.fromEntries(
    whole.map(([path, content]) => [path, Buffer.from(content, 'base64').toString('base64')]),
  );
}

/** Values that stand where they do not belong, and some that may. */
const odd = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 60,
  '',
  'x',
  'constructor',
  '\ud800',
  [],
  ['a'],
  {},
  { a: 'b' },
  { a: 'YQ==' },
  { 'a b': 'YQ' },
  JSON.parse('{"__proto__": "YQ=="}'),
];

test("answers are read alike by JavaScript's parser and by the core", async () => {
  let body;
  const fetch = async () => new Response(body);
  const client = new SandboxClient({ url: 'http://sandbox.test', fetch });
  const read = async (text) => {
    body = text;
    return client.runCode({ code: 'x' }).catch(({ code, outcome }) => ({ code, outcome }));
  };
  let results = 0;
  const compare = async (answer) => {
    const text = JSON.stringify(answer);
    // `NaN`, which JSON lacks and Python's has, sends the answer to the core; the field itself is passed over.
    const [fast, slow] = [
      await read(text),
      await read(`{"odd": NaN${text === '{}' ? '' : ', '}${text.slice(1)}`),
    ];
    assert.deepEqual(fast, slow, text.slice(0, 300));
    if (fast.status) results += 1;
  };
  const answers = exchanges.filter(({ status }) => status === 200).map(({ response }) => response);
  for (const answer of answers) await compare(answer);
  const whole = answers.filter(({ run_result }) => run_result);
  for (const sample of [...whole.slice(0, 2), whole.find(({ compile_result }) => compile_result)]) {
    for (const value of odd) {
      for (const name of Object.keys(sample)) await compare({ ...sample, [name]: value });
      for (const name of [...Object.keys(sample.run_result), 'stdout_truncated']) {
        await compare({ ...sample, run_result: { ...sample.run_result, [name]: value } });
      }
    }
  }
  assert.ok(results > 100, `${results}`);
});
