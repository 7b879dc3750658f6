/** A request to a route, sent until there is an answer, or a reason to stop. */

import { callCore } from '../call.js';
import { fromCoreError, type Outcome, type PlainRunError, RunError } from '../error.js';
import { unwatch, watch } from './abort.js';
import { chooseEndpoint, type Endpoint } from './endpoint.js';
import { describeThrown, type Ending, exchange, LONGEST_TIMER_MS } from './exchange.js';
import { Limiter } from './limiter.js';
import type { Attempt, Settings } from './options.js';
import { readAnswer, readRunAnswer } from './read-run.js';
import { askForToken } from './token.js';

/** What is asked for. */
export interface Question {
  route: string;
  /** The JSON body; `undefined` to ask by `GET`. */
  body: string | undefined;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** What one attempt came to. */
interface Attempted extends Omit<Attempt, 'error'> {
  /** What the answer holds, if there is one. */
  value: unknown;
  error: RunError | undefined;
  aborted: { reason: unknown } | undefined;
  /** Whether it came to a request at all; it does not without the token. */
  isAsked: boolean;
  isUnsent: boolean;
  retryAfter: string | null;
}

/** What follows a failed attempt. */
interface Plan {
  outcome: Outcome;
  waitMs: number | null;
}

/** How certain an outcome is that the program ran. */
const CERTAINTY: Record<Outcome, number> = { never_ran: 0, may_have_run: 1, ran: 2 };

/**
 * Sends a request and reads the answer; sends it again where the retry policy says so. A program that may have run
 * is never sent to another endpoint.
 *
 * @throws {RunError} when there is no result.
 * @throws `signal.reason` itself when the signal is aborted.
 */
export async function send(settings: Settings, question: Question): Promise<unknown> {
  const { signal } = question;
  const tried = new Set<Endpoint>();
  let endpoint = choose(settings, tried);
  let worst: Outcome = 'never_ran';
  // Attempts as the policy counts them: to go on at an endpoint that was not tried costs none.
  let counted = 1;
  for (let attempt = 1; ; attempt++) {
    const attempted = await attemptAt(endpoint, settings, question, attempt);
    tried.add(endpoint);
    const { error, aborted } = attempted;
    if (!error && !aborted) {
      endpoint.markUp();
      tell(settings.onAttempt, describe(attempted));
      return attempted.value;
    }
    const plan = planAfter(attempted, settings, counted);
    attempted.outcome = plan.outcome;
    if (error) attempted.error = finish(error, attempt, plan.outcome);
    tell(settings.onAttempt, describe(attempted));
    if (aborted) throw aborted.reason;
    if (CERTAINTY[plan.outcome] > CERTAINTY[worst]) worst = plan.outcome;
    if (isBusy(attempted)) endpoint.markBusy(Date.now(), plan.waitMs ?? settings.healthCheckMs);
    else if (isDown(attempted)) endpoint.markDown(Date.now(), settings.healthCheckMs);
    if (plan.waitMs === null) throw finish(attempted.error, attempt, worst);

    const before = endpoint;
    if (worst === 'never_ran') endpoint = choose(settings, tried);
    const isFresh = endpoint.isUp && !tried.has(endpoint);
    if (!isFresh) counted += 1;
    const waitMs = isFresh && endpoint !== before ? 0 : plan.waitMs;
    tell(settings.onRetry, { ...describe(attempted), waitMs, nextUrl: urlAt(endpoint, question.route) });
    await sleep(waitMs, signal);
  }
}

/** Asks an endpoint whether it is there, past the limit and without a second attempt. */
export async function ask(endpoint: Endpoint, settings: Settings): Promise<RunError | undefined> {
  const question = { route: 'v1/ping', body: undefined, timeoutMs: CHECK_MS, signal: undefined };
  const { error } = await sendOnce(endpoint, settings, question, 1);
  return error;
}

/** How long a health check may take, in milliseconds. */
const CHECK_MS = 5_000;

function choose(settings: Settings, tried: ReadonlySet<Endpoint>): Endpoint {
  const { endpoints, healthCheckMs } = settings;
  if (endpoints.length > 1) {
    const now = Date.now();
    const isThere = async (endpoint: Endpoint) => (await ask(endpoint, settings)) === undefined;
    for (const endpoint of endpoints) endpoint.checkIfDue(now, healthCheckMs, isThere);
  }
  return chooseEndpoint(endpoints, tried);
}

async function attemptAt(
  endpoint: Endpoint,
  settings: Settings,
  question: Question,
  attempt: number,
): Promise<Attempted> {
  const { signal } = question;
  signal?.throwIfAborted();
  const limiter = Limiter.of(endpoint.url);
  const turn = limiter.enter(settings.concurrency, signal);
  if (turn) await turn;
  try {
    return await sendOnce(endpoint, settings, question, attempt);
  } finally {
    limiter.leave();
  }
}

async function sendOnce(
  endpoint: Endpoint,
  settings: Settings,
  { route, body, timeoutMs, signal }: Question,
  attempt: number,
): Promise<Attempted> {
  const url = urlAt(endpoint, route);
  const { fetch, maxBodyBytes } = settings;
  const attempted: Attempted = {
    route,
    url,
    attempt,
    outcome: 'ran',
    status: undefined,
    durationMs: 0,
    error: undefined,
    value: undefined,
    aborted: undefined,
    isAsked: false,
    isUnsent: false,
    retryAfter: null,
  };
  let { token } = settings;
  let leftMs = timeoutMs;
  if (typeof token === 'function') {
    const start = performance.now();
    try {
      token = await askForToken(token, timeoutMs, signal);
    } catch (thrown) {
      if (signal?.aborted) attempted.aborted = { reason: signal.reason };
      else attempted.error = thrown as RunError;
      return attempted;
    }
    leftMs -= performance.now() - start;
  }
  attempted.isAsked = true;
  const init = buildInit(settings.headers, body, token);
  const start = performance.now();
  const ending = await exchange({ url, init, fetch, timeoutMs: leftMs, maxBodyBytes, signal });
  attempted.durationMs = performance.now() - start;
  read(ending, attempted, timeoutMs, maxBodyBytes);
  return attempted;
}

/** The address of a route at an endpoint, whose own is that of `run_code`. */
function urlAt(endpoint: Endpoint, route: string): string {
  return route === 'run_code' ? endpoint.url : callCore('routeUrl', endpoint.url, { route });
}

function buildInit(
  further: Record<string, string>,
  body: string | undefined,
  token: string | undefined,
): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  Object.assign(headers, further);
  const init: RequestInit = { method: body === undefined ? 'GET' : 'POST', headers, redirect: 'manual' };
  if (body !== undefined) init.body = body;
  return init;
}

/** Fills in what an exchange came to. */
function read(ending: Ending, attempted: Attempted, timeoutMs: number, maxBodyBytes: number): void {
  if ('aborted' in ending) {
    attempted.aborted = { reason: ending.aborted };
    return;
  }
  if ('answer' in ending) {
    const { status, retryAfter, body } = ending.answer;
    attempted.status = status;
    attempted.retryAfter = retryAfter;
    try {
      attempted.value =
        attempted.route === 'run_code'
          ? readRunAnswer(status, body)
          : readAnswer(attempted.route, status, body);
    } catch (thrown) {
      if (!(thrown instanceof RunError)) throw thrown;
      attempted.error = thrown;
    }
    return;
  }
  const { code, status, isUnsent, cause } = ending.fault;
  attempted.status = status;
  attempted.isUnsent = isUnsent;
  const bound = code === 'timeout' ? timeoutMs : maxBodyBytes;
  const error = callCore<PlainRunError>('describeFailure', describeThrown(cause), { code, bound });
  attempted.error = fromCoreError(error, cause);
}

function planAfter(attempted: Attempted, settings: Settings, counted: number): Plan {
  const { route, status, isAsked, isUnsent, retryAfter, error } = attempted;
  return callCore('planRetry', '', {
    route,
    policy: settings.retry,
    maxAttempts: settings.maxAttempts,
    maxWaitMs: settings.maxRetryWaitMs,
    attempt: counted,
    // Without a token nothing was asked, and nothing is asked again. An aborted attempt is one whose answer never came.
    code: isAsked ? (error?.code ?? 'timeout') : 'invalid_options',
    status,
    isUnsent,
    retryAfter,
    now: Date.now(),
    random: Math.random(),
  });
}

/**
 * Whether a server turned a request away and said when to come again, as one with a full queue does: it is there (RFC 9110
 * section 15.6.4, RFC 6585 section 4).
 */
function isBusy({ status, retryAfter }: Attempted): boolean {
  return retryAfter !== null && (status === 503 || status === 429);
}

/** Whether a failure says that an endpoint is not there, rather than that it is busy or refuses. */
function isDown({ isUnsent, error, status }: Attempted): boolean {
  return isUnsent || (error?.code === 'http' && (status === 502 || status === 503 || status === 504));
}

function describe(attempted: Attempted): Attempt {
  const { route, url, attempt, outcome, status, durationMs, error, aborted } = attempted;
  return { route, url, attempt, outcome, status, durationMs, error: aborted ? aborted.reason : error };
}

function finish(error: RunError | undefined, attempts: number, outcome: Outcome): RunError {
  const { code = 'network', message = '', status, cause } = error ?? {};
  return new RunError(code, message, { attempts, outcome, status, cause });
}

/** A hook watches; it cannot lose a run. */
function tell<T>(hook: ((event: T) => void) | undefined, event: T): void {
  try {
    hook?.(event);
  } catch {}
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      unwatch(signal, end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, Math.min(ms, LONGEST_TIMER_MS));
    if (signal?.aborted) end();
    else watch(signal, end);
  });
}
