/** One request and its answer: no retries, no meaning. */

import { joinBytes } from '../bytes.js';
import { unwatch, watch } from './abort.js';

/** What a server answered. */
export interface Answer {
  /** The HTTP status; 0 for a redirect that a browser hides. */
  status: number;
  retryAfter: string | null;
  /** The body; of an answer that is not 2xx no more than its beginning. */
  body: Uint8Array;
}

/** Why there is no whole answer. */
export interface Fault {
  code: 'network' | 'timeout' | 'too_large';
  /** The HTTP status, if the head of the answer came. */
  status: number | undefined;
  /** Whether it is certain that nothing was sent. */
  isUnsent: boolean;
  /** What `fetch` threw. */
  cause: unknown;
}

/** What to send, and how long and how much to take. */
export interface Exchange {
  url: string;
  init: RequestInit;
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
  maxBodyBytes: number;
  signal: AbortSignal | undefined;
}

/** What became of an exchange: an answer, a fault, or the reason of the caller's abort. */
export type Ending = { answer: Answer } | { fault: Fault } | { aborted: unknown };

/** The longest time that timers take, in milliseconds: a larger one would fire at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** How much is kept of the body of a refusal, in bytes: enough for what an error quotes. */
const REFUSAL_BYTES = 1 << 16;

const encoder = new TextEncoder();

/** Sends a request and reads the answer. Leaves no timer and no listener behind, and never rejects. */
export function exchange(order: Exchange): Promise<Ending> {
  const { signal } = order;
  if (signal?.aborted) return Promise.resolve({ aborted: signal.reason });
  return new Promise((resolve) => {
    const controller = new AbortController();
    const reading = new Reading(order);
    const end = (ending: Ending) => {
      clearTimeout(timer);
      unwatch(signal, onAbort);
      resolve(ending);
    };
    const stop = (ending: Ending) => {
      end(ending);
      reading.stop();
      controller.abort();
    };
    const onAbort = () => stop({ aborted: signal?.reason });
    const timer = setTimeout(
      () => stop(reading.giveUp('timeout', undefined)),
      Math.min(order.timeoutMs, LONGEST_TIMER_MS),
    );
    watch(signal, onAbort);
    reading.read(controller.signal).then(end, (thrown) => end(reading.giveUp('network', thrown)));
  });
}

/** An answer as far as it has come. */
class Reading {
  readonly #order: Exchange;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #head: Response | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #isStopped = false;

  constructor(order: Exchange) {
    this.#order = order;
  }

  async read(signal: AbortSignal): Promise<Ending> {
    const { url, init, fetch } = this.#order;
    const head = await fetch(url, { ...init, signal });
    this.#head = head;
    if (isRedirect(head)) {
      cancel(head.body);
      return this.#answer(encoder.encode(JSON.stringify({ detail: describeRedirect(head) })));
    }
    if (head.body) return this.#readBody(head.body);
    // A `fetch` without streams gives no `body`; one with them gives `null` for none.
    if (head.body === null) return this.#answer(this.#join());
    const whole = new Uint8Array(await head.arrayBuffer());
    if (whole.length > this.#limit()) return this.giveUp('too_large', undefined);
    return this.#answer(whole);
  }

  #limit(): number {
    return this.#isRefusal() ? REFUSAL_BYTES : this.#order.maxBodyBytes;
  }

  async #readBody(body: ReadableStream<Uint8Array>): Promise<Ending> {
    const reader = body.getReader();
    this.#reader = reader;
    const limit = this.#limit();
    for (;;) {
      if (this.#isStopped) this.stop();
      const { done, value } = await reader.read();
      if (done) return this.#answer(this.#join());
      if (this.#length + value.length > limit) {
        this.stop();
        return this.giveUp('too_large', undefined);
      }
      this.#length += value.length;
      this.#pieces.push(value);
    }
  }

  /** Takes no more. */
  stop(): void {
    this.#isStopped = true;
    // Whether the stream takes note is its own affair.
    this.#reader?.cancel().catch(() => {});
  }

  /** Ends before the end. A refusal counts as one, whatever becomes of its body. */
  giveUp(code: Fault['code'], cause: unknown): Ending {
    if (this.#isRefusal()) return this.#answer(this.#join());
    const isUnsent = code === 'network' && !this.#head && saysUnsent(cause);
    return { fault: { code, status: this.#head?.status, isUnsent, cause } };
  }

  #isRefusal(): boolean {
    return this.#head !== undefined && !this.#head.ok;
  }

  #answer(body: Uint8Array): Ending {
    const { status = 0, headers } = this.#head ?? {};
    return { answer: { status, retryAfter: headers?.get('retry-after') ?? null, body } };
  }

  #join(): Uint8Array {
    const [only] = this.#pieces;
    return only && this.#pieces.length === 1 ? only : joinBytes(this.#pieces);
  }
}

function cancel(body: ReadableStream<Uint8Array> | null): void {
  body?.cancel().catch(() => {});
}

/** Redirects are not followed: a program goes to the addresses that were given, and nowhere else. */
function isRedirect(head: Response): boolean {
  return head.type === 'opaqueredirect' || (head.status >= 300 && head.status < 400);
}

function describeRedirect(head: Response): string {
  const place = head.headers.get('location');
  return place === null ? 'it redirects elsewhere' : `it redirects to ${place}`;
}

/** Codes that say that no connection was made, of Node, undici and Bun. */
const UNSENT = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
  'FailedToOpenSocket',
]);

/**
 * Whether what `fetch` threw says that no connection was made, in itself, in its `cause`, or in the first of several
 * that Node tried. Browsers never say so.
 */
function saysUnsent(thrown: unknown): boolean {
  const cause = memberOf(thrown, 'cause');
  const tried = memberOf(cause, 'errors');
  const first = Array.isArray(tried) ? tried[0] : undefined;
  return [thrown, cause, first].some((one) => {
    const syscall = memberOf(one, 'syscall');
    return UNSENT.has(memberOf(one, 'code')) || syscall === 'connect' || syscall === 'getaddrinfo';
  });
}

/** What a thrown value says about itself, its cause first: Node hides the reason there. */
export function describeThrown(thrown: unknown): string {
  const cause = memberOf(thrown, 'cause');
  const texts = [memberOf(cause, 'message'), memberOf(cause, 'code'), memberOf(thrown, 'message'), thrown];
  return texts.find((text) => typeof text === 'string' && text !== '')?.toString() ?? 'no reason was given';
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
