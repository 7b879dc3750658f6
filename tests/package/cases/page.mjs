// A page in Chromium, from a folder or from a server that runs.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { launchBrowser } from '../../browser/launch.mjs';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** Serves `folder`, and `mounts` by their prefixes, on a free port; `policy` is the Content-Security-Policy. */
export async function serveFolder({ folder, mounts = {}, policy }) {
  const server = createServer((request, response) => {
    const path = normalize(request.url.split('?', 1)[0]);
    const mount = Object.keys(mounts).find((prefix) => path.startsWith(prefix));
    const file = mount
      ? join(mounts[mount], path.slice(mount.length))
      : join(folder, path === '/' ? 'index.html' : path);
    try {
      const body = readFileSync(file);
      const headers = { 'content-type': types[extname(file)] ?? 'application/octet-stream' };
      response.writeHead(200, policy ? { ...headers, 'content-security-policy': policy } : headers).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/** Opens a page and waits until `select` in it has a text. Answers the text; an error of the page rejects. */
export async function openPage({ url, select = 'body', ...served }) {
  const server = url ? undefined : await serveFolder(served);
  const browser = await launchBrowser();
  const close = async () => {
    await browser.close();
    await server?.close();
  };
  try {
    const page = await browser.newPage();
    const failure = new Promise((_, reject) => page.once('pageerror', reject));
    failure.catch(() => {});
    const shown = (async () => {
      await page.goto(url ?? server.url);
      await page.waitForFunction((one) => document.querySelector(one)?.textContent.trim(), select);
      return (await page.textContent(select)).trim();
    })();
    shown.catch(() => {});
    return { text: await Promise.race([shown, failure]), close };
  } catch (error) {
    await close();
    throw error;
  }
}
