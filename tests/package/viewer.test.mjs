// `fencerun/viewer` in a page of somebody else: built by Vite from the installed package, twice on the page, under a strict policy.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchBrowser, PATIENCE_MS } from '../browser/launch.mjs';
import { readColumn, writeRun, writeVerl } from '../browser/viewer.mjs';
import { serveFolder } from './cases/page.mjs';
import { openPlace, run } from './cases/place.mjs';

const sandbox = fileURLToPath(new URL('../../sandbox/dist/', import.meta.url));
/** What docs/browsers.md asks of a page, and nothing more; the pictures are the icon of the page. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; connect-src 'self'; img-src data:";
const html = `<!doctype html><html lang="en"><title>ours</title><link rel="icon" href="data:,">
<script type="module" src="/main.js"></script><h1>Ours</h1><div id="left"></div><div id="right"></div></html>`;
const files = {
  'index.html': html,
  'ours.css': '#left, #right { height: 600px; margin: 8px } #right { width: 500px }',
  'main.js': `import './ours.css';
import 'fencerun/viewer.css';
import { mountViewer } from 'fencerun/viewer';
globalThis.mounted = {};
globalThis.mount = async (id, source) => {
  globalThis.mounted[id] = await mountViewer(document.getElementById(id), { source, storeName: id });
};\n`,
};

let place;
let server;
let browser;
const complaints = [];

before(async () => {
  place = await openPlace(process.env.PACKAGE_TOOLS);
  const folder = place.project(files);
  await run(process.execPath, [place.tool('vite', 'bin', 'vite.js'), 'build', '--logLevel=warn'], {
    cwd: folder,
  });
  server = await serveFolder({ folder: join(folder, 'dist'), mounts: { '/sandbox/': sandbox }, policy });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await server?.close();
  place?.close();
});

/** The page before anything is mounted. */
async function openOurs() {
  const page = await browser.newPage({ viewport: { width: 1366, height: 1300 } });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(server.url);
  await page.waitForFunction('globalThis.mount');
  return page;
}

const logs = {
  left: [1, 2].map((number) => writeVerl({ output: writeRun(`print(${number})`, number) })).join(''),
  right: writeVerl({ output: 'of the right' }) + writeVerl({ output: 'of the right too' }),
};

async function mountBoth(page) {
  for (const [id, log] of Object.entries(logs)) {
    await page.evaluate(([there, source]) => globalThis.mount(there, source), [id, log]);
    await page.locator(`#${id} .list .body.selected`).waitFor();
  }
  return { left: page.locator('#left'), right: page.locator('#right') };
}

test('two viewers on one page each show what they were given', async () => {
  const { left, right } = await mountBoth(await openOurs());
  await left.getByText('print(1)').waitFor();
  await right.getByText('of the right', { exact: true }).waitFor();
});

test('a key goes to the viewer that has the focus, and to no other', async () => {
  const page = await openOurs();
  const { left, right } = await mountBoth(page);
  await right.locator('.list .body').first().click();
  await page.keyboard.press('j');
  await right.getByText('of the right too').waitFor();
  assert.equal(await left.locator('.list .body').first().getAttribute('aria-selected'), 'true');
  await page.keyboard.press('/');
  await page.keyboard.type('too');
  await right.getByText('1 found').waitFor();
  assert.deepEqual(await readColumn(page, 'row'), ['1', '2', '2']);
  assert.equal(await left.locator('[name="search"]').inputValue(), '');
});

test('a step runs in the sandbox that the page serves', async () => {
  const page = await openOurs();
  const { left } = await mountBoth(page);
  await left.getByRole('button', { name: 'run', exact: true }).click();
  await left.locator('.observation.same').waitFor();
  assert.equal(await page.locator('.observation.same').count(), 1);
});

test('the page keeps its own styles', async () => {
  const page = await openOurs();
  const read = () =>
    page.evaluate(() =>
      [document.documentElement, document.body].map((one) => {
        const { margin, height, font, color, backgroundColor } = getComputedStyle(one);
        return { margin, height, font, color, backgroundColor };
      }),
    );
  const styles = await read();
  assert.equal(styles[1].margin, '8px');
  await mountBoth(page);
  assert.deepEqual(await read(), styles);
});

/** What a viewer could leave in a page: listeners, styles, elements, what is remembered of the focus. */
async function readTraces(page) {
  const session = await page.context().newCDPSession(page);
  const listeners = {};
  for (const expression of [
    'window',
    'document',
    'document.documentElement',
    'document.body',
    'document.getElementById("left")',
    'visualViewport',
    'navigator.serviceWorker',
  ]) {
    const { result } = await session.send('Runtime.evaluate', { expression });
    const found = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId });
    listeners[expression] = found.listeners.map(({ type }) => type).sort();
  }
  await session.detach();
  const elements = await page.evaluate(() => document.body.innerHTML);
  const sheets = await page.evaluate(
    () => document.adoptedStyleSheets.length + document.querySelectorAll('style').length,
  );
  return { listeners, elements, sheets };
}

/** uPlot listens to the window once for all plots of a page, from when it is loaded. */
const ofPlots = ['dppxchange', 'resize', 'scroll'];

/** Mounts both, uses all that listens to the page or starts a worker, and unmounts them. */
async function useBoth(page) {
  const { left } = await mountBoth(page);
  await left.locator('.list .body').first().click();
  await page.keyboard.press('P');
  await page.locator('.plots canvas').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('e');
  await left.locator('.editor .cm-content').waitFor();
  await page.keyboard.press('Control+Enter');
  await left.locator('.observation.same').waitFor();
  const divider = await left.locator('.divider').boundingBox();
  await page.mouse.move(divider.x + 2, divider.y + 50);
  await page.mouse.down();
  await page.mouse.move(divider.x + 60, divider.y + 50);
  const workers = page.workers();
  assert.ok(workers.length > 0);
  const closed = Promise.all(workers.map((worker) => worker.waitForEvent('close')));
  await page.evaluate(() => {
    for (const { unmount } of Object.values(globalThis.mounted)) unmount();
  });
  await closed;
  await page.mouse.up();
}

test('what is unmounted leaves nothing behind, not even in the middle of a drag', async () => {
  const page = await openOurs();
  const { listeners, ...others } = await readTraces(page);
  const expected = {
    ...others,
    listeners: { ...listeners, window: [...listeners.window, ...ofPlots].sort() },
  };
  await useBoth(page);
  assert.deepEqual(await readTraces(page), expected);
  await useBoth(page);
  assert.deepEqual(await readTraces(page), expected);
  // A database that is still open would block this.
  const deleted = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase('left');
        request.onsuccess = () => resolve('deleted');
        request.onblocked = () => resolve('blocked');
      }),
  );
  assert.equal(deleted, 'deleted');
});

test('nothing in it was blocked or failed', () => {
  assert.deepEqual(complaints, []);
});
