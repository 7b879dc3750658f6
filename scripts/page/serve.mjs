// A small static server for the rollout viewer, on this machine alone, with the headers that the page is made for.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { repository } from '../setup/folders.mjs';

const folders = [
  ['/pkg/', join(repository, 'pkg')],
  ['/sandbox/', join(repository, 'sandbox', 'dist')],
  ['/', join(repository, 'www', 'dist')],
];

const types = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** The worker that runs programs is handed all it needs: it may not connect to anything. */
const workerPath = join(repository, 'sandbox', 'dist', 'worker.js');

/** The policy of a page that may ask these servers beside its own, as the words of `connect-src`. */
function describePolicy(servers) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    "worker-src 'self'",
    `connect-src ${servers.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/**
 * Serves www/dist at /, pkg/ at /pkg/ and sandbox/dist at /sandbox/ on 127.0.0.1; port 0 is any free one. The page may ask the
 * origins in `servers` beside its own. Answers the address and a function that stops the server.
 */
export async function servePage({ port = 0, servers = [] } = {}) {
  const policy = describePolicy(["'self'", ...servers]);
  const server = createServer((request, response) => answer(request, response, policy));
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

function answer(request, response, policy) {
  const common = { ...headers, 'content-security-policy': policy };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...common, allow: 'GET, HEAD' }).end();
    return;
  }
  const file = findFile(request.url ?? '/');
  if (!file) {
    response.writeHead(404, { ...common, 'content-type': types['.txt'] }).end('not found\n');
    return;
  }
  const isWorker = file.path === workerPath;
  response.writeHead(200, {
    ...common,
    ...(isWorker && { 'content-security-policy': describePolicy(["'none'"]) }),
    'content-type': types[extname(file.path)] ?? 'application/octet-stream',
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
