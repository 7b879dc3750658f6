// The routes. In: requests. Out: responses in the shapes of SandboxFusion's FastAPI. Who may ask is decided here, before
// anything is read.

import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import type { AccessEntry, RunFacts } from './access.js';
import { Metrics } from './metrics.js';
import type { Settings } from './options.js';
import { receive } from './receive.js';
import { type RunAnswer, type RunBody, type Runs, refuse } from './runs.js';
import { describeBound, passOn, UpstreamFailure } from './upstream.js';

/** What a handler leaves for the log. */
interface Env {
  Variables: { run: RunFacts; status: number; route: string };
}

/** How long a client should wait that was turned away, in seconds. */
const RETRY_AFTER_SECONDS = 1;
/** What an access log keeps of a path. */
const MAX_PATH_CHARACTERS = 200;

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>fencerun</title>
<p>This is <code>fencerun serve</code>, which answers as SandboxFusion does: <code>POST /run_code</code>,
<code>POST /run_jupyter</code>, <code>GET /v1/ping</code>; and <code>GET /metrics</code> for Prometheus.</p>
`;

/** The application: what answers a request. */
export function buildApp(settings: Settings, runs: Runs): Hono<Env> {
  const metrics = new Metrics(runs.admission);
  const app = new Hono<Env>();
  app.use(noteAccess(settings, metrics));
  app.use(async (c, next) => {
    await next();
    // A connection that is kept open would keep the server from closing.
    if (runs.isStopping) c.header('connection', 'close');
  });
  app.use(refuseOtherPages(settings));
  if (settings.corsOrigins.length > 0) app.use(allowPages(settings));
  if (settings.token !== undefined) app.use(askForToken(settings.token));

  route(app, 'GET', '/metrics', async (c) =>
    c.body(await metrics.write(), 200, { 'content-type': metrics.contentType }),
  );
  const { upstream } = settings;
  if (upstream) {
    app.all('*', (c) => {
      c.set('route', 'upstream');
      const isTooLong = Number(c.req.header('content-length') ?? 0) > settings.maxBodyBytes;
      return isTooLong ? tooLong(c, settings) : passOn(c.req.raw, { ...settings, upstream });
    });
  } else {
    addOwnRoutes(app, settings, runs);
  }
  app.notFound((c) => c.json({ detail: 'Not Found' }, 404));
  app.onError(describeError);
  return app;
}

function addOwnRoutes(app: Hono<Env>, settings: Settings, runs: Runs): void {
  const answer =
    (run: (body: RunBody) => Promise<RunAnswer>) =>
    async (c: Context<Env>): Promise<Response> => {
      const { signal } = c.req.raw;
      const contentType = c.req.header('content-type');
      const answered = await receive(c.req.raw, settings.maxBodyBytes, runs.admission, (bytes) =>
        run({ bytes, contentType, signal }),
      );
      if (answered === 'too_long') return tooLong(c, settings);
      if (answered !== 'no_room') return send(c, answered);
      // What is still to come of the body is not read.
      c.header('connection', 'close');
      return send(c, refuse('there is no room for the body beside those of other requests'));
    };
  // A body for which there is no room is not read.
  const turnAway: MiddlewareHandler<Env> = async (c, next) =>
    runs.refusal === undefined ? next() : send(c, refuse(runs.refusal));
  const runCode = answer((body) => runs.runCode(body));
  const runJupyter = answer((body) => runs.runJupyter(body));
  route(app, 'POST', '/run_code', turnAway, runCode);
  route(app, 'POST', '/run_jupyter', turnAway, runJupyter);
  route(app, 'GET', '/v1/ping', async (c) => c.json('pong'));
  route(app, 'GET', '/', async (c) => c.html(PAGE));
}

/** Adds handlers of one method to a path, and the original's answers to other methods and to a slash too many. */
function route(
  app: Hono<Env>,
  method: 'GET' | 'POST',
  path: string,
  ...handlers: MiddlewareHandler<Env>[]
): void {
  app.use(path, async (c, next) => {
    c.set('route', path);
    await next();
  });
  app.on([method], [path], ...handlers);
  app.all(path, (c) => c.json({ detail: 'Method Not Allowed' }, 405, { allow: method }));
  // FastAPI sends whoever writes a slash at the end to the path without it.
  if (path !== '/') app.all(`${path}/`, (c) => c.redirect(c.req.url.replace(/\/(\?.*)?$/, '$1'), 307));
}

function send(c: Context<Env>, { status, json, run }: RunAnswer): Response {
  if (run) c.set('run', run);
  c.set('status', status);
  const headers = { 'content-type': 'application/json' };
  if (status === 503) Object.assign(headers, { 'retry-after': String(RETRY_AFTER_SECONDS) });
  // Nobody reads the answer to a client that went away.
  return c.body(json, status === 499 ? 400 : status, headers);
}

function tooLong(c: Context, { maxBodyBytes }: Settings): Response {
  return c.json({ detail: describeBound(maxBodyBytes) }, 413, { connection: 'close' });
}

/** Tells the log and the metrics about every request, however it ends. */
function noteAccess({ onAccess }: Settings, metrics: Metrics): MiddlewareHandler<Env> {
  return async (c, next) => {
    const time = new Date().toISOString();
    const start = performance.now();
    await next();
    const run = c.get('run');
    const entry: AccessEntry = {
      time,
      method: c.req.method.slice(0, 20),
      path: c.req.path.slice(0, MAX_PATH_CHARACTERS),
      status: c.get('status') ?? c.res.status,
      durationMs: Math.round((performance.now() - start) * 10) / 10,
      ...(run && { run }),
    };
    metrics.add(entry, c.get('route') ?? 'other');
    onAccess(entry);
  };
}

/**
 * A page in a browser of this machine can send requests here, and some of them the browser does not
 * ask about first. It says where it is from, so that it can be turned away.
 */
function refuseOtherPages({ corsOrigins }: Settings): MiddlewareHandler<Env> {
  return async (c, next) => {
    const origin = c.req.header('origin');
    if (origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin)) return next();
    return c.json({ detail: 'this origin is not allowed' }, 403);
  };
}

/** Tells browsers that the pages of these origins may read what is answered. */
function allowPages({ corsOrigins }: Settings): MiddlewareHandler {
  return cors({
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    allowMethods: ['GET', 'POST'],
    exposeHeaders: ['Retry-After'],
    maxAge: 600,
  });
}

/** Lets only those pass who know the token; whether the server lives is no secret. */
function askForToken(token: string): MiddlewareHandler<Env> {
  const messages = {
    noAuthenticationHeader: { message: { detail: 'a bearer token is needed' } },
    invalidAuthenticationHeader: { message: { detail: 'the authorization header holds no bearer token' } },
    invalidToken: { message: { detail: 'the bearer token is wrong' } },
  };
  const ask: MiddlewareHandler = bearerAuth({ token, ...messages });
  return (c, next) => (c.req.path === '/v1/ping' ? next() : ask(c as Context, next));
}

/** The shape of the original's answer to what it did not foresee. */
function describeError(error: Error, c: Context<Env>): Response {
  if (error instanceof HTTPException) return error.getResponse();
  if (error instanceof UpstreamFailure) return c.json({ detail: error.message }, error.status);
  if (c.req.raw.signal.aborted) return send(c, { status: 499, json: '' });
  return c.json({ detail: error.message, traceback: [`${error.name}: ${error.message}`, ''] }, 500);
}
