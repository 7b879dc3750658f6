// Programs of the rollout viewer at a server: one that the static page names, and the one behind `fencerun view --url`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as ask, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exchanges } from '../node/exchanges.mjs';
import { openLog, press, startViewer, untilRead, writeRun, writeVerl } from './viewer.mjs';

const command = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fencerun-server-'));
const log =
  writeVerl({ output: writeRun('print(1)', '1') }) + writeVerl({ output: writeRun('print(2)', '3') });

/** What a real server answered to a program that printed a line; another line goes in its place. */
const finished = exchanges.find(({ note }) => note === 'hello').response;

/** A server as SandboxFusion is to a client; what it was asked, and how it answers pages. */
const stub = { asked: [], headers: {}, status: 200 };
const server = createServer(async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  if (request.method === 'OPTIONS') return response.writeHead(204, stub.headers).end();
  stub.asked.push({ url: request.url, body, headers: request.headers });
  const json = { ...stub.headers, 'content-type': 'application/json' };
  if (stub.status !== 200) return response.writeHead(stub.status, json).end('{"detail": "not today"}');
  if (request.url === '/v1/ping') return response.writeHead(200, json).end('"pong"');
  if (request.url !== '/run_code') return response.writeHead(404, json).end('{"detail": "Not Found"}');
  const stdout = `${/print\((\d+)\)/.exec(JSON.parse(body).code)?.[1]}\n`;
  const answer = { ...finished, run_result: { ...finished.run_result, stdout } };
  response.writeHead(200, json).end(JSON.stringify(answer));
});
let upstream;
let viewer;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream = `http://127.0.0.1:${server.address().port}`;
  viewer = await startViewer({ servers: [upstream, 'http://127.0.0.1:9'] });
});
after(async () => {
  await viewer?.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function stubAnswers({ pages = false, status = 200 } = {}) {
  const allowed = { 'access-control-allow-origin': new URL(viewer.site.url).origin };
  Object.assign(stub, {
    asked: [],
    status,
    headers: pages ? { ...allowed, 'access-control-allow-headers': 'content-type, authorization' } : {},
  });
}

/** A page with the log open whose settings name a server. */
async function openAt(address, { site = viewer.site.url, token = '' } = {}) {
  const page = await viewer.newPage();
  await page.goto(site);
  await page.waitForSelector('[name="open-files"]');
  await openLog(page, log);
  await press(page, ',');
  await page.getByLabel('Where code runs').selectOption('server');
  await page.getByLabel('Its address').fill(address);
  await page.getByLabel('Its token').fill(token);
  await page.keyboard.press('Tab');
  return page;
}

async function closeDialog(page) {
  await press(page, 'Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
}

test('the static page runs programs at the server that it is told, and remembers it', async () => {
  stubAnswers({ pages: true });
  const page = await openAt(upstream, { token: 'secret' });
  await page.getByRole('button', { name: 'is it there?' }).click();
  await page.getByText('it answers').waitFor();
  await closeDialog(page);
  await press(page, 'A');
  await page.waitForSelector('.replay[data-state="done"]');
  assert.match(await page.textContent('.replay'), /2 programs · identical 1 of 2/);
  const runs = stub.asked.filter(({ url }) => url === '/run_code');
  assert.deepEqual(runs.map(({ body }) => JSON.parse(body).code).sort(), ['print(1)\n', 'print(2)\n']);
  assert.equal(runs[0].headers.authorization, 'Bearer secret');
  await page.reload();
  await openLog(page, log);
  await page.getByRole('button', { name: `runs at ${new URL(upstream).host}` }).waitFor();
  await press(page, 'r');
  await page.waitForSelector('.observation.same');
  // The token is not remembered.
  assert.equal(stub.asked.at(-1).headers.authorization, undefined);
});

test('what is no address is refused, and the one before stays', async () => {
  const page = await openAt(upstream);
  await page.getByLabel('Its address').fill('ftp://x');
  await page.keyboard.press('Tab');
  await page.getByText('expected http://HOST or https://HOST, found ftp://x').waitFor();
  await closeDialog(page);
  await page.getByRole('button', { name: `runs at ${new URL(upstream).host}` }).waitFor();
  assert.deepEqual(viewer.complaints.splice(0), []);
});

for (const [name, address, sentence] of [
  ['that lets no page read it', () => upstream, /answers, but lets no page of http:\S+ read it \(CORS\)/],
  ['that is not there', () => 'http://127.0.0.1:9', /^no result.*http:\/\/127\.0\.0\.1:9 cannot be reached$/],
  [
    'that the policy of the page forbids',
    () => 'http://localhost:9',
    /the policy of this page .* \(connect-src\)/,
  ],
]) {
  test(`a server ${name} is told from others, and ends a replay`, async () => {
    stubAnswers();
    const page = await openAt(address());
    await closeDialog(page);
    await press(page, 'r');
    await page.waitForSelector('.observation.failed');
    assert.match((await page.textContent('.observation.failed')).trim(), sentence);
    await press(page, 'A');
    await page.waitForSelector('.replay[data-state="stopped"] [role="alert"]');
    // Of what the browser says itself of such requests there is no end.
    for (const complaint of viewer.complaints.splice(0))
      assert.match(complaint, /CORS|ERR_|Security Policy|fetch|404/);
  });
}

test('what a server answers instead of a result is shown', async () => {
  stubAnswers({ pages: true, status: 401 });
  const page = await openAt(upstream);
  await closeDialog(page);
  await press(page, 'r');
  await page.waitForSelector('.observation.failed');
  assert.match(await page.textContent('.observation.failed'), /401/);
  for (const complaint of viewer.complaints.splice(0)) assert.match(complaint, /401/);
});

/** Starts `fencerun view` with these arguments for as long as `use` runs. */
async function withCommand(args, use) {
  const path = join(folder, 'rollouts.jsonl');
  writeFileSync(path, log);
  const child = spawn(process.execPath, [command, 'view', path, '--no-open', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(child.stdout, 'data');
    await use(new URL(String(line).trim()));
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

test('fencerun view --url runs the programs of its page there, and the page asks no other origin', async () => {
  stubAnswers();
  await withCommand(['--url', upstream, '--token', 'secret'], async (url) => {
    const page = await viewer.newPage();
    const origins = new Set();
    page.on('request', (request) => origins.add(new URL(request.url()).origin));
    const response = await page.goto(url.href);
    assert.match(response.headers()['content-security-policy'], /; connect-src 'self';/);
    await untilRead(page);
    await page.getByRole('button', { name: `runs at ${new URL(upstream).host}` }).waitFor();
    await press(page, 'A');
    await page.waitForSelector('.replay[data-state="done"]');
    assert.match(await page.textContent('.replay'), /2 programs · identical 1 of 2/);
    assert.deepEqual(
      [...origins].filter((origin) => origin !== 'null'),
      [url.origin],
    );
    const runs = stub.asked.filter(({ url: path }) => path === '/run_code');
    assert.equal(runs.length, 2);
    for (const { headers } of runs) {
      assert.equal(headers.authorization, 'Bearer secret');
      assert.equal(headers.origin, undefined);
    }
    // A person may still choose the page.
    await press(page, ',');
    await page.getByLabel('Where code runs').selectOption('page');
    await closeDialog(page);
    await press(page, 'r');
    await page.waitForSelector('.observation.same');
    assert.equal(stub.asked.filter(({ url: path }) => path === '/run_code').length, 2);
    await page.context().close();
  });
  assert.deepEqual(viewer.complaints.splice(0), []);
});

test('behind fencerun view --url a server that is not there is told', async () => {
  await withCommand(['--url', 'http://127.0.0.1:9'], async (url) => {
    const page = await viewer.newPage();
    await page.goto(url.href);
    await page.waitForSelector('.step .card.runs');
    await press(page, 'r');
    await page.waitForSelector('.observation.failed');
    assert.match(await page.textContent('.observation.failed'), /the upstream server cannot be reached/);
    await page.context().close();
  });
  for (const complaint of viewer.complaints.splice(0)) assert.match(complaint, /502/);
});

test('nothing but the page of fencerun view reaches the server behind it, and nothing but programs', async () => {
  stubAnswers();
  await withCommand(['--url', upstream], async (url) => {
    const send = (path, method, headers = {}) =>
      new Promise((resolve, reject) => {
        ask({ host: url.hostname, port: url.port, path, method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end(method === 'POST' ? '{"code": "print(1)", "language": "python"}' : undefined);
      });
    assert.equal(await send('/server/run_code', 'POST', { origin: 'http://evil.example' }), 403);
    assert.equal(await send('/server/run_code', 'POST', { origin: 'null' }), 403);
    assert.equal(await send('/server/run_code', 'POST', { host: `evil.example:${url.port}` }), 421);
    assert.equal(await send('/server/run_jupyter', 'POST'), 404);
    assert.equal(await send('/server/run_code', 'GET'), 404);
    assert.equal(await send('/server/..%2fsecret', 'GET'), 404);
    assert.equal(stub.asked.length, 0);
    assert.equal(await send('/server/run_code', 'POST', { origin: url.origin }), 200);
    assert.equal(await send('/files.json', 'POST'), 405);
  });
  await withCommand([], async (url) => {
    assert.equal((await fetch(new URL('/server/run_code', url), { method: 'POST' })).status, 405);
  });
});

test('a page that puts the viewer into itself names a server', async () => {
  stubAnswers({ pages: true });
  const page = await viewer.newPage();
  await page.goto(`${viewer.site.url}text.html`);
  await page.evaluate(
    async (options) => {
      const { mountViewer } = await import('/mount.js');
      await mountViewer(document.body.appendChild(document.createElement('div')), options);
    },
    { url: upstream, source: log, wholePage: true, remember: false },
  );
  await page.waitForSelector('.step .card.runs');
  await press(page, 'r');
  await page.waitForSelector('.observation.same');
  assert.deepEqual(
    stub.asked.map(({ url }) => url),
    ['/run_code'],
  );
});

test('a link cannot name a server of another origin', async () => {
  const page = await viewer.newPage();
  await page.goto(`${viewer.site.url}?open=samples/fences.jsonl&server=${encodeURIComponent(upstream)}`);
  await untilRead(page);
  assert.equal(await page.$('.where'), null);
});

test('the page never complained', () => {
  assert.deepEqual(viewer.complaints, []);
});
