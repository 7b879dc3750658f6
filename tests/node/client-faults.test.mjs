// The client against a server that does everything wrong, on loopback.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SandboxClient } from '../../pkg/dist/index.js';
import { allExchanges, exchanges, sendJson, withServer } from './exchanges.mjs';

const HELLO = exchanges.find(({ note }) => note === 'hello').response;
const PONG = allExchanges.find(({ note }) => note === 'ping').response;
const MEBIBYTE = 1 << 20;

/**
 * What becomes of one program at a server that answers so: the result or error, what the hooks were told, and how
 * often the server was asked. No wait takes any time.
 */
async function ask(answer, options = {}, request = { code: 'x' }) {
  const attempts = [];
  const retries = [];
  let asked = 0;
  const counted = (exchange) => {
    asked += 1;
    return answer({ ...exchange, nth: asked });
  };
  return withServer(counted, async (url) => {
    const client = new SandboxClient({
      url,
      maxRetryWaitMs: 0,
      onAttempt: (attempt) => attempts.push(attempt),
      onRetry: (retry) => retries.push(retry),
      ...options,
    });
    const [result, error] = await client.runCode(request).then(
      (value) => [value, undefined],
      (thrown) => [undefined, thrown],
    );
    return { result, error, attempts, retries, asked, url };
  });
}

function assertFailed({ error, attempts, asked }, { code, outcome, count = 1 }) {
  assert.equal(error?.name, 'RunError', String(error));
  assert.deepEqual([error.code, error.outcome, error.attempts], [code, outcome, count], error.message);
  assert.equal(asked, count);
  assert.deepEqual(
    attempts.map(({ attempt }) => attempt),
    Array.from({ length: count }, (_, index) => index + 1),
  );
}

/** The head of an answer by hand. */
const head = (length, extra = '') =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${extra}\r\n`;

/** A port where nothing listens: one that was free a moment ago. */
async function findClosedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a refused connection is tried again: nothing ran', async () => {
  const url = `http://127.0.0.1:${await findClosedPort()}`;
  const { error, attempts, retries } = await ask(() => {}, { url });
  assert.deepEqual([error.code, error.outcome, error.attempts], ['network', 'never_ran', 3]);
  assert.match(error.message, /ECONNREFUSED/);
  assert.ok(error.cause instanceof Error);
  assert.deepEqual(
    attempts.map(({ outcome, status }) => [outcome, status]),
    [
      ['never_ran', undefined],
      ['never_ran', undefined],
      ['never_ran', undefined],
    ],
  );
  assert.equal(retries.length, 2);
});

test('a reset before the head is not tried again: the program may have run', async () => {
  const ended = await ask(({ request }) => request.socket.resetAndDestroy());
  assertFailed(ended, { code: 'network', outcome: 'may_have_run' });
});

test('a reset behind the head of a success loses the result of a run', async () => {
  const ended = await ask(({ request: { socket } }) => {
    socket.write(`${head(1000)}{"status": `, () => socket.resetAndDestroy());
  });
  assertFailed(ended, { code: 'network', outcome: 'ran' });
  assert.equal(ended.attempts[0].status, 200);
});

// Whether a status is retried, and what it says of the program: RFC 9110 section 15, and the default policy. `fetch`
// itself sends again after 421.
const STATUSES = [
  ...[300, 301, 302, 303, 304, 307, 308].map((status) => ({ status, outcome: 'never_ran', count: 1 })),
  ...[400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414, 415, 417, 422, 426, 428, 431, 451].map(
    (status) => ({ status, outcome: 'never_ran', count: 1 }),
  ),
  { status: 429, outcome: 'never_ran', count: 3 },
  { status: 500, outcome: 'may_have_run', count: 1 },
  { status: 501, outcome: 'may_have_run', count: 1 },
  { status: 502, outcome: 'may_have_run', count: 3 },
  { status: 503, outcome: 'never_ran', count: 3 },
  { status: 504, outcome: 'may_have_run', count: 3 },
];

for (const { status, outcome, count } of STATUSES) {
  test(`HTTP ${status}: ${outcome}, ${count === 1 ? 'not tried again' : 'tried again'}`, async () => {
    const ended = await ask(({ response }) => response.writeHead(status).end());
    assertFailed(ended, { code: 'http', outcome, count });
    assert.equal(ended.error.status, status);
  });
}

test('HTTP 100, which nobody asked for, ends in an answer or in a broken connection', async () => {
  const { result, error } = await ask(({ request: { socket } }) => {
    const body = JSON.stringify(HELLO);
    socket.write(`HTTP/1.1 100 Continue\r\n\r\n${head(Buffer.byteLength(body))}${body}`);
  });
  const ending = result ? result.run.stdout : [error.code, error.outcome];
  assert.deepEqual(ending, result ? 'hello\n' : ['network', 'may_have_run']);
});

for (const status of [102, 103]) {
  test(`HTTP ${status} before the answer is passed over`, async () => {
    const { result } = await ask(({ request: { socket } }) => {
      const body = JSON.stringify(HELLO);
      socket.write(`HTTP/1.1 ${status} Hm\r\n\r\n${head(Buffer.byteLength(body))}${body}`);
    });
    assert.equal(result.run.stdout, 'hello\n');
  });
}

for (const status of [201, 202, 203, 206]) {
  test(`HTTP ${status} with a whole answer is an answer`, async () => {
    const { result } = await ask(({ response }) => sendJson(response, status, HELLO));
    assert.equal(result.run.stdout, 'hello\n');
  });
}

test('HTTP 204 has no answer', async () => {
  const ended = await ask(({ response }) => response.writeHead(204).end());
  assertFailed(ended, { code: 'protocol', outcome: 'may_have_run' });
});

test('a server that is busy and then is not has run the program once', async () => {
  const { result, attempts, retries } = await ask(({ nth, response }) => {
    if (nth < 3) response.writeHead(503).end();
    else sendJson(response, 200, HELLO);
  });
  assert.equal(result.run.stdout, 'hello\n');
  assert.deepEqual(
    attempts.map(({ attempt, outcome, status }) => [attempt, outcome, status]),
    [
      [1, 'never_ran', 503],
      [2, 'never_ran', 503],
      [3, 'ran', 200],
    ],
  );
  assert.deepEqual(
    retries.map(({ attempt, waitMs, error }) => [attempt, waitMs, error.status]),
    [
      [1, 0, 503],
      [2, 0, 503],
    ],
  );
});

/** How long the client means to wait after this answer; it is stopped before it does. */
async function readWait(answer, options = {}) {
  const controller = new AbortController();
  let waitMs;
  const onRetry = (retry) => {
    ({ waitMs } = retry);
    controller.abort();
  };
  await withServer(answer, async (url) => {
    const client = new SandboxClient({ url, onRetry, ...options });
    const run = client.runCode({ code: 'x' }, { signal: controller.signal });
    await assert.rejects(run, { name: waitMs === null ? 'RunError' : 'AbortError' });
  });
  return waitMs;
}

test('Retry-After in seconds is obeyed', async () => {
  const wait = readWait(({ response }) => response.writeHead(429, { 'retry-after': '7' }).end());
  assert.equal(await wait, 7_000);
});

test('Retry-After as a date is obeyed', async () => {
  const date = new Date(Date.now() + 3_600_000);
  const waitMs = await readWait(
    ({ response }) => response.writeHead(503, { 'retry-after': date.toUTCString() }).end(),
    { maxRetryWaitMs: 10_000_000 },
  );
  // Written in whole seconds, and read after it was written.
  assert.ok(waitMs > 3_500_000 && waitMs <= 3_600_000, `${waitMs}`);
});

test('Retry-After is obeyed no longer than the longest wait', async () => {
  const wait = readWait(({ response }) => response.writeHead(429, { 'retry-after': '86400' }).end());
  assert.equal(await wait, 30_000);
});

test('without Retry-After the first wait is 500 ms and up to as much again', async () => {
  const waitMs = await readWait(({ response }) => response.writeHead(502).end());
  assert.ok(waitMs >= 500 && waitMs <= 1_000, `${waitMs}`);
});

test('the policy none never tries again', async () => {
  const ended = await ask(({ response }) => response.writeHead(503).end(), { retry: 'none' });
  assertFailed(ended, { code: 'http', outcome: 'never_ran' });
});

test('the policy verl tries 504 three times and nothing else again', async () => {
  const gateway = await ask(({ response }) => response.writeHead(504).end(), { retry: 'verl' });
  assertFailed(gateway, { code: 'http', outcome: 'may_have_run', count: 3 });
  const busy = await ask(({ response }) => response.writeHead(503).end(), { retry: 'verl' });
  assertFailed(busy, { code: 'http', outcome: 'never_ran' });
});

test('the policy sandbox-fusion-sdk tries whatever fails five times, and says that the program ran', async () => {
  const failed = { ...HELLO, status: 'SandboxError', message: 'no room' };
  const ended = await ask(
    ({ nth, response, request: { socket } }) => {
      if (nth === 1) socket.write(`${head(1000)}{`, () => socket.resetAndDestroy());
      else sendJson(response, 200, failed);
    },
    { retry: 'sandbox-fusion-sdk' },
  );
  assertFailed(ended, { code: 'sandbox', outcome: 'ran', count: 5 });
  assert.equal(ended.error.message, 'the sandbox failed: no room');
});

/** A body that begins and never ends, and tells when it is given up. */
function endless(text) {
  let giveUp;
  const givenUp = new Promise((resolve) => {
    giveUp = resolve;
  });
  const start = (controller) => controller.enqueue(new TextEncoder().encode(text));
  return { body: new ReadableStream({ start, cancel: giveUp }), givenUp };
}

/** The error of a run whose `fetch` gives this, in a millisecond. */
async function failWith(fetch) {
  const client = new SandboxClient({ url: 'http://sandbox.test', fetch, requestTimeoutMs: 1 });
  let error;
  await assert.rejects(client.runCode({ code: 'x' }), (thrown) => {
    error = thrown;
    return true;
  });
  return error;
}

test('a head that does not come is a time-out, and the request is given up', async () => {
  let signal;
  const error = await failWith((_url, init) => {
    ({ signal } = init);
    return new Promise(() => {});
  });
  assert.deepEqual([error.code, error.outcome, error.attempts], ['timeout', 'may_have_run', 1]);
  assert.equal(error.message, 'the sandbox gave no answer within 1 ms');
  assert.ok(signal.aborted);
});

test('a server that does not answer is a time-out', async () => {
  const { error } = await ask(() => {}, { requestTimeoutMs: 50 });
  assert.deepEqual([error.code, error.outcome, error.attempts], ['timeout', 'may_have_run', 1]);
});

test('a body that does not come to its end is a time-out, and the program ran', async () => {
  const { body, givenUp } = endless('{"status": ');
  const error = await failWith(async () => new Response(body));
  assert.deepEqual([error.code, error.outcome, error.attempts], ['timeout', 'ran', 1]);
  await givenUp;
});

test('the status of a refusal counts, even if its body does not come to its end', async () => {
  const { body, givenUp } = endless('it is wrong');
  const error = await failWith(async () => new Response(body, { status: 422 }));
  assert.deepEqual([error.code, error.outcome, error.attempts], ['http', 'never_ran', 1]);
  await givenUp;
});

test('a refusal of any size is a refusal', async () => {
  const ended = await ask(({ response }) => response.writeHead(400).end('x'.repeat(40 * MEBIBYTE)));
  assertFailed(ended, { code: 'http', outcome: 'never_ran' });
  assert.ok(ended.error.message.length < 3_000);
});

const BAD_BODIES = [
  ['truncated JSON', JSON.stringify(HELLO).slice(0, -20)],
  ['no JSON', '<html>proxy</html>'],
  ['nothing', ''],
  ['a list', '[]'],
  ['a text', '"Success"'],
  ['null', 'null'],
  ['missing fields', '{}'],
  ['a status that there is not', JSON.stringify({ ...HELLO, status: 'Done' })],
  ['a number as message', JSON.stringify({ ...HELLO, message: 5 })],
  ['a list as run_result', JSON.stringify({ ...HELLO, run_result: [] })],
  ['a run_result without status', JSON.stringify({ ...HELLO, run_result: { stdout: '' } })],
  [
    'a text as return_code',
    JSON.stringify({ ...HELLO, run_result: { ...HELLO.run_result, return_code: '0' } }),
  ],
  ['a list as stdout', JSON.stringify({ ...HELLO, run_result: { ...HELLO.run_result, stdout: ['a'] } })],
  ['a list of files', JSON.stringify({ ...HELLO, files: ['a'] })],
  ['a file that is not base64', JSON.stringify({ ...HELLO, files: { a: '*' } })],
  ['nesting without end', '['.repeat(200_000)],
];

for (const [what, body] of BAD_BODIES) {
  test(`an answer with ${what} is none of SandboxFusion's`, async () => {
    const ended = await ask(({ response }) => response.end(body));
    assertFailed(ended, { code: 'protocol', outcome: 'may_have_run' });
    assert.match(ended.error.message, /^the answer is not one of SandboxFusion's: /);
  });
}

test('the type of the content does not matter, its content does', async () => {
  const { result } = await ask(({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(HELLO));
  });
  assert.equal(result.run.stdout, 'hello\n');
});

test('fields that may be missing may be missing', async () => {
  const { status, run_result } = HELLO;
  const { result } = await ask(({ response }) => sendJson(response, 200, { status, run_result }));
  assert.equal(result.run.stdout, 'hello\n');
  assert.deepEqual([result.message, result.compile, result.files], ['', null, {}]);
});

test('bytes that are not UTF-8 become U+FFFD', async () => {
  const [before, after] = JSON.stringify(HELLO).split('hello');
  const body = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0x61]), Buffer.from(after)]);
  const { result } = await ask(({ response }) => response.end(body));
  assert.equal(result.run.stdout, '\ufffda\n');
});

test('an answer of 100 MB is given up at the bound', async () => {
  let socket;
  const ended = await ask(async ({ request, response }) => {
    socket = request.socket;
    const piece = Buffer.alloc(MEBIBYTE, 'x');
    response.on('error', () => {});
    response.write('{"status": "Success", "message": "');
    for (let count = 0; count < 100 && !response.closed; count++) {
      if (!response.write(piece)) {
        await Promise.race(
          ['drain', 'close'].map((name) => new Promise((done) => response.once(name, done))),
        );
      }
    }
    response.end('"}');
  });
  assertFailed(ended, { code: 'too_large', outcome: 'ran' });
  assert.equal(ended.error.message, 'the answer is larger than 33554432 bytes');
  // The bound, and what stood in the buffers in between.
  assert.ok(socket.bytesWritten < 60 * MEBIBYTE, `${socket.bytesWritten}`);
});

test('a small answer that unpacks to a large one is given up at the bound', async () => {
  const bomb = gzipSync(Buffer.alloc(100 * MEBIBYTE, 0x20));
  const ended = await ask(({ response }) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  assertFailed(ended, { code: 'too_large', outcome: 'ran' });
});

test('an answer that is packed is unpacked', async () => {
  const { result } = await ask(({ response }) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(HELLO)));
  });
  assert.equal(result.run.stdout, 'hello\n');
});

test('a redirect is not followed: the program goes to no address that was not given', async () => {
  let elsewhere = 0;
  await withServer(
    () => {
      elsewhere += 1;
    },
    async (other) => {
      for (const status of [301, 302, 303, 307, 308]) {
        const location = `${other}/run_code`;
        const ended = await ask(({ response }) => response.writeHead(status, { location }).end());
        assertFailed(ended, { code: 'http', outcome: 'never_ran' });
        const message = `the sandbox answered with HTTP status ${status}: it redirects to ${location}`;
        assert.equal(ended.error.message, message);
      }
    },
  );
  assert.equal(elsewhere, 0);
});

test('a kept connection that closes under the second program loses neither silently', async () => {
  await withServer(
    ({ body, request, response }) => {
      if (JSON.parse(body).code === 'first') sendJson(response, 200, HELLO);
      else request.socket.destroy();
    },
    async (url) => {
      const client = new SandboxClient({ url });
      assert.equal((await client.runCode({ code: 'first' })).run.stdout, 'hello\n');
      await assert.rejects(client.runCode({ code: 'second' }), { code: 'network', outcome: 'may_have_run' });
      assert.equal((await client.runCode({ code: 'first' })).run.stdout, 'hello\n');
    },
  );
});

test('a kept connection that closes after the answer does not hurt the next program', async () => {
  await withServer(
    ({ request, response }) => {
      sendJson(response, 200, HELLO);
      response.on('finish', () => request.socket.destroySoon());
    },
    async (url) => {
      const closed = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      const client = new SandboxClient({ url });
      for (let count = 0; count < 5; count++) {
        assert.equal((await client.runCode({ code: 'x' })).run.stdout, 'hello\n');
        await closed();
      }
    },
  );
});

test('an abort gives up the request, keeps the reason and leaves no listener, at every stage', async () => {
  const stages = {
    'before the head': () => {},
    'in the body': ({ request: { socket } }) => socket.write(`${head(1000)}{`),
    'in a wait': ({ response }) => response.writeHead(503, { 'retry-after': '30' }).end(),
  };
  for (const [stage, answer] of Object.entries(stages)) {
    const controller = new AbortController();
    const reason = { stage };
    let closed;
    const abortLater = (exchange) => {
      closed = new Promise((resolve) => exchange.request.socket.on('close', resolve));
      answer(exchange);
      if (stage !== 'in a wait') setImmediate(() => controller.abort(reason));
    };
    await withServer(abortLater, async (url) => {
      const onRetry = () => setImmediate(() => controller.abort(reason));
      const run = new SandboxClient({ url, onRetry }).runCode({ code: 'x' }, { signal: controller.signal });
      await assert.rejects(run, (thrown) => thrown === reason);
      assert.deepEqual(getEventListeners(controller.signal, 'abort'), [], stage);
      if (stage !== 'in a wait') await closed;
    });
  }
});

test('a hook that throws loses nothing', async () => {
  const fail = () => {
    throw new Error('mine');
  };
  const answer = ({ nth, response }) =>
    nth === 1 ? response.writeHead(503).end() : sendJson(response, 200, HELLO);
  const { result } = await ask(answer, { onAttempt: fail, onRetry: fail });
  assert.equal(result.run.stdout, 'hello\n');
});

test('a ping is answered', async () => {
  await withServer(
    ({ request, response }) => {
      assert.deepEqual([request.method, request.url], ['GET', '/v1/ping']);
      sendJson(response, 200, PONG);
    },
    async (url) => assert.equal(await new SandboxClient({ url }).ping(), 'pong'),
  );
});
