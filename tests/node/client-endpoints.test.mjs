// Limits, endpoints, hooks and what goes over the wire, with a `fetch` of our own: no server and no clock decides.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { SandboxClient } from '../../pkg/dist/index.js';
import { exchanges } from './exchanges.mjs';

const HELLO = exchanges.find(({ note }) => note === 'hello').response;
const PROGRAM = { code: 'x' };

/** A sandbox without a network: `answer` gets the address and its `init`, and gives a status, or a response. */
function makeFetch(answer) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, ...init });
    const given = await answer(url, init);
    if (typeof given !== 'number') return given ?? respond(HELLO);
    return new Response(null, { status: given });
  };
  return { fetch, calls };
}

function respond(body) {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
}

/** What Node's `fetch` throws when nobody listens. */
function refuse() {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  throw new TypeError('fetch failed', { cause });
}

/** Programs that run until they are let go. */
function makeGate() {
  const waiting = [];
  let active = 0;
  let most = 0;
  const { fetch, calls } = makeFetch(async () => {
    active += 1;
    most = Math.max(most, active);
    await new Promise((resolve) => waiting.push(resolve));
    active -= 1;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const letAll = async () => {
    await turn();
    while (waiting.length > 0) {
      waiting.shift()();
      await turn();
    }
  };
  return { fetch, calls, letAll, turn, read: () => ({ active, most }) };
}

test('no more requests are under way at an endpoint than its limit, whatever client they come from', async () => {
  const { fetch, letAll, read } = makeGate();
  const clients = [1, 2].map(() => new SandboxClient({ url: 'http://limit.test', fetch, concurrency: 3 }));
  const runs = Array.from({ length: 20 }, (_, index) => clients[index % 2].runCode(PROGRAM));
  await letAll();
  await Promise.all(runs);
  assert.deepEqual(read(), { active: 0, most: 3 });
});

test('what waits for its turn is served in its order', async () => {
  const { fetch, calls, letAll } = makeGate();
  const client = new SandboxClient({ url: 'http://order.test', fetch, concurrency: 1 });
  const runs = ['a', 'b', 'c', 'd'].map((code) => client.runCode({ code }));
  await letAll();
  await Promise.all(runs);
  assert.deepEqual(
    calls.map(({ body }) => JSON.parse(body).code),
    ['a', 'b', 'c', 'd'],
  );
});

test('an abort takes a request out of the queue, and the others go on', async () => {
  const { fetch, calls, letAll, turn } = makeGate();
  const client = new SandboxClient({ url: 'http://queue.test', fetch, concurrency: 1 });
  const controller = new AbortController();
  const reason = new Error('mine');
  const first = client.runCode({ code: 'first' });
  const second = client.runCode({ code: 'second' }, { signal: controller.signal });
  const third = client.runCode({ code: 'third' });
  await turn();
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
  controller.abort(reason);
  await assert.rejects(second, (thrown) => thrown === reason);
  assert.deepEqual(getEventListeners(controller.signal, 'abort'), []);
  await letAll();
  await Promise.all([first, third]);
  assert.deepEqual(
    calls.map(({ body }) => JSON.parse(body).code),
    ['first', 'third'],
  );
});

test('a request that an abort lets in and aborts too leaves its place in the queue', async () => {
  const { fetch, calls, letAll, turn } = makeGate();
  const [narrow, wide] = [1, 64].map(
    (concurrency) => new SandboxClient({ url: 'http://mixed.test', fetch, concurrency }),
  );
  const controller = new AbortController();
  const all = [
    narrow.runCode({ code: 'first' }),
    narrow.runCode({ code: 'second' }, { signal: controller.signal }),
    wide.runCode({ code: 'third' }, { signal: controller.signal }),
    wide.runCode({ code: 'fourth' }),
  ];
  const ended = Promise.allSettled(all);
  await turn();
  controller.abort(new Error('mine'));
  await letAll();
  await ended;
  // Were one counted that has ended, this would wait for ever.
  const last = narrow.runCode({ code: 'last' });
  await letAll();
  await turn();
  assert.deepEqual(
    calls.map(({ body }) => JSON.parse(body).code),
    ['first', 'fourth', 'last'],
  );
  await last;
});

test('a limit counts for one endpoint, not for all', async () => {
  const { fetch, letAll, read } = makeGate();
  const runs = ['http://one.test', 'http://two.test'].map((url) =>
    new SandboxClient({ url, fetch, concurrency: 1 }).runCode(PROGRAM),
  );
  await letAll();
  await Promise.all(runs);
  assert.equal(read().most, 2);
});

test('a time-out counts from when a request is sent, not from when it begins to wait', async () => {
  const { fetch, letAll, turn } = makeGate();
  const url = 'http://wait.test';
  const first = new SandboxClient({ url, fetch, concurrency: 1 }).runCode(PROGRAM);
  await turn();
  const impatient = new SandboxClient({
    url,
    concurrency: 1,
    requestTimeoutMs: 1,
    fetch: async () => respond(HELLO),
  });
  const second = impatient.runCode(PROGRAM);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await letAll();
  await first;
  assert.equal((await second).run.stdout, 'hello\n');
});

test('several endpoints share the work', async () => {
  const { fetch, calls, letAll } = makeGate();
  const urls = ['http://a.test', 'http://b.test', 'http://c.test'];
  const client = new SandboxClient({ url: urls, fetch });
  const runs = Array.from({ length: 9 }, () => client.runCode(PROGRAM));
  await letAll();
  await Promise.all(runs);
  const counts = urls.map((url) => calls.filter((call) => call.url === `${url}/run_code`).length);
  assert.deepEqual(counts, [3, 3, 3]);
});

test('a program that was not run goes to the next endpoint at once', async () => {
  const { fetch, calls } = makeFetch((url) => (url.startsWith('http://down') ? refuse() : undefined));
  const retries = [];
  const client = new SandboxClient({
    url: [
      'http://down1.test',
      'http://down2.test',
      'http://down3.test',
      'http://down4.test',
      'http://up.test',
    ],
    fetch,
    onRetry: ({ waitMs, nextUrl }) => retries.push([waitMs, nextUrl]),
  });
  assert.equal((await client.runCode(PROGRAM)).run.stdout, 'hello\n');
  assert.equal(calls.length, 5);
  assert.deepEqual(retries.at(-1), [0, 'http://up.test/run_code']);
  // From then on the one that is up is asked first.
  await client.runCode(PROGRAM);
  assert.equal(calls.at(-1).url, 'http://up.test/run_code');
  assert.equal(calls.length, 6);
});

test('a program that may have run stays where it is', async () => {
  const { fetch, calls } = makeFetch((url) => (url.startsWith('http://bad') ? 502 : undefined));
  const client = new SandboxClient({
    url: ['http://bad.test', 'http://good.test'],
    fetch,
    maxRetryWaitMs: 0,
  });
  await assert.rejects(client.runCode(PROGRAM), { code: 'http', outcome: 'may_have_run', attempts: 3 });
  assert.deepEqual(new Set(calls.map(({ url }) => url)), new Set(['http://bad.test/run_code']));
});

for (const status of [429, 503]) {
  test(`an endpoint that is busy (${status}) is left alone for as long as it asks, and not asked`, async () => {
    let isBusy = true;
    const { fetch, calls } = makeFetch((url) => {
      if (!isBusy || !url.startsWith('http://busy')) return undefined;
      return new Response(null, { status, headers: { 'retry-after': '3600' } });
    });
    const url = ['http://busy.test', 'http://free.test'];
    const ask = async (client) => {
      calls.length = 0;
      await client.runCode(PROGRAM);
      return calls.map(({ url: asked }) => asked);
    };
    const [busy, free] = url.map((one) => `${one}/run_code`);
    const patient = new SandboxClient({ url, fetch });
    const hasty = new SandboxClient({ url, fetch, maxRetryWaitMs: 0 });
    assert.deepEqual(await ask(patient), [busy, free]);
    assert.deepEqual(await ask(hasty), [busy, free]);
    isBusy = false;
    assert.deepEqual(await ask(patient), [free]);
    assert.deepEqual(await ask(hasty), [busy]);
  });
}

test('an endpoint that is back is used again after a health check', async () => {
  let isUp = false;
  const { fetch, calls } = makeFetch((url) => {
    if (!url.startsWith('http://ill')) return undefined;
    if (!isUp) return refuse();
    return url.endsWith('/v1/ping') ? respond('pong') : undefined;
  });
  const url = ['http://ill.test', 'http://well.test'];
  const client = new SandboxClient({ url, fetch, healthCheckMs: 0 });
  await client.runCode(PROGRAM);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  await settle();
  isUp = true;
  // This one has the health check made, and the next finds both endpoints up.
  await client.runCode(PROGRAM);
  await settle();
  await client.runCode(PROGRAM);
  assert.ok(calls.some(({ url: asked, method }) => asked === 'http://ill.test/v1/ping' && method === 'GET'));
  assert.equal(calls.at(-1).url, 'http://ill.test/run_code');
});

test('the health of all endpoints can be asked for', async () => {
  const { fetch } = makeFetch((url) => (url.startsWith('http://no') ? refuse() : respond('pong')));
  const client = new SandboxClient({ url: ['http://yes.test', 'http://no.test'], fetch });
  const health = await client.checkHealth();
  assert.deepEqual(
    health.map(({ url, error }) => [url, error?.code]),
    [
      ['http://yes.test/run_code', undefined],
      ['http://no.test/run_code', 'network'],
    ],
  );
});

test('a token is sent as a bearer token, and asked for before every attempt', async () => {
  let count = 0;
  const { fetch, calls } = makeFetch(() => (calls.length < 2 ? 503 : undefined));
  const token = async () => `token-${++count}`;
  await new SandboxClient({ url: 'http://auth.test', fetch, token, maxRetryWaitMs: 0 }).runCode(PROGRAM);
  assert.deepEqual(
    calls.map(({ headers }) => headers.authorization),
    ['Bearer token-1', 'Bearer token-2'],
  );
  await new SandboxClient({ url: 'http://auth.test', fetch, token: 'plain' }).runCode(PROGRAM);
  assert.equal(calls.at(-1).headers.authorization, 'Bearer plain');
});

test('a token that cannot be had is an error, and sends nothing', async () => {
  const { fetch, calls } = makeFetch(() => undefined);
  const cause = new Error('no key');
  const token = () => Promise.reject(cause);
  const client = new SandboxClient({ url: ['http://a.test', 'http://b.test'], fetch, token });
  const told = { name: 'RunError', code: 'invalid_options', message: 'token: no key', outcome: 'never_ran' };
  await assert.rejects(client.runCode(PROGRAM), { ...told, cause });
  const health = await client.checkHealth();
  assert.deepEqual(
    health.map(({ error }) => error.message),
    ['token: no key', 'token: no key'],
  );
  assert.deepEqual(calls, []);
});

test('a token that does not come is waited for no longer than an answer', async () => {
  const { fetch, calls } = makeFetch(() => undefined);
  let asked = 0;
  const token = () => {
    asked += 1;
    return new Promise(() => {});
  };
  const url = ['http://a.test', 'http://b.test'];
  const client = new SandboxClient({ url, fetch, token, requestTimeoutMs: 1 });
  const told = { code: 'timeout', message: 'token: none within 1 ms', outcome: 'never_ran', attempts: 1 };
  await assert.rejects(client.runCode(PROGRAM), told);
  assert.deepEqual([asked, calls], [1, []]);
});

test('an abort ends the wait for a token, and takes its listener along', async () => {
  const { fetch, calls } = makeFetch(() => undefined);
  const outcomes = [];
  const controller = new AbortController();
  const reason = { why: 'enough' };
  const token = () => {
    queueMicrotask(() => controller.abort(reason));
    return new Promise(() => {});
  };
  const onAttempt = ({ outcome, error }) => outcomes.push([outcome, error]);
  const { signal } = controller;
  const run = new SandboxClient({ url: 'http://a.test', fetch, token, onAttempt }).runCode(PROGRAM, {
    signal,
  });
  await assert.rejects(run, (thrown) => thrown === reason);
  assert.deepEqual([outcomes, calls], [[['never_ran', reason]], []]);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('a token that a health check cannot have leaves no rejection behind', async () => {
  let isLost = false;
  const token = () => {
    if (isLost) throw new Error('no key');
    return 'key';
  };
  const url = ['http://down.test', 'http://up.test'];
  const { fetch } = makeFetch((at) => (at.startsWith('http://down') ? refuse() : undefined));
  const client = new SandboxClient({ url, fetch, token, healthCheckMs: 0 });
  await client.runCode(PROGRAM);
  isLost = true;
  // The endpoint that is down is asked in passing; the test runner fails a test for a rejection nobody handles.
  await assert.rejects(client.runCode(PROGRAM), { message: 'token: no key' });
  await new Promise((resolve) => setImmediate(resolve));
});

test('the error of an attempt says what the attempt says', async () => {
  const seen = [];
  const url = 'http://refused.test';
  const onAttempt = ({ attempt, outcome, error }) =>
    seen.push([attempt, outcome, error.attempts, error.outcome]);
  const client = new SandboxClient({ url, fetch: refuse, onAttempt, maxRetryWaitMs: 0, maxAttempts: 2 });
  await assert.rejects(client.runCode(PROGRAM), { attempts: 2, outcome: 'never_ran' });
  assert.deepEqual(seen, [
    [1, 'never_ran', 1, 'never_ran'],
    [2, 'never_ran', 2, 'never_ran'],
  ]);
});

test('an answer of a `fetch` without streams is bounded too', async () => {
  const fetch = async () => ({
    ok: true,
    status: 200,
    headers: new Headers(),
    arrayBuffer: async () => new ArrayBuffer(101),
  });
  const client = new SandboxClient({ url: 'http://whole.test', fetch, maxBodyBytes: 100 });
  await assert.rejects(client.runCode(PROGRAM), { code: 'too_large', outcome: 'ran' });
});

test('headers take the place of our own, whatever their case', async () => {
  const { fetch, calls } = makeFetch(() => undefined);
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'X-Key': '1' };
  await new SandboxClient({ url: 'http://headers.test', fetch, headers }).runCode(PROGRAM);
  assert.deepEqual(calls[0].headers, {
    accept: 'application/json',
    'content-type': 'application/json; charset=utf-8',
    'x-key': '1',
  });
});

test('longer time-outs than allowed are shortened, each to its own bound', async () => {
  const { fetch, calls } = makeFetch(() => undefined);
  const bounds = { maxCompileTimeoutMs: 2_000, maxRunTimeoutMs: 3_000 };
  const client = new SandboxClient({ url: 'http://time.test', fetch, ...bounds });
  await client.runCode({ code: 'x', compileTimeoutMs: 9_000, runTimeoutMs: 9_000 });
  await client.runCode({ code: 'x', compileTimeoutMs: 1_000, runTimeoutMs: 500 });
  assert.deepEqual(
    calls.map(({ body }) => JSON.parse(body)).map((body) => [body.compile_timeout, body.run_timeout]),
    [
      [2, 3],
      [1, 0.5],
    ],
  );
});

for (const [options, message] of [
  [{ url: [] }, 'url: expected the address of a sandbox'],
  [{ url: 5 }, 'url: expected the address of a sandbox'],
  [{ url: 'http://u:p@h.test' }, 'url: expected no user name and no password, which belong into a header'],
  [{ retry: 'often' }, 'retry: expected one of default, none, verl, sandbox-fusion-sdk, found `often`'],
  [{ maxAttempts: 0 }, 'maxAttempts: expected a number from 1, found 0'],
  [{ maxRetryWaitMs: -1 }, 'maxRetryWaitMs: expected a number from 0, found -1'],
  [{ requestTimeoutMs: Number.NaN }, 'requestTimeoutMs: expected a number from 1, found NaN'],
  [{ concurrency: '4' }, 'concurrency: expected a number from 1, found 4'],
  [{ fetch: 'node-fetch' }, 'fetch: expected a function'],
]) {
  test(`options that cannot be used send nothing: ${message}`, async () => {
    const { fetch, calls } = makeFetch(() => undefined);
    const run = async () =>
      new SandboxClient({ url: 'http://options.test', fetch, ...options }).runCode(PROGRAM);
    await assert.rejects(run, {
      name: 'RunError',
      code: 'invalid_options',
      message,
      outcome: 'never_ran',
      attempts: 0,
    });
    assert.equal(calls.length, 0);
  });
}

test('an abort that came before sends nothing', async () => {
  const { fetch, calls } = makeFetch(() => undefined);
  const reason = { why: 'enough' };
  const run = new SandboxClient({ url: 'http://abort.test', fetch }).runCode(PROGRAM, {
    signal: AbortSignal.abort(reason),
  });
  await assert.rejects(run, (thrown) => thrown === reason);
  assert.equal(calls.length, 0);
});

test('whatever fetch throws is a network error with its cause', async () => {
  const thrown = ['a text', undefined, null, 5, {}, new Error('broken')];
  for (const cause of thrown) {
    const { fetch } = makeFetch(() => {
      throw cause;
    });
    const run = new SandboxClient({ url: 'http://throw.test', fetch }).runCode(PROGRAM);
    await assert.rejects(run, (error) => {
      assert.deepEqual([error.code, error.outcome, error.cause], ['network', 'may_have_run', cause]);
      const detail = cause === 'a text' ? cause : (cause?.message ?? 'no reason was given');
      assert.equal(error.message, `the sandbox could not be reached: ${detail}`);
      return true;
    });
  }
});

test('a fetch without streams serves too', async () => {
  const fetch = async () => ({
    ok: true,
    status: 200,
    headers: new Headers(),
    arrayBuffer: async () => new TextEncoder().encode(JSON.stringify(HELLO)).buffer,
  });
  const result = await new SandboxClient({ url: 'http://plain.test', fetch }).runCode(PROGRAM);
  assert.equal(result.run.stdout, 'hello\n');
});

// Datasets: the shapes of SandboxFusion's own models (sandbox/datasets/types.py, commit 469de0845cb7).

const EVALUATION = {
  id: 7,
  accepted: true,
  extracted_code: 'print(1)',
  full_code: 'print(1)\n',
  test_code: null,
  tests: [
    { passed: true, exec_info: { ...HELLO, files: { 'a.txt': 'aGk=' } }, test_info: { input: '1' } },
    {
      passed: false,
      exec_info: { ...HELLO, status: 'SandboxError', message: 'no room', run_result: null },
      test_info: null,
    },
  ],
  extracted_type: 'fenced',
  extra: null,
};

const CONFIG = {
  datasetType: 'CommonOJDataset',
  language: 'py',
  compileTimeoutMs: 2_000,
  providedData: { testCases: [] },
};
const WIRE_CONFIG = {
  dataset_type: 'CommonOJDataset',
  language: 'python',
  compile_timeout: 2,
  provided_data: { testCases: [] },
};

/** What is sent for a call, and what it resolves to. */
async function exchangeOne(answer, call) {
  const { fetch, calls } = makeFetch(() => respond(answer));
  const value = await call(new SandboxClient({ url: 'http://data.test', fetch }));
  const [{ url, method, body }] = calls;
  return { value, url, method, body: body === undefined ? undefined : JSON.parse(body) };
}

test('a completion is submitted and its tests come back as runs', async () => {
  const request = { dataset: 'd', id: 7, completion: 'c', config: CONFIG };
  const { value, url, body } = await exchangeOne(EVALUATION, (client) => client.submit(request));
  assert.equal(url, 'http://data.test/submit');
  assert.deepEqual(body, { dataset: 'd', id: 7, completion: 'c', config: WIRE_CONFIG });
  assert.deepEqual([value.id, value.accepted, value.extractedType], [7, true, 'fenced']);
  const [passed, failed] = value.tests;
  assert.equal(passed.result.run.stdout, 'hello\n');
  assert.deepEqual([...passed.result.files['a.txt']], [0x68, 0x69]);
  assert.deepEqual(passed.testInfo, { input: '1' });
  assert.deepEqual([failed.result.status, failed.result.message], ['sandbox_error', 'no room']);
});

test('graded completions go back to the server as it gave them', async () => {
  const { value } = await exchangeOne(EVALUATION, (client) =>
    client.submit({ dataset: 'd', id: 7, completion: '' }),
  );
  const metrics = { 'pass@1': 0.5, nested: { a_b: [1] } };
  const sent = await exchangeOne(metrics, (client) => client.getMetrics({ dataset: 'd', results: [value] }));
  assert.deepEqual(sent.value, metrics);
  assert.equal(sent.url, 'http://data.test/get_metrics');
  // What is null is left out, and the server takes it as null.
  const dropNull = (_name, field) => (field === null ? undefined : field);
  const expected = JSON.parse(JSON.stringify(EVALUATION), dropNull);
  const actual = JSON.parse(JSON.stringify(sent.body.results[0]), (name, field) =>
    name.endsWith('_truncated') ? undefined : field,
  );
  assert.deepEqual(actual, expected);
});

test('prompts, identifiers and the function of metrics are asked for', async () => {
  const prompts = [
    { id: 'a', prompt: 'text', labels: { x_y: 1 } },
    { id: 2, prompt: [{ role: 'user', content: 'c' }], labels: {} },
  ];
  const page = { dataset: 'd', offset: 1, limit: 2 };
  const wire = { dataset: 'd', config: {}, offset: 1, limit: 2 };
  const many = await exchangeOne(prompts, (client) => client.getPrompts(page));
  assert.deepEqual([many.value, many.body, many.url], [prompts, wire, 'http://data.test/get_prompts']);
  const ids = await exchangeOne(['a', 2], (client) => client.listIds(page));
  assert.deepEqual([ids.value, ids.body, ids.url], [['a', 2], wire, 'http://data.test/list_ids']);
  const one = await exchangeOne(prompts[0], (client) => client.getPromptById({ dataset: 'd', id: 'a' }));
  assert.deepEqual(one.value, prompts[0]);
  assert.deepEqual(one.body, { dataset: 'd', config: {}, id: 'a' });
  for (const source of ['def f(): ...', null]) {
    const found = await exchangeOne({ function: source }, (client) =>
      client.getMetricsFunction({ dataset: 'd' }),
    );
    assert.equal(found.value, source);
    assert.equal(found.url, 'http://data.test/get_metrics_function');
  }
});

test('a dataset that there is not is refused in the words of the server', async () => {
  const detail = 'no eval class found for dataset nope';
  const { fetch } = makeFetch(() => new Response(JSON.stringify({ detail }), { status: 400 }));
  const client = new SandboxClient({ url: 'http://data.test', fetch });
  await assert.rejects(client.listIds({ dataset: 'nope' }), {
    code: 'http',
    status: 400,
    message: `the sandbox answered with HTTP status 400: ${detail}`,
  });
});
