// A server that answers as SandboxFusion does. In: options. Out: something that answers requests, and listens if asked to.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { buildApp } from './app.js';
import { readOptions, type ServerOptions } from './options.js';
import { Runs } from './runs.js';

export type { AccessEntry, RunFacts } from './access.js';
export { formatAccess } from './access.js';
export type {
  PhaseAnswer,
  RunCodeAnswer,
  RunJupyterAnswer,
  ServedSandbox,
  ServerOptions,
} from './options.js';
export type { RunCodeFields, RunJupyterFields } from './requests.js';

/** How long clients have to read the last answers when a closing server is out of time. */
const LAST_ANSWERS_MS = 1000;

/** Where a server listens. */
export interface ListenOptions {
  /** Default `127.0.0.1`: this machine alone. */
  host?: string;
  /** Default 0: one that is free. */
  port?: number;
}

/** A server that speaks SandboxFusion's protocol. */
export interface SandboxServer {
  /** Answers one request, for servers that have their own listening. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Resolves when a worker is ready to run Python, so that the first request need not wait. */
  warmUp(): Promise<void>;
  /** Starts to listen; gives the URL. Rejects as Node does when the address cannot be had. */
  listen(options?: ListenOptions): Promise<string>;
  /**
   * Takes no more requests, waits for those under way, and closes the sandbox if it is the
   * server's own. When `signal` fires, programs that still run are stopped and their requests
   * answered with 503.
   */
  close(options?: { signal?: AbortSignal }): Promise<void>;
}

/**
 * Makes a server. Nothing is started or opened yet.
 *
 * # Errors
 *
 * `RunError` with the code `invalid_options`.
 *
 * # Examples
 *
 * ```ts
 * const server = createServer({ queue: 64 });
 * const url = await server.listen();
 * ```
 */
export function createServer(options: ServerOptions = {}): SandboxServer {
  const settings = readOptions(options);
  const runs = new Runs(settings);
  const app = buildApp(settings, runs);
  const fetch = async (request: Request): Promise<Response> => app.fetch(request);
  const node = createAdaptorServer({ fetch }) as Server;
  let closing: Promise<void> | undefined;

  const close = async (signal?: AbortSignal): Promise<void> => {
    const ended = new Promise((resolve) => {
      // Also called, with an error, when it never listened.
      node.close(resolve);
    });
    await runs.stop(signal);
    // From here on every answer closes its connection; what is left does not send or does not read.
    let timer: NodeJS.Timeout | undefined;
    const cut = (): void => {
      timer = setTimeout(() => node.closeAllConnections(), LAST_ANSWERS_MS);
    };
    if (signal?.aborted) cut();
    else signal?.addEventListener('abort', cut);
    await ended;
    clearTimeout(timer);
    signal?.removeEventListener('abort', cut);
  };

  return {
    fetch,
    async warmUp() {
      if (!settings.upstream) await (await runs.openSandbox()).warmUp?.();
    },
    async listen({ host = '127.0.0.1', port = 0 } = {}) {
      await new Promise<void>((resolve, reject) => {
        node.once('error', reject);
        node.listen(port, host, () => {
          node.off('error', reject);
          resolve();
        });
      });
      const { address, family, port: actual } = node.address() as AddressInfo;
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
    },
    close({ signal } = {}) {
      closing ??= close(signal);
      return closing;
    },
  };
}
