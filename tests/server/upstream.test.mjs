// The server in front of another one: what goes through, what stays, and what the page of a browser gets to see.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { listen, post } from './server.mjs';

/** Serves `answer(request, response)` on a free port for as long as the test runs; gives its URL. */
async function serveUpstream(t, answer) {
  const server = createServer(answer);
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

const read = async (stream) => {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
};

test('method, path, query, body, status and answer go through as they are', async (t) => {
  const upstream = await serveUpstream(t, async (request, response) => {
    const seen = { method: request.method, url: request.url, body: await read(request) };
    response.writeHead(418, { 'content-type': 'application/json', 'x-own': 'yes' });
    response.end(JSON.stringify(seen));
  });
  const { url } = await listen(t, { upstream: `${upstream}/base/` });
  const response = await fetch(`${url}/get_prompts?a=1&b=%20`, { method: 'POST', body: '{"ä": 1}' });
  assert.equal(response.status, 418);
  assert.equal(response.headers.get('x-own'), 'yes');
  const expected = { method: 'POST', url: '/base/get_prompts?a=1&b=%20', body: '{"ä": 1}' };
  assert.deepEqual(await response.json(), expected);
});

test('a page reads what the upstream server answers, and the upstream server does not see the page', async (t) => {
  let headers;
  const upstream = await serveUpstream(t, (request, response) => {
    headers = request.headers;
    response.setHeader('access-control-allow-origin', 'https://other.example');
    response.end('"pong"');
  });
  const origin = 'https://example.org';
  const { url } = await listen(t, { upstream, corsOrigins: [origin], token: 'secret' });
  const sent = { origin, authorization: 'Bearer secret', cookie: 'a=b' };
  const response = await fetch(`${url}/v1/ping`, { headers: sent });
  assert.equal(await response.json(), 'pong');
  assert.equal(response.headers.get('access-control-allow-origin'), origin);
  for (const name of ['origin', 'authorization', 'cookie']) assert.equal(headers[name], undefined);
});

test('without a token of its own it hands the authorization of the client on', async (t) => {
  const upstream = await serveUpstream(t, (request, response) => response.end(request.headers.authorization));
  const { url } = await listen(t, { upstream });
  const response = await fetch(url, { headers: { authorization: 'Bearer theirs' } });
  assert.equal(await response.text(), 'Bearer theirs');
});

test('an answer streams: its first part arrives before its last is written', async (t) => {
  let finish;
  const upstream = await serveUpstream(t, (_, response) => {
    response.write('first');
    finish = () => response.end('last');
  });
  const { url } = await listen(t, { upstream });
  const reader = (await fetch(url)).body.getReader();
  assert.equal(Buffer.from((await reader.read()).value).toString(), 'first');
  finish();
  assert.equal(Buffer.from((await reader.read()).value).toString(), 'last');
});

test('a body streams: its first part arrives before its last is sent', async (t) => {
  let arrived;
  const first = new Promise((resolve) => {
    arrived = resolve;
  });
  const upstream = await serveUpstream(t, async (request, response) => {
    request.once('data', (chunk) => arrived(String(chunk)));
    response.end(await read(request));
  });
  const { url } = await listen(t, { upstream });
  let send;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from('first'));
      send = () => {
        controller.enqueue(Buffer.from('last'));
        controller.close();
      };
    },
  });
  const answered = post(url, { body, duplex: 'half' });
  assert.equal(await first, 'first');
  send();
  assert.match(await (await answered).text(), /last$/);
});

test('a compressed answer arrives whole', async (t) => {
  const text = 'x'.repeat(10_000);
  const upstream = await serveUpstream(t, (_, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(text));
  });
  const { url } = await listen(t, { upstream });
  assert.equal(await (await fetch(url)).text(), text);
});

test('a redirect goes to the client', async (t) => {
  const upstream = await serveUpstream(t, (_, response) =>
    response.writeHead(307, { location: '/run_code' }).end(),
  );
  const { url } = await listen(t, { upstream });
  const response = await fetch(`${url}/run_code/`, { method: 'POST', redirect: 'manual' });
  assert.deepEqual([response.status, response.headers.get('location')], [307, '/run_code']);
});

test('an upstream server that is not there is answered with 502', async (t) => {
  const { url } = await listen(t, { upstream: 'http://127.0.0.1:1' });
  const response = await post(url);
  assert.equal(response.status, 502);
  assert.match((await response.json()).detail, /^the upstream server cannot be reached: /);
});

test('a body over the bound is answered with 413 and cut, with a length or without', async (t) => {
  const upstream = await serveUpstream(t, async (request, response) => {
    request.on('error', () => {});
    response.end(await read(request).catch(() => ''));
  });
  const { url } = await listen(t, { upstream, maxBodyBytes: 100 });
  const detail = 'the body is larger than 100 bytes';
  const declared = await post(url, { body: 'x'.repeat(101) });
  assert.deepEqual([declared.status, await declared.json()], [413, { detail }]);
  const streamed = await post(url, { body: new Blob(['x'.repeat(101)]).stream(), duplex: 'half' });
  assert.deepEqual([streamed.status, await streamed.json()], [413, { detail }]);
});

test('a client that goes away ends the request to the upstream server', async (t) => {
  let asked;
  const gone = new Promise((resolve) => {
    asked = resolve;
  });
  const leaving = new AbortController();
  const upstream = await serveUpstream(t, (_, response) => {
    response.on('close', asked);
    leaving.abort();
  });
  const { url } = await listen(t, { upstream });
  await assert.rejects(post(url, { signal: leaving.signal }), { name: 'AbortError' });
  await gone;
});

test('a client that goes away from an upstream server is in the log', async (t) => {
  const leaving = new AbortController();
  const upstream = await serveUpstream(t, () => leaving.abort());
  let log;
  const noted = new Promise((resolve) => {
    log = resolve;
  });
  const { url } = await listen(t, { upstream, onAccess: log });
  await assert.rejects(post(url, { signal: leaving.signal }), { name: 'AbortError' });
  const { path, status } = await noted;
  assert.deepEqual([path, status], ['/run_code', 499]);
});
