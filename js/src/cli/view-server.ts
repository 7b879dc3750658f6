// The rollout viewer over HTTP: its page, the sandbox it runs programs in, and the files that are shown.

import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, extname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { describeHeaders, pageTypes, workerHeaders } from './page-headers.js';
import type { SharedFiles } from './shared-files.js';
import { askUpstream, UPSTREAM_PREFIX, type Upstream } from './view-upstream.js';

const HEADERS = describeHeaders();

/**
 * The application; `host` is the name that it is called by beside those of this machine, `upstream` the server that the page runs
 * programs at.
 */
export function buildViewApp(files: SharedFiles, host: string, upstream?: Upstream): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { method } = context.req;
    // A page of another name could be made to lead here, and would read the files.
    if (!isOwnHost(context.req.header('host') ?? '', host)) return answer(421, 'this host is not served\n');
    if (upstream && context.req.path.startsWith(UPSTREAM_PREFIX)) {
      const { status, body, headers } = await askUpstream(context.req.raw, upstream);
      return answer(status, body, { ...headers, 'content-type': 'application/json; charset=utf-8' });
    }
    if (method !== 'GET' && method !== 'HEAD') return answer(405, 'not allowed\n', { allow: 'GET, HEAD' });
    return next();
  });
  app.get('/files.json', async () => {
    const list = await files.list();
    const shown = list.map(({ name, root, inside, bytes, changedMs }) => {
      const path = inside.split('/').map(encodeURIComponent).join('/');
      return { name, bytes, changedMs, url: inside === '' ? `files/${root}` : `files/${root}/${path}` };
    });
    return answer(200, JSON.stringify(shown), { 'content-type': 'application/json; charset=utf-8' });
  });
  app.get('/files/:root{[0-9]+}/:inside{.+}?', async (context) => {
    const { root, inside = '' } = context.req.param();
    const found = await files.find(Number(root), inside);
    return found
      ? answerFile(context.req.raw, found, { 'content-type': 'text/plain; charset=utf-8' })
      : notFound();
  });
  app.get('/sandbox/*', (context) => answerFrom(findSandbox(), context.req.raw, '/sandbox/'));
  app.get('*', (context) => answerFrom(new URL('../viewer/', import.meta.url), context.req.raw, '/'));
  return app;
}

/** Whether a `Host` header names this machine: an address, which no other page can be called by, or a name of our own. */
function isOwnHost(header: string, host: string): boolean {
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || name === host.toLowerCase() || isIP(name) !== 0;
}

function findSandbox(): URL | undefined {
  try {
    return new URL('./', import.meta.resolve('fencerun-sandbox'));
  } catch {
    return undefined;
  }
}

async function answerFrom(folder: URL | undefined, request: Request, prefix: string): Promise<Response> {
  if (!folder) return notFound();
  try {
    const base = await realpath(dirname(fileURLToPath(new URL('x', folder))));
    const inside = decodeURIComponent(new URL(request.url).pathname.slice(prefix.length));
    const path = await realpath(join(base, inside === '' ? 'index.html' : inside));
    const status = await stat(path);
    if (!path.startsWith(base + sep) || !status.isFile()) return notFound();
    const type = pageTypes[extname(path)] ?? 'application/octet-stream';
    const isWorker = prefix === '/sandbox/' && /worker\.js$/.test(path);
    return answerFile(
      request,
      { path, bytes: status.size },
      { ...(isWorker && workerHeaders), 'content-type': type },
    );
  } catch {
    return notFound();
  }
}

/** A file, or the part of it that a `Range` of one piece asks for (RFC 9110, section 14). */
function answerFile(
  request: Request,
  { path, bytes }: { path: string; bytes: number },
  described: Record<string, string>,
): Response {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('range') ?? '');
  const [start, end] = [Number(range?.[1] ?? 0), Math.min(bytes, Number(range?.[2] || bytes - 1) + 1)];
  const headers = { ...described, 'accept-ranges': 'bytes' };
  if (range && start >= end) {
    return answer(416, null, { ...headers, 'content-range': `bytes */${bytes}` });
  }
  const length = { 'content-length': String(end - start) };
  const part = range ? { 'content-range': `bytes ${start}-${end - 1}/${bytes}` } : {};
  const isEmpty = request.method === 'HEAD' || start >= end;
  const body = isEmpty ? null : Readable.toWeb(createReadStream(path, { start, end: end - 1 }));
  return answer(range ? 206 : 200, body as ReadableStream | null, { ...headers, ...length, ...part });
}

function notFound(): Response {
  return answer(404, 'not found\n');
}

function answer(status: number, body: BodyInit | null, headers: Record<string, string> = {}): Response {
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  return new Response(body, { status, headers: { ...HEADERS, ...type, ...headers } });
}
