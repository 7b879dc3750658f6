// The client against answers that a real SandboxFusion gave, over real HTTP.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { RunError, SandboxClient } from '../../pkg/dist/index.js';
import { exchanges, sendJson, withServer } from './exchanges.mjs';

const PHASE_STATUS = { Finished: 'finished', Error: 'error', TimeLimitExceeded: 'time_limit_exceeded' };

/** A recorded request as a request of ours. */
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

function assertPhase(phase, wire) {
  if (wire === null) return assert.equal(phase, null);
  assert.equal(phase.status, PHASE_STATUS[wire.status]);
  assert.equal(phase.exitCode, wire.return_code);
  assert.equal(phase.stdout, wire.stdout);
  assert.equal(phase.stderr, wire.stderr);
  assert.equal(phase.executionTimeMs, wire.execution_time * 1000);
}

const answered = exchanges.filter((exchange) => exchange.status === 200);
const refused = exchanges.filter((exchange) => exchange.status === 422);

for (const { note, request, response: recorded } of answered) {
  test(`recorded answer: ${note}`, async () => {
    let sent;
    const answer = ({ body, response }) => {
      sent = JSON.parse(body);
      sendJson(response, 200, recorded);
    };
    const run = (url) => new SandboxClient({ url }).runCode(toRunRequest(request));
    if (recorded.status === 'SandboxError') {
      await assert.rejects(withServer(answer, run), { name: 'RunError', code: 'sandbox' });
      return;
    }
    const result = await withServer(answer, run);
    assert.equal(sent.code, request.code);
    assert.equal(sent.language, request.language);
    assert.equal(sent.run_timeout, Number(request.run_timeout ?? 10));
    assert.equal(sent.stdin, request.stdin ?? null);
    assert.equal(result.status, recorded.status === 'Success' ? 'success' : 'failed');
    assert.equal(result.message, recorded.message);
    assertPhase(result.compile, recorded.compile_result);
    assertPhase(result.run, recorded.run_result);
    const files = Object.entries(result.files).map(([path, content]) => [
      path,
      Buffer.from(content).toString('base64'),
    ]);
    assert.deepEqual(Object.fromEntries(files), recorded.files);
  });
}

test('the recordings hold answers and refusals', () => {
  assert.ok(answered.length >= 40);
  assert.ok(refused.length >= 5);
});

for (const { note, response: recorded } of refused) {
  test(`recorded refusal: ${note}`, async () => {
    const run = (url) => new SandboxClient({ url }).runCode({ code: 'x' });
    const answer = ({ response }) => sendJson(response, 422, recorded);
    await assert.rejects(withServer(answer, run), (error) => {
      assert.ok(error instanceof RunError);
      assert.equal(error.code, 'http');
      assert.equal(error.status, 422);
      assert.equal(error.attempts, 1);
      assert.ok(error.message.includes(recorded.detail[0].msg), error.message);
      return true;
    });
  });
}

test('an answer that is not JSON is a protocol error', async () => {
  const answer = ({ response }) => response.end('<html>');
  const run = (url) => new SandboxClient({ url }).runCode({ code: '' });
  await assert.rejects(withServer(answer, run), { name: 'RunError', code: 'protocol', attempts: 1 });
});

test('a server that is not there is tried again and then a network error', async () => {
  // A port that was free a moment ago: nothing listens there.
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const client = new SandboxClient({ url: `http://127.0.0.1:${port}`, maxAttempts: 2 });
  await assert.rejects(client.runCode({ code: '' }), (error) => {
    assert.equal(error.code, 'network');
    assert.equal(error.attempts, 2);
    assert.match(error.message, /ECONNREFUSED/);
    assert.ok(error.cause instanceof Error);
    return true;
  });
});

test('a connection that breaks is not tried again: the program may have run', async () => {
  let calls = 0;
  const answer = ({ request }) => {
    calls += 1;
    request.socket.destroy();
  };
  const run = (url) => new SandboxClient({ url }).runCode({ code: '' });
  await assert.rejects(withServer(answer, run), { name: 'RunError', code: 'network', attempts: 1 });
  assert.equal(calls, 1);
});

test('an abort closes the connection and rejects with the reason itself', async () => {
  const controller = new AbortController();
  const reason = { why: 'enough' };
  let closed;
  const answer = ({ request }) => {
    closed = new Promise((resolve) => request.socket.on('close', resolve));
    controller.abort(reason);
  };
  await withServer(answer, async (url) => {
    const run = new SandboxClient({ url }).runCode({ code: '' }, { signal: controller.signal });
    await assert.rejects(run, (thrown) => thrown === reason);
    await closed;
  });
});

test('headers are sent after our own', async () => {
  let headers;
  const answer = ({ request, response }) => {
    headers = request.headers;
    sendJson(response, 200, exchanges[0].response);
  };
  await withServer(answer, (url) =>
    new SandboxClient({ url: `${url}/run_code`, headers: { authorization: 'Bearer t' } }).runCode({
      code: '',
    }),
  );
  assert.equal(headers.authorization, 'Bearer t');
  assert.equal(headers['content-type'], 'application/json');
});

test('a client without a usable address says so', async () => {
  assert.throws(() => new SandboxClient({}), { name: 'RunError', code: 'invalid_options' });
  await assert.rejects(new SandboxClient({ url: 'localhost:8080' }).runCode({ code: '' }), {
    name: 'RunError',
    code: 'invalid_options',
    message: 'url: expected http://HOST or https://HOST, found `localhost:8080`',
  });
});
