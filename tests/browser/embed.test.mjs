// `fencerun/viewer` in a page that is not its own, as the package has it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchBrowser, PATIENCE_MS } from './launch.mjs';
import { writeVerl } from './viewer.mjs';

const folder = fileURLToPath(new URL('../../pkg/dist/viewer/', import.meta.url));
const types = { '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
const page = `<!doctype html><title>foreign</title><link rel="stylesheet" href="/viewer/viewer.css">
<link rel="icon" href="data:,"><h1>Ours</h1><button id="ours">ours</button><div id="there"></div>`;

let browser;
let server;
const complaints = [];

before(async () => {
  browser = await launchBrowser();
  server = createServer(({ url }, response) => {
    const file = /^\/viewer\/([\w.-]+)$/.exec(url)?.[1];
    response.setHeader('content-type', file ? types[extname(file)] : 'text/html');
    response.end(file ? readFileSync(join(folder, file)) : page);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** A page with the viewer in it. */
async function mount() {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(PATIENCE_MS);
  tab.on('console', (message) => complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  await tab.evaluate(
    async (source) => {
      const { mountViewer } = await import('/viewer/mount.js');
      window.mounted = await mountViewer(document.getElementById('there'), { source });
    },
    writeVerl({ output: 'first' }) + writeVerl({ output: 'second' }),
  );
  await tab.getByText('2 of 2').waitFor();
  return tab;
}

const readOpen = (tab) => tab.textContent('.pane .step .prose');

test('it shows what it is given, and hears keys only in its element', async () => {
  const tab = await mount();
  await tab.getByText('first').waitFor();
  await tab.focus('#ours');
  await tab.keyboard.press('j');
  await tab.keyboard.press('?');
  assert.equal(await tab.$('dialog[open]'), null);
  assert.equal((await readOpen(tab)).trim(), 'first');
  await tab.click('.list .body');
  await tab.keyboard.press('j');
  await tab.getByText('second').waitFor();
  assert.equal(await tab.evaluate(() => location.hash), '');
});

test('nothing in it has an id, which another viewer on the page would have too', async () => {
  const tab = await mount();
  const readIds = () => tab.$$eval('#there [id]', (all) => all.map(({ id }) => id));
  await tab.click('.list .body');
  for (const key of ['F', 'F', 'c', 'e', 'Escape', 'v', 'P', 'Escape', 'E', 'Escape', '?']) {
    await tab.keyboard.press(key);
    assert.deepEqual(await readIds(), [], key);
  }
  await tab.keyboard.press('Escape');
  await tab.evaluate(async () => {
    window.mounted.unmount();
    const { mountViewer } = await import('/viewer/mount.js');
    await mountViewer(document.getElementById('there'), {});
  });
  await tab.getByLabel('paste lines here').waitFor();
  assert.deepEqual(await readIds(), []);
});

test('it leaves nothing when it is taken out', async () => {
  const tab = await mount();
  assert.ok(tab.workers().length > 0);
  await tab.evaluate(() => {
    window.mounted.unmount();
    window.mounted.unmount();
  });
  assert.equal(await tab.innerHTML('#there'), '');
  assert.equal(await tab.evaluate(() => document.body.children.length), 3);
  await Promise.all(tab.workers().map((worker) => worker.waitForEvent('close')));
});

test('the foreign page never complained', () => {
  assert.deepEqual(complaints, []);
});
