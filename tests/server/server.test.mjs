// What the server does beside answering: who is let in, who waits, who is turned away, and how it ends.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { answer, createServer, listen, post, scriptSandbox } from './server.mjs';

const instant = { runCode: async () => answer, close: async () => {} };

test('a request over the bound of the queue is answered with 503 and when to come again', async (t) => {
  const { sandbox, runs, started } = scriptSandbox();
  const { url } = await listen(t, { sandbox, workers: 1, queue: 1 });
  const admitted = [post(url), post(url)];
  await started(2);
  const refused = await post(url);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.deepEqual(await refused.json(), { detail: 'all workers are busy and the queue is full' });
  for (const run of runs) run.finish();
  const statuses = (await Promise.all(admitted)).map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200]);
  const later = post(url);
  await started(3);
  runs[2].finish();
  assert.equal((await later).status, 200);
});

test('a wrong body needs no room in the queue to be told so', async (t) => {
  const { sandbox, started } = scriptSandbox();
  const { url } = await listen(t, { sandbox, workers: 1, queue: 1 });
  const running = post(url).catch(() => {});
  await started(1);
  assert.equal((await post(url, { body: '{' })).status, 422);
  void running;
});

test('a client that goes away stops its program and leaves its place', async (t) => {
  const { sandbox, runs, started } = scriptSandbox();
  const entries = [];
  let tell;
  const logged = new Promise((resolve) => {
    tell = resolve;
  });
  const onAccess = (entry) => tell(entries.push(entry));
  const { url } = await listen(t, { sandbox, workers: 1, queue: 0, onAccess });
  const leaving = new AbortController();
  const left = post(url, { signal: leaving.signal });
  await started(1);
  const aborted = new Promise((resolve) => {
    runs[0].onAbort = resolve;
  });
  leaving.abort();
  await assert.rejects(left, { name: 'AbortError' });
  await aborted;
  await logged;
  assert.equal(entries[0].status, 499);
  const next = post(url);
  await started(2);
  runs[1].finish();
  assert.equal((await next).status, 200);
});

test('a time-out above the bound is shortened, and one below it is not', async (t) => {
  const { sandbox, runs, started } = scriptSandbox();
  const { url } = await listen(t, { sandbox, maxTimeoutSeconds: 5 });
  const body = { code: '', language: 'python' };
  const sent = [7, 3, 'nan'].map((run_timeout) => post(url, { body: { ...body, run_timeout } }));
  await started(3);
  assert.deepEqual(runs.map(({ request: { run_timeout } }) => run_timeout).sort(), [3, 5, 5]);
  for (const run of runs) run.finish();
  await Promise.all(sent);
});

test('a body over the bound is answered with 413, with a length or without', async (t) => {
  const { url } = await listen(t, { sandbox: instant, maxBodyBytes: 100 });
  const code = 'x'.repeat(200);
  const detail = 'the body is larger than 100 bytes';
  const declared = await post(url, { body: { code, language: 'python' } });
  assert.deepEqual([declared.status, await declared.json()], [413, { detail }]);
  const streamed = await post(url, { body: new Blob([code]).stream(), duplex: 'half' });
  assert.deepEqual([streamed.status, await streamed.json()], [413, { detail }]);
  const fitting = await post(url, { body: { code: 'x'.repeat(20), language: 'python' } });
  assert.equal(fitting.status, 200);
});

test('bodies that are still being read take room too, and give it back when their clients go', async (t) => {
  const { server, url } = await listen(t, { sandbox: instant, maxBodyBytes: 1 << 30 });
  const piece = new Uint8Array(64 << 20);
  let give;
  const body = new ReadableStream({
    start(controller) {
      give = controller;
    },
  });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, duplex: 'half' };
  const slow = server.fetch(new Request(`${url}/run_code`, { ...init, body }));
  // All that there is for the bodies of a server at once: 256 MiB.
  for (let count = 0; count < 4; count++) give.enqueue(piece);
  while (give.desiredSize < 1) await new Promise((resolve) => setImmediate(resolve));
  const refused = await post(url);
  assert.deepEqual(
    [refused.status, refused.headers.get('retry-after'), await refused.json()],
    [503, '1', { detail: 'there is no room for the body beside those of other requests' }],
  );
  give.error(new Error('gone'));
  await slow;
  assert.equal((await post(url)).status, 200);
});

test('a server with a token answers nobody without it, but whether it lives', async (t) => {
  const { url } = await listen(t, { sandbox: instant, token: 'secret' });
  const authorization = (value) => ({ headers: { authorization: value } });
  const bare = await post(url);
  assert.deepEqual([bare.status, await bare.json()], [401, { detail: 'a bearer token is needed' }]);
  assert.match(bare.headers.get('www-authenticate'), /^Bearer /);
  const wrong = await post(url, authorization('Bearer secreT'));
  assert.deepEqual([wrong.status, await wrong.json()], [401, { detail: 'the bearer token is wrong' }]);
  const basic = await post(url, authorization('Basic c2VjcmV0'));
  assert.deepEqual(
    [basic.status, await basic.json()],
    [400, { detail: 'the authorization header holds no bearer token' }],
  );
  assert.equal((await post(url, authorization('Bearer secret'))).status, 200);
  assert.equal((await fetch(`${url}/metrics`)).status, 401);
  assert.equal((await fetch(`${url}/v1/ping`)).status, 200);
});

test('a page of an origin that is not listed is turned away, whatever it asks', async (t) => {
  const { url } = await listen(t, { sandbox: instant, corsOrigins: ['https://example.org'] });
  for (const origin of ['https://example.com', 'null', 'https://example.org.example.com']) {
    const refused = await post(url, { headers: { origin } });
    assert.deepEqual([refused.status, await refused.json()], [403, { detail: 'this origin is not allowed' }]);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
  }
});

test('a page of a listed origin may ask and read', async (t) => {
  const { url } = await listen(t, {
    sandbox: instant,
    corsOrigins: ['https://example.org'],
    token: 'secret',
  });
  const headers = { origin: 'https://example.org' };
  const preflight = await fetch(`${url}/run_code`, {
    method: 'OPTIONS',
    headers: {
      ...headers,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), headers.origin);
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization,content-type');
  const answered = await post(url, { headers: { ...headers, authorization: 'Bearer secret' } });
  assert.equal(answered.status, 200);
  assert.equal(answered.headers.get('access-control-allow-origin'), headers.origin);
  assert.match(answered.headers.get('vary'), /Origin/);
});

test('the log has one entry a request, and nothing of its code, input or query', async (t) => {
  const entries = [];
  const { url } = await listen(t, { sandbox: instant, onAccess: (entry) => entries.push(entry) });
  await post(url, { body: { code: 'SECRET', language: 'python', stdin: 'SECRET' } });
  await post(url, { body: '{"code": "SECRET"' });
  await fetch(`${url}/${'n'.repeat(1000)}?key=SECRET`);
  assert.equal(entries.length, 3);
  assert.ok(!JSON.stringify(entries).includes('SECRET'));
  const [{ time, durationMs, ...run }, bad, nowhere] = entries;
  assert.match(time, /^\d{4}-\d\d-\d\dT/);
  assert.equal(typeof durationMs, 'number');
  const facts = { language: 'python', status: 'Success', runStatus: 'Finished', runMs: 500 };
  assert.deepEqual(run, { method: 'POST', path: '/run_code', status: 200, run: facts });
  assert.equal(bad.status, 422);
  assert.equal(nowhere.path.length, 200);
});

test('metrics count requests and runs, and give strange paths and methods no series', async (t) => {
  const { sandbox, runs, started } = scriptSandbox();
  const { url } = await listen(t, { sandbox, workers: 1 });
  const sent = [post(url), post(url), post(url)];
  await started(3);
  await fetch(`${url}/some/path`, { method: 'PROPFIND' });
  const read = async () => {
    const response = await fetch(`${url}/metrics`);
    assert.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
    return (await response.text()).split('\n');
  };
  const during = await read();
  assert.ok(during.includes('fencerun_runs_in_progress 1'));
  assert.ok(during.includes('fencerun_runs_waiting 2'));
  assert.ok(
    during.includes('fencerun_http_requests_total{route="other",method="other",status="404"} 1'),
    during.join('\n'),
  );
  for (const run of runs) run.finish();
  await Promise.all(sent);
  const afterwards = await read();
  assert.ok(afterwards.includes('fencerun_runs_in_progress 0'));
  const series = 'fencerun_runs_total{language="python",status="Success",run_status="Finished"} 3';
  assert.ok(afterwards.includes(series), afterwards.join('\n'));
});

test('what nobody foresaw is answered in the shape of the original', async (t) => {
  const broken = {
    runCode: () => Promise.reject(new RangeError('no more')),
    close: async () => {},
  };
  const { url } = await listen(t, { sandbox: broken });
  const response = await post(url);
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { detail: 'no more', traceback: ['RangeError: no more', ''] });
});

test('a slash at the end of a path is sent on, as FastAPI does', async (t) => {
  const { url } = await listen(t, { sandbox: instant });
  const response = await fetch(`${url}/run_code/?a=/`, { method: 'POST', redirect: 'manual' });
  assert.deepEqual([response.status, response.headers.get('location')], [307, `${url}/run_code?a=/`]);
});

test('a body that nests without end is answered', async (t) => {
  const { url } = await listen(t, { sandbox: instant });
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const response = await post(url, { body: `{"language": "python", "code": ${deep}}` });
  const { detail } = await response.json();
  assert.deepEqual([response.status, detail], [400, 'There was an error parsing the body']);
});

test('a body with a million errors gets an answer of bounded length', async (t) => {
  const { url } = await listen(t, { sandbox: instant });
  const body = `{"language": "python", "code": "", "fetch_files": [${'1,'.repeat(999_999)}1]}`;
  const response = await post(url, { body });
  const { detail } = await response.json();
  assert.deepEqual([response.status, detail.length], [422, 1000]);
});

test('a long text that is no number is refused in one pass', async (t) => {
  const { url } = await listen(t, { sandbox: instant });
  // In quadratic time this would take hours.
  const body = { code: '', language: 'python', run_timeout: `${'1'.repeat(2_000_000)}x` };
  const response = await post(url, { body });
  const { detail } = await response.json();
  assert.deepEqual([response.status, detail[0].type], [422, 'float_parsing']);
});

test('closing waits for the programs under way and lets nothing more in', async (t) => {
  const { sandbox, runs, started } = scriptSandbox();
  const { server, url } = await listen(t, { sandbox });
  const running = post(url);
  await started(1);
  const closed = server.close();
  assert.deepEqual(await (await server.fetch(new Request(`${url}/run_code`, { method: 'POST' }))).json(), {
    detail: 'the server is stopping',
  });
  runs[0].finish();
  assert.equal((await running).status, 200);
  await closed;
  await assert.rejects(post(url), { name: 'TypeError' });
});

test('closing stops what still runs when its time is over', async (t) => {
  const { sandbox, runs, started } = scriptSandbox();
  const { server, url } = await listen(t, { sandbox });
  const running = post(url);
  await started(1);
  const enough = new AbortController();
  const closed = server.close({ signal: enough.signal });
  enough.abort();
  const response = await running;
  assert.deepEqual(
    [response.status, await response.json()],
    [503, { detail: 'the server stopped before the program ended' }],
  );
  assert.ok(runs[0].isAborted);
  await closed;
});

test('a connection that sends nothing does not keep the server from closing', async () => {
  const server = createServer({ sandbox: instant });
  const url = new URL(await server.listen());
  const silent = request({ host: url.hostname, port: url.port, method: 'POST', path: '/run_code' });
  silent.on('error', () => {});
  silent.flushHeaders();
  const [socket] = await once(silent, 'socket');
  if (socket.connecting) await once(socket, 'connect');
  await server.close({ signal: AbortSignal.abort() });
});

for (const [options, message] of [
  [{ workers: 0 }, 'workers: expected a whole number from 1, found 0'],
  [{ queue: 1.5 }, 'queue: expected a whole number from 0, found 1.5'],
  [{ maxTimeoutSeconds: Number.NaN }, 'maxTimeoutSeconds: expected a number above 0, found NaN'],
  [{ token: 'with space' }, 'token: expected letters, digits and -._~+/, with = at the end alone'],
  [
    { corsOrigins: ['example.org'] },
    'corsOrigins: expected * or an origin such as https://example.org, found "example.org"',
  ],
  [
    { upstream: 'ftp://host' },
    'upstream: expected an http or https URL without user, query and fragment, found "ftp://host"',
  ],
]) {
  test(`an option that cannot be used is refused: ${JSON.stringify(options)}`, () => {
    assert.throws(() => createServer(options), { name: 'RunError', code: 'invalid_options', message });
  });
}
