// What a server can be told. In: options. Out: options with every default in place.

import { availableParallelism } from 'node:os';
import { RunError } from '../error.js';
import type { AccessEntry } from './access.js';
import type { RunCodeFields, RunJupyterFields } from './requests.js';

/**
 * What answers the requests: what `createSandbox()` of `fencerun-sandbox` gives, as far as it is
 * needed here. Requests and answers have SandboxFusion's fields.
 */
export interface ServedSandbox {
  /** Answers as SandboxFusion's `/run_code` does. */
  runCode(request: RunCodeFields, options?: { signal?: AbortSignal }): Promise<RunCodeAnswer>;
  /** Runs cells in one interpreter. Without it `/run_jupyter` answers with a `SandboxError`. */
  runJupyter?(request: RunJupyterFields, options?: { signal?: AbortSignal }): Promise<RunJupyterAnswer>;
  /** Makes ready for the first run. */
  warmUp?(): Promise<void>;
  /** Ends its workers. */
  close(): Promise<void>;
}

/** An answer to `/run_code`, with the fields that are read here; all are handed on. */
export interface RunCodeAnswer {
  status: string;
  run_result: PhaseAnswer | null;
}

/** An answer to `/run_jupyter`, with the fields that are read here; all are handed on. */
export interface RunJupyterAnswer {
  status: string;
  driver: PhaseAnswer | null;
}

/** How a program, or all cells, ended. */
export interface PhaseAnswer {
  status: string;
  /** In seconds. */
  execution_time: number;
}

/** How a server behaves. */
export interface ServerOptions {
  /**
   * What runs the programs. Default: the package `fencerun-sandbox` with the limits below, started
   * by `start` or the first request and closed with the server. A sandbox that is given stays its
   * giver's; `workers` should say how many programs it runs at a time.
   */
  sandbox?: ServedSandbox;
  /** How many programs run at a time. Default: the number of cores. */
  workers?: number;
  /** How many requests may wait for a worker; the next is answered with 503. Default 1024. */
  queue?: number;
  /** The largest body of a request, in bytes; a larger one is answered with 413. Default 32 MiB. */
  maxBodyBytes?: number;
  /** The longest time-out that a request gets, in seconds; a longer one is shortened. Default 300. */
  maxTimeoutSeconds?: number;
  /** The most memory that a request gets from the default sandbox, in mebibytes. Default 1024. */
  maxMemoryLimitMb?: number;
  /** What `Authorization: Bearer …` must hold for everything but `/v1/ping`. Default: nothing is asked. */
  token?: string;
  /**
   * Origins of web pages that may use the server, as `https://example.org`, or `*` for all. A request
   * of any other page is answered with 403, whatever it asks. Default: none.
   */
  corsOrigins?: readonly string[];
  /** A SandboxFusion server to pass all requests on to; nothing runs here then. */
  upstream?: string | URL;
  /** What passes them on. Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Called once for every request that has been answered. It must not throw. */
  onAccess?: (entry: AccessEntry) => void;
}

/** {@link ServerOptions} with every default in place. */
export interface Settings {
  workers: number;
  queue: number;
  maxBodyBytes: number;
  maxTimeoutSeconds: number;
  token: string | undefined;
  corsOrigins: readonly string[];
  upstream: URL | undefined;
  fetch: typeof globalThis.fetch;
  onAccess: (entry: AccessEntry) => void;
  openSandbox: () => Promise<ServedSandbox>;
  /** Whether the sandbox is closed with the server. */
  ownsSandbox: boolean;
}

/**
 * Checks options and fills in defaults.
 *
 * # Errors
 *
 * `invalid_options` for a number, a token, an origin or a URL that cannot be used.
 */
export function readOptions(options: ServerOptions): Settings {
  const { sandbox, token, corsOrigins = [] } = options;
  const workers = readWhole('workers', options.workers, availableParallelism(), 1);
  const maxRunTimeoutSeconds = readPositive('maxTimeoutSeconds', options.maxTimeoutSeconds, 300);
  const maxMemoryLimitMb = readWhole('maxMemoryLimitMb', options.maxMemoryLimitMb, 1024, 1);
  if (token !== undefined && !/^[\w.~+/-]+=*$/.test(token)) {
    const expected = 'expected letters, digits and -._~+/, with = at the end alone';
    throw new RunError('invalid_options', `token: ${expected}`);
  }
  return {
    workers,
    queue: readWhole('queue', options.queue, 1024, 0),
    maxBodyBytes: readWhole('maxBodyBytes', options.maxBodyBytes, 32 << 20, 1),
    maxTimeoutSeconds: maxRunTimeoutSeconds,
    token,
    corsOrigins: corsOrigins.map(readOrigin),
    upstream: options.upstream === undefined ? undefined : readUpstream(options.upstream),
    fetch: options.fetch ?? globalThis.fetch,
    onAccess: options.onAccess ?? (() => {}),
    openSandbox: async () =>
      sandbox ?? (await openEmbedded({ workers, maxRunTimeoutSeconds, maxMemoryLimitMb })),
    ownsSandbox: sandbox === undefined,
  };
}

function readWhole(name: string, value: number | undefined, fallback: number, least: number): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RunError('invalid_options', `${name}: expected a whole number from ${least}, found ${value}`);
}

function readPositive(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RunError('invalid_options', `${name}: expected a number above 0, found ${value}`);
}

function readOrigin(text: string): string {
  if (text === '*') return text;
  const url = parseUrl(text);
  if (url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '') === url.origin) return url.origin;
  const expected = 'expected * or an origin such as https://example.org';
  throw new RunError('invalid_options', `corsOrigins: ${expected}, found ${JSON.stringify(text)}`);
}

function readUpstream(value: string | URL): URL {
  const url = parseUrl(String(value));
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '') {
    return url;
  }
  const expected = 'expected an http or https URL without user, query and fragment';
  throw new RunError('invalid_options', `upstream: ${expected}, found ${JSON.stringify(String(value))}`);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

async function openEmbedded(options: {
  workers: number;
  maxRunTimeoutSeconds: number;
  maxMemoryLimitMb: number;
}): Promise<ServedSandbox> {
  try {
    // Left as it is by bundlers for servers: the sandbox finds its files beside its own.
    const { createSandbox } = await import(
      /* webpackIgnore: true */ /* turbopackIgnore: true */ 'fencerun-sandbox'
    );
    return createSandbox(options);
  } catch (cause) {
    const advice = 'install the package `fencerun-sandbox` beside `fencerun`, or give an `upstream`';
    throw new RunError('invalid_options', `the embedded sandbox could not be loaded: ${advice}`, { cause });
  }
}
