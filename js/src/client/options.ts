import { callCore } from '../call.js';
import { type Outcome, RunError } from '../error.js';
import { Endpoint } from './endpoint.js';

/**
 * When a request is sent again, by name.
 *
 * - `default`: after 429, 502, 503, 504 and connections that could not be made; 3 attempts; waits of 500 ms, doubled
 *   each time, and up to 500 ms more at random, or what `Retry-After` asks for, at most 30 s;
 * - `none`: never;
 * - `verl`: as verl's `call_sandbox_api`: after 504 alone, 3 attempts, waits of 1 s and 2 s;
 * - `sandbox-fusion-sdk`: as SandboxFusion's Python package: after every failure, runs that may have happened
 *   included; 5 attempts (3 of `runJupyter`, 1 of what reads datasets), 1 s doubled each time and up to 1 s more.
 */
export type RetryPolicyName = 'default' | 'none' | 'verl' | 'sandbox-fusion-sdk';

/** One attempt that has ended. */
export interface Attempt {
  /** What was asked for: `run_code`, `run_jupyter`, `submit` and so on. */
  route: string;
  /** The address it was sent to. */
  url: string;
  /** Counts from 1. */
  attempt: number;
  /** Whether the program ran, or, for what runs no program, whether the request was carried out. */
  outcome: Outcome;
  /** The HTTP status, where one came. */
  status: number | undefined;
  /** From sending to the end of the answer, in milliseconds. */
  durationMs: number;
  /** Why there is no result: a {@link RunError}, or the reason of the abort. */
  error: unknown;
}

/** An attempt that has failed, and another one that is to follow. */
export interface Retry extends Attempt {
  /** How long the client waits first, in milliseconds. */
  waitMs: number;
  /** The address of the next attempt. */
  nextUrl: string;
}

/** Options of {@link SandboxClient}. */
export interface SandboxClientOptions {
  /** The address of a SandboxFusion server, or of one of its routes such as `/run_code`; several of them share the work. */
  url: string | readonly string[];
  /** Sent with every request; `content-type` and `accept` may be replaced. */
  headers?: Record<string, string>;
  /** Sent as `authorization: Bearer TOKEN`. A function is asked before every attempt, in its time; one that fails ends them. */
  token?: string | (() => string | Promise<string>);
  /** Used in place of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /**
   * How long to wait for a whole answer, in milliseconds, from when it is sent, or its token asked for. Default: the
   * time-outs of the request and 10 s; 5 minutes for what works with datasets.
   */
  requestTimeoutMs?: number;
  /** A longer `compileTimeoutMs` of a request is shortened to this, in milliseconds. Default 3,600,000. */
  maxCompileTimeoutMs?: number;
  /** A longer `runTimeoutMs`, `cellTimeoutMs` or `totalTimeoutMs` is shortened to this. Default 3,600,000. */
  maxRunTimeoutMs?: number;
  /** The largest answer to accept, in bytes. Default 33,554,432. */
  maxBodyBytes?: number;
  /** When a request is sent again. Default `default`. */
  retry?: RetryPolicyName;
  /** How many attempts are made at most, the first one included. Default: as the policy has it. */
  maxAttempts?: number;
  /** The longest wait before another attempt, `Retry-After` included, in milliseconds. Default: as the policy has it. */
  maxRetryWaitMs?: number;
  /**
   * How many requests may be under way at one endpoint, those of all clients in this process counted; the others wait
   * in their order. Default 64.
   */
  concurrency?: number;
  /**
   * How long an endpoint that failed is left alone while others are up, in milliseconds. Then it is asked with
   * `/v1/ping` whether it is back. One that is busy, and answers 429 or 503 with `Retry-After`, is left alone for as long
   * as it asks, and not asked. Default 5,000.
   */
  healthCheckMs?: number;
  /** Told of every attempt when it has ended. What it throws is dropped. */
  onAttempt?: (attempt: Attempt) => void;
  /** Told of every attempt that is to be followed by another one, before the wait. What it throws is dropped. */
  onRetry?: (retry: Retry) => void;
}

/** {@link SandboxClientOptions}, checked and with their defaults. */
export interface Settings {
  endpoints: readonly Endpoint[];
  headers: Record<string, string>;
  token: SandboxClientOptions['token'];
  fetch: typeof globalThis.fetch;
  requestTimeoutMs: number | undefined;
  maxCompileTimeoutMs: number;
  maxRunTimeoutMs: number;
  maxBodyBytes: number;
  retry: RetryPolicyName;
  maxAttempts: number | undefined;
  maxRetryWaitMs: number | undefined;
  concurrency: number;
  healthCheckMs: number;
  onAttempt: SandboxClientOptions['onAttempt'];
  onRetry: SandboxClientOptions['onRetry'];
}

/** @throws {RunError} with `invalid_options` for what cannot be used. */
export function readSettings(options: SandboxClientOptions): Settings {
  const { retry = 'default', token, fetch } = options;
  callCore('checkRetryPolicy', retry);
  if (fetch !== undefined && typeof fetch !== 'function') throw invalid('fetch: expected a function');
  const number = (name: keyof SandboxClientOptions, least: number, most: number) => {
    const value = options[name];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least) return Math.min(value, most);
    throw invalid(`${name}: expected a number from ${least}, found ${String(value)}`);
  };
  const urls = typeof options.url === 'string' ? [options.url] : options.url;
  const bases = urls.map((url) => callCore<string>('routeUrl', url, { route: 'run_code' }));
  return {
    endpoints: [...new Set(bases)].map((url) => new Endpoint(url)),
    headers: lowerNames(options.headers ?? {}),
    token,
    // Not bound: the global one is taken when it is called, and called on nothing.
    fetch: fetch ? (...rest) => fetch(...rest) : (...rest) => globalThis.fetch(...rest),
    requestTimeoutMs: number('requestTimeoutMs', 1, LARGEST),
    maxCompileTimeoutMs: number('maxCompileTimeoutMs', 1, LARGEST) ?? HOUR_MS,
    maxRunTimeoutMs: number('maxRunTimeoutMs', 1, LARGEST) ?? HOUR_MS,
    maxBodyBytes: number('maxBodyBytes', 1, LARGEST) ?? 32 << 20,
    retry,
    maxAttempts: number('maxAttempts', 1, LARGEST),
    maxRetryWaitMs: number('maxRetryWaitMs', 0, LARGEST),
    concurrency: number('concurrency', 1, Number.POSITIVE_INFINITY) ?? 64,
    healthCheckMs: number('healthCheckMs', 0, LARGEST) ?? 5_000,
    onAttempt: options.onAttempt,
    onRetry: options.onRetry,
  };
}

const HOUR_MS = 3_600_000;
/** What whole numbers of the core hold. */
const LARGEST = 2 ** 32 - 1;

function lowerNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function invalid(message: string): RunError {
  return new RunError('invalid_options', message);
}
