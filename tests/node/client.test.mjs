// What a user sees of the client, over real HTTP: addresses, headers, time-outs, aborts, errors.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { SandboxClient } from '../../pkg/dist/index.js';
import { exchanges, sendJson, withServer } from './exchanges.mjs';

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
