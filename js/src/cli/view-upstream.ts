// What the page of `fencerun view` asks of a SandboxFusion server goes through here, so that the page needs to reach no other origin
// and no token is in it. In: a request of the page. Out: the answer of the server, as JSON and nothing else.

import { passOn, UpstreamFailure } from '../server/upstream.js';

/** The server, and what it asks for. */
export interface Upstream {
  url: URL;
  token: string | undefined;
}

/** Where it is found, below the page. */
export const UPSTREAM_PREFIX = '/server/';
/** The largest body of a request, in bytes: 32 MiB, as `fencerun serve` has it. */
const MAX_BODY_BYTES = 32 << 20;

/** A status with a body of JSON. */
export interface UpstreamAnswer {
  status: number;
  body: ReadableStream<Uint8Array> | string | null;
  headers: Record<string, string>;
}

/**
 * Passes a request on, or says why not: only programs and pings pass, only from the page itself, and only with what the protocol
 * needs.
 */
export async function askUpstream(request: Request, { url, token }: Upstream): Promise<UpstreamAnswer> {
  const { pathname } = new URL(request.url);
  const route = pathname.slice(UPSTREAM_PREFIX.length);
  if (request.method === 'GET' && route === '') return refuse(200, { url: url.href });
  const isKnown =
    request.method === 'POST' ? route === 'run_code' : request.method === 'GET' && route === 'v1/ping';
  if (!isKnown) return refuse(404, { detail: 'Not Found' });
  // A page of another origin can send here, without reading the answer; its browser says where it is from.
  if (!isOwnPage(request)) return refuse(403, { detail: 'this origin is not allowed' });
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) {
    return refuse(413, { detail: `the body is larger than ${MAX_BODY_BYTES} bytes` });
  }
  const headers = new Headers({ accept: 'application/json' });
  if (request.method === 'POST') headers.set('content-type', 'application/json');
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const asked = new Request(new URL(`/${route}`, request.url), {
    method: request.method,
    headers,
    body: request.body,
    signal: request.signal,
    ...(request.body && { duplex: 'half' }),
  });
  try {
    const answer = await passOn(asked, {
      upstream: url,
      maxBodyBytes: MAX_BODY_BYTES,
      token: undefined,
      fetch,
    });
    const wait = answer.headers.get('retry-after');
    return {
      status: answer.status,
      body: answer.body,
      headers: wait === null ? {} : { 'retry-after': wait },
    };
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    return refuse(thrown.status, { detail: thrown.message });
  }
}

function isOwnPage({ headers, url }: Request): boolean {
  const origin = headers.get('origin');
  return origin === null || origin === new URL(url).origin;
}

function refuse(status: number, value: object): UpstreamAnswer {
  return { status, body: JSON.stringify(value), headers: {} };
}
