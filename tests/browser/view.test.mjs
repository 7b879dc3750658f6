// `fencerun view` as a person uses it: the command, its server, the page in a browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchBrowser, PATIENCE_MS } from './launch.mjs';
import { readColumn, untilRead, writeRun, writeVerl } from './viewer.mjs';

const command = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fencerun-view-'));
const shown = join(folder, 'shown');
const servers = [];
let url;
let browser;
const complaints = [];

before(async () => {
  mkdirSync(join(shown, 'deep'), { recursive: true });
  writeFileSync(join(folder, 'secret.jsonl'), writeVerl({ output: 'secret' }));
  writeFileSync(join(shown, '10.jsonl'), writeVerl({ output: writeRun('print(1)', '1') }));
  writeFileSync(join(shown, '9.jsonl'), writeVerl({ output: 'nine' }));
  writeFileSync(join(shown, 'deep', 'a b.jsonl'), writeVerl({ output: 'deep' }));
  writeFileSync(join(shown, 'weights.bin'), 'x');
  symlinkSync(join(folder, 'secret.jsonl'), join(shown, 'link.jsonl'));
  url = await serve(shown);
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  for (const server of servers) server.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(path) {
  const server = spawn(process.execPath, [command, 'view', path, '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(server);
  const [line] = await once(server.stdout, 'data');
  return new URL(String(line).trim());
}

/** A page that shows a folder of its own, with these files in it, and where they are. */
async function openFolder(files) {
  const own = mkdtempSync(join(folder, 'own-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
  const page = await newPage();
  await page.goto((await serve(own)).href);
  return { page, write: (name, text) => writeFileSync(join(own, name), text), own };
}

async function newPage() {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return page;
}

async function open() {
  const page = await newPage();
  await page.goto(url.href);
  await untilRead(page);
  return page;
}

/** Asks with a target and headers as they are: `fetch` would tidy them. */
function ask(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    request({ host: url.hostname, port: url.port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

test('the files of a folder are listed by number, those in folders too', async () => {
  const list = await (await fetch(new URL('/files.json', url))).json();
  assert.deepEqual(
    list.map(({ name }) => name),
    ['9.jsonl', '10.jsonl', 'deep/a b.jsonl'],
  );
  const page = await open();
  assert.deepEqual(await readColumn(page, 'row'), ['1', '2', '3']);
});

test('nothing outside of the folder is given, however it is asked for', async () => {
  for (const path of [
    '/files/0/../secret.jsonl',
    '/files/0/..%2Fsecret.jsonl',
    '/files/0/%2e%2e/secret.jsonl',
    '/files/0/link.jsonl',
    '/files/1/x',
    '/files/0/9.jsonl%00',
    '/..%2F..%2Fcli.js',
    '/sandbox/..%2Fpackage.json',
  ]) {
    assert.equal((await ask(path)).status, 404, path);
  }
});

test('a page of another name is not answered', async () => {
  assert.equal((await ask('/files.json', { host: `evil.example:${url.port}` })).status, 421);
  assert.equal((await ask('/files.json', { host: `localhost:${url.port}` })).status, 200);
  assert.equal((await ask('/files.json', {}, 'POST')).status, 405);
});

test('parts of files are given as RFC 9110 says', async () => {
  const whole = writeVerl({ output: 'nine' });
  const part = await ask('/files/0/9.jsonl', { range: 'bytes=1-4' });
  assert.equal(part.status, 206);
  assert.equal(part.body, whole.slice(1, 5));
  assert.equal(part.headers['content-range'], `bytes 1-4/${whole.length}`);
  assert.equal((await ask('/files/0/9.jsonl', { range: `bytes=${whole.length}-` })).status, 416);
  const head = await ask('/files/0/9.jsonl', {}, 'HEAD');
  assert.equal(head.headers['content-length'], String(whole.length));
  assert.equal(head.headers['accept-ranges'], 'bytes');
});

test('a file that grows is followed, and half of a line is waited for', async () => {
  const file = join(shown, 'deep', 'a b.jsonl');
  const page = await open();
  const [line] = [writeVerl({ output: 'added' })];
  appendFileSync(file, writeVerl({ output: 'whole' }) + line.slice(0, 20));
  await page.getByText('4 of 4').waitFor();
  appendFileSync(file, line.slice(20));
  await page.getByText('5 of 5').waitFor();
  await page.locator('.list .body').last().click();
  await page.getByText('added').waitFor();
});

test('a file that is new in the folder appears, whatever is in it', async () => {
  const { page, write } = await openFolder({ '1.jsonl': writeVerl({ output: 'first' }) });
  await page.getByText('1 of 1').waitFor();
  write('2.jsonl', writeVerl({ output: 'second' }) + writeVerl({ output: 'third' }));
  await page.getByText('3 of 3').waitFor();
  write('notes.md', 'The fourth.');
  await page.getByText('4 of 4').waitFor();
  await page.getByLabel('file', { exact: true }).selectOption('notes.md');
  await page.locator('.list .body').click();
  await page.locator('.pane .step').getByText('The fourth.').waitFor();
});

test('a search finds what a new file has', async () => {
  const { page, write } = await openFolder({ '1.jsonl': writeVerl({ output: 'nothing' }) });
  await page.fill('[name="search"]', 'treasure');
  await page.getByText('0 found').waitFor();
  write('2.jsonl', writeVerl({ output: 'a treasure' }));
  await page.getByText('1 found').waitFor();
  assert.deepEqual(await readColumn(page, 'row'), ['2']);
});

test('a search finds what is added to a file, once its line is whole', async () => {
  const { page, own } = await openFolder({ '1.jsonl': writeVerl({ output: 'a treasure' }) });
  await page.fill('[name="search"]', 'treasure');
  await page.getByText('1 found').waitFor();
  const line = writeVerl({ output: 'the other treasure' });
  const file = join(own, '1.jsonl');
  appendFileSync(file, writeVerl({ output: 'nothing' }) + line.slice(0, -4));
  await page.getByText('1 of 2').waitFor();
  appendFileSync(file, line.slice(-4));
  await page.getByText('2 found').waitFor();
  assert.deepEqual(await readColumn(page, 'row'), ['1', '3']);
});

test('the first file of an empty folder appears', async () => {
  const { page, write } = await openFolder({});
  await page.getByText('there is no file').waitFor();
  write('1.jsonl', writeVerl({ output: 'first' }));
  await page.locator('.pane .step').getByText('first').waitFor();
});

test('a text that grows is read again, and its rollout stays open', async () => {
  const { page, own } = await openFolder({ 'answer.md': 'It begins.' });
  await page.locator('.pane .step').getByText('It begins.').waitFor();
  appendFileSync(join(own, 'answer.md'), '\n\nIt goes on.');
  await page.locator('.pane .step').getByText('It goes on.').waitFor();
  assert.deepEqual(await readColumn(page, 'row'), ['1']);
});

test('a document that is written anew is read again: rollouts keep their rows', async () => {
  const document = (...outputs) =>
    JSON.stringify(
      outputs.map((output) => ({ output })),
      null,
      1,
    );
  const { page, write } = await openFolder({ 'rows.json': document('one', 'two') });
  await page.locator('.list .body[data-row="1"]').click();
  await page.locator('.pane .step').getByText('two').waitFor();
  // As long as before.
  write('rows.json', document('one', 'TWO'));
  await page.locator('.pane .step').getByText('TWO').waitFor();
  write('rows.json', document('one', 'TWO', 'three'));
  await page.getByText('3 of 3').waitFor();
  assert.deepEqual(await readColumn(page, 'row'), ['1', '2', '3']);
  write('rows.json', document('new'));
  await page.getByText('1 of 1').waitFor();
  await page.locator('.list .body').click();
  await page.locator('.pane .step').getByText('new').waitFor();
});

test('a log that is written anew is read anew', async () => {
  const { page, write } = await openFolder({
    '1.jsonl': writeVerl({ output: 'old', score: 1 }) + writeVerl({ output: 'old', score: 2 }),
  });
  await page.getByText('2 of 2').waitFor();
  write('1.jsonl', writeVerl({ output: 'anew', score: 7 }));
  await page.locator('.pane .step').getByText('anew').waitFor();
  assert.deepEqual(await readColumn(page, 'score'), ['7']);
});

test('programs run in the sandbox that the command brings', async () => {
  const page = await open();
  await page.locator('.list .body[data-row="1"]').click();
  await page.locator('.step .card.runs').waitFor();
  await page.keyboard.press('r');
  await page.waitForSelector('.observation.same');
});

test('the page of the command never complained', () => {
  assert.deepEqual(complaints, []);
});
