// The client in Chromium, with its own `fetch`: against a server of the page's origin that fails in the ways that
// matter, and what a browser does differently.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { after, before, test } from 'node:test';
import { allExchanges, exchanges, sendJson } from '../node/exchanges.mjs';
import { launchBrowser } from './launch.mjs';

const PACKAGE = new URL('../../pkg/', import.meta.url);
const HELLO = exchanges.find(({ note }) => note === 'hello').response;
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const PAGE = `<!doctype html><meta charset="utf-8"><title>client</title><script type="module">
import * as fencerun from '/dist/index.js';
globalThis.fencerun = fencerun;
</script>`;

/** What the server does with the programs that a test sends. */
let script;
let asked;
let server;
let browser;
let page;
const complaints = [];

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://host');
  if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  if (pathname.startsWith('/dist/')) {
    const body = await readFile(new URL(`.${pathname}`, PACKAGE)).catch(() => undefined);
    if (!body) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': TYPES[extname(pathname)] }).end(body);
  }
  // A browser asks for an icon too.
  if (pathname === '/favicon.ico') return response.writeHead(204).end();
  asked += 1;
  return script({ request, response, pathname, nth: asked });
}

before(async () => {
  server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction('globalThis.fencerun');
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** What becomes of a program in the page: its result, or what its error says, and what the hook was told. */
async function run(answerNext, { options = {}, abort = false } = {}) {
  script = answerNext;
  asked = 0;
  return page.evaluate(
    async ([given, isAborted]) => {
      const outcomes = [];
      const client = new globalThis.fencerun.SandboxClient({
        url: location.origin,
        maxRetryWaitMs: 0,
        onAttempt: ({ outcome }) => outcomes.push(outcome),
        ...given,
      });
      const controller = new AbortController();
      const reason = { mine: true };
      if (isAborted) setTimeout(() => controller.abort(reason), 10);
      try {
        const { run: phase } = await client.runCode({ code: 'x' }, { signal: controller.signal });
        return { stdout: phase.stdout, outcomes };
      } catch (error) {
        const { code, status, outcome, attempts, message } = error;
        return { isReason: error === reason, code, status, outcome, attempts, message, outcomes };
      }
    },
    [options, abort],
  );
}

test('a recorded answer becomes a result', async () => {
  const { stdout, outcomes } = await run(({ response }) => sendJson(response, 200, HELLO));
  assert.deepEqual([stdout, outcomes], ['hello\n', ['ran']]);
});

test('every recorded answer of /run_code is read as in Node', async () => {
  const answered = exchanges.filter(
    ({ status, response }) => status === 200 && response.status !== 'SandboxError',
  );
  for (const { note, response: recorded } of answered) {
    const { stdout } = await run(({ response }) => sendJson(response, 200, recorded));
    assert.equal(stdout, recorded.run_result?.stdout, note);
  }
});

test('a busy server is asked again', async () => {
  const { stdout, outcomes } = await run(({ nth, response }) =>
    nth < 3 ? response.writeHead(503).end() : sendJson(response, 200, HELLO),
  );
  assert.deepEqual([stdout, outcomes], ['hello\n', ['never_ran', 'never_ran', 'ran']]);
});

test('a broken connection is not tried again: a browser does not say whether anything was sent', async () => {
  const ended = await run(({ request }) => request.socket.destroy());
  assert.deepEqual([ended.code, ended.outcome, ended.attempts], ['network', 'may_have_run', 1]);
});

test('a redirect is not followed, and its place stays hidden', async () => {
  const location = '/elsewhere';
  const ended = await run(({ response }) => response.writeHead(307, { location }).end());
  assert.deepEqual([ended.code, ended.outcome, asked], ['http', 'never_ran', 1]);
  assert.equal(ended.message, 'the sandbox answered with HTTP status 0: it redirects elsewhere');
});

test('an answer above the bound is given up', async () => {
  const ended = await run(({ response }) => response.end(JSON.stringify(HELLO)), {
    options: { maxBodyBytes: 100 },
  });
  assert.deepEqual([ended.code, ended.outcome], ['too_large', 'ran']);
});

test('no answer within the time-out is a time-out', async () => {
  const ended = await run(() => {}, { options: { requestTimeoutMs: 20 } });
  assert.deepEqual([ended.code, ended.outcome], ['timeout', 'may_have_run']);
});

test('an abort closes the connection and rejects with the reason itself', async () => {
  let closed;
  const ended = await run(
    ({ response }) => {
      closed = new Promise((resolve) => response.on('close', resolve));
    },
    { abort: true },
  );
  assert.ok(ended.isReason);
  await closed;
});

test('ping and cells work too', async () => {
  const { response: recorded } = allExchanges.find(({ note }) => note === 'jupyter basics');
  script = ({ pathname, response }) => sendJson(response, 200, pathname === '/v1/ping' ? 'pong' : recorded);
  const [pong, count] = await page.evaluate(async () => {
    const client = new globalThis.fencerun.SandboxClient({ url: location.origin });
    const { cells } = await client.runJupyter({ cells: ['1'] });
    return [await client.ping(), cells.length];
  });
  assert.deepEqual([pong, count], ['pong', 6]);
});

test('the page had no error', () => {
  assert.deepEqual(complaints, []);
});
