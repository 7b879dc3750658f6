// Passes requests on to another server. In: a request. Out: its answer. Bodies stream both ways; nothing is kept.

import { proxy } from 'hono/proxy';
import type { Settings } from './options.js';

/** The server that requests go to, and what is bounded and hidden on the way. */
export type UpstreamSettings = Pick<Settings, 'maxBodyBytes' | 'token' | 'fetch'> & { upstream: URL };

/** What to answer in place of the upstream server. */
export class UpstreamFailure extends Error {
  readonly status: 413 | 502;

  constructor(status: 413 | 502, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/**
 * The answer of the upstream server to a request.
 *
 * # Errors
 *
 * {@link UpstreamFailure} when it cannot be reached, or when the body is longer than the bound; another
 * error when the request's signal fires.
 */
export async function passOn(
  request: Request,
  { upstream, maxBodyBytes, token, fetch }: UpstreamSettings,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const target = new URL(upstream);
  target.pathname = `${upstream.pathname.replace(/\/$/, '')}${pathname}`;
  target.search = search;
  const headers = new Headers(request.headers);
  // What the browser's page and our own token are is no concern of the other server.
  for (const name of ['host', 'origin', 'referer', 'cookie']) headers.delete(name);
  if (token !== undefined) headers.delete('authorization');
  const bound = new ByteBound(maxBodyBytes);
  try {
    const response = await proxy(target, {
      method: request.method,
      headers,
      body: request.body?.pipeThrough(bound.stream) ?? null,
      redirect: 'manual',
      signal: request.signal,
      customFetch: fetch,
      ...(request.body && { duplex: 'half' }),
    });
    for (const name of [...response.headers.keys()]) {
      if (name.startsWith('access-control-')) response.headers.delete(name);
    }
    return response;
  } catch (cause) {
    // What the signal has as its reason need not be an error.
    if (request.signal.aborted) throw new Error('the client went away', { cause });
    if (bound.isExceeded) throw new UpstreamFailure(413, describeBound(maxBodyBytes));
    throw new UpstreamFailure(502, `the upstream server cannot be reached: ${describe(cause)}`, cause);
  }
}

/** Says that a body is too long. */
export function describeBound(maxBodyBytes: number): string {
  return `the body is larger than ${maxBodyBytes} bytes`;
}

/** A stream that fails when more than so many bytes have gone through. */
class ByteBound {
  isExceeded = false;
  readonly stream: TransformStream<Uint8Array, Uint8Array>;

  constructor(maxBytes: number) {
    let bytes = 0;
    this.stream = new TransformStream({
      transform: (chunk, controller) => {
        bytes += chunk.length;
        if (bytes <= maxBytes) {
          controller.enqueue(chunk);
        } else {
          this.isExceeded = true;
          controller.error(new Error(describeBound(maxBytes)));
        }
      },
    });
  }
}

/** The innermost reason of a failed fetch; the outer one only says that it failed. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? describe(thrown.cause) : thrown.message;
}
