// A small static server for the rollout viewer, on this machine alone, with the headers that the page is made for.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { describeHeaders, pageTypes, workerHeaders } from '../../js/src/cli/page-headers.js';
import { repository } from '../setup/folders.mjs';

const folders = [
  ['/pkg/', join(repository, 'pkg')],
  ['/sandbox/', join(repository, 'sandbox', 'dist')],
  ['/', join(repository, 'www', 'dist')],
];

const workerPath = join(repository, 'sandbox', 'dist', 'worker.js');

/**
 * Serves www/dist at /, pkg/ at /pkg/ and sandbox/dist at /sandbox/ on 127.0.0.1; port 0 is any free one. The page may ask the
 * origins in `servers` beside its own. Answers the address and a function that stops the server.
 */
export async function servePage({ port = 0, servers = [] } = {}) {
  const headers = describeHeaders(["'self'", ...servers]);
  const server = createServer((request, response) => answer(request, response, headers));
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

function answer(request, response, headers) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, allow: 'GET, HEAD' }).end();
    return;
  }
  const file = findFile(request.url ?? '/');
  if (!file) {
    response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('not found\n');
    return;
  }
  response.writeHead(200, {
    ...(file.path === workerPath ? workerHeaders : headers),
    'content-type': pageTypes[extname(file.path)] ?? 'application/octet-stream',
    'content-length': file.bytes,
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response);
}

/** The file that a request's target names, or `undefined`; never one outside the three folders. */
export function findFile(target) {
  const path = readPath(target);
  if (path === undefined) return undefined;
  const [prefix, folder] = folders.find(([one]) => path.startsWith(one)) ?? [];
  if (!folder) return undefined;
  const inside = path.slice(prefix.length);
  const found = resolve(folder, inside.endsWith('/') || inside === '' ? `${inside}index.html` : inside);
  if (!found.startsWith(folder + sep)) return undefined;
  try {
    const status = statSync(found);
    return status.isFile() ? { path: found, bytes: status.size } : undefined;
  } catch {
    return undefined;
  }
}

function readPath(target) {
  try {
    const path = decodeURIComponent(target.split(/[?#]/, 1)[0]);
    return path.startsWith('/') && !path.includes('\0') && !path.includes('\\') ? path : undefined;
  } catch {
    return undefined;
  }
}
