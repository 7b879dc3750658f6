// Pages in Chromium that ask a server of another origin: the page that is listed reads the answer, any other one does not.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { after, before, test } from 'node:test';
import { createServer } from '../server/server.mjs';
import { launchBrowser } from './launch.mjs';

const request = { code: 'print(6 * 7)', language: 'python' };
const token = 'secret';

/** A server as SandboxFusion is to a page: it knows nothing of origins, so no page may read what it answers. */
const plain = createHttpServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"from": "upstream"}');
});
const pages = createHttpServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
});
let browser;
let urls;
let servers;
before(async () => {
  for (const server of [plain, pages]) {
    server.listen(0);
    await once(server, 'listening');
  }
  const { port } = pages.address();
  const listed = `http://127.0.0.1:${port}`;
  const upstream = `http://127.0.0.1:${plain.address().port}`;
  const options = { corsOrigins: [listed], token };
  servers = [createServer({ ...options, workers: 1 }), createServer({ ...options, upstream })];
  const [own, proxy] = await Promise.all(servers.map((server) => server.listen()));
  urls = { listed, other: `http://localhost:${port}`, own, proxy, upstream };
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  for (const server of servers ?? []) await server.close();
  for (const server of [plain, pages]) server.close();
});

/** What a page of one origin gets from a server: the answer, or the error of its `fetch`. */
async function askFrom(origin, url) {
  const page = await browser.newPage();
  await page.goto(origin);
  const ask = async ([address, body, authorization]) => {
    const headers = { 'content-type': 'application/json', authorization };
    try {
      const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
      return await response.json();
    } catch (error) {
      return error.name;
    }
  };
  const got = await page.evaluate(ask, [`${url}/run_code`, request, `Bearer ${token}`]);
  await page.close();
  return got;
}

test('a listed page runs a program', async () => {
  const { run_result } = await askFrom(urls.listed, urls.own);
  assert.equal(run_result.stdout, '42\n');
});

test('a page that is not listed gets nothing', async () => {
  assert.equal(await askFrom(urls.other, urls.own), 'TypeError');
});

test('a listed page reads the answer of a server that knows nothing of pages', async () => {
  assert.equal(await askFrom(urls.listed, urls.upstream), 'TypeError');
  assert.deepEqual(await askFrom(urls.listed, urls.proxy), { from: 'upstream' });
});
