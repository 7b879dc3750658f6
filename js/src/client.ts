import { fromCoreResult, toCoreRequest } from './convert.js';
import { core } from './core.js';
import { RunError, toRunError } from './error.js';
import { languages } from './select.js';
import type { RunRequest, RunResult, Sandbox, WaitOptions } from './types.js';

/** Options of {@link SandboxClient}. */
export interface SandboxClientOptions {
  /** The address of a SandboxFusion server, or of its `/run_code`. */
  url: string;
  /** Sent with every request, after `content-type` and `accept`. */
  headers?: Record<string, string>;
  /** Used in place of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** How long to wait for a whole answer, in milliseconds. Default: both time-outs and 10 s. */
  requestTimeoutMs?: number;
  /** The largest answer to accept, in bytes. Default 33,554,432. */
  maxBodyBytes?: number;
  /**
   * How many times to send at most, the first time included. Default 3. A request is sent again
   * only after 429, 502, 503, 504 and refused connections.
   */
  maxAttempts?: number;
}

/** A client of SandboxFusion's `POST /run_code`. Holds no connection: nothing needs closing. */
export class SandboxClient implements Sandbox {
  readonly languages: readonly string[] = languages();
  readonly #options: Omit<SandboxClientOptions, 'headers'> & { headers: [string, string][] };

  constructor(options: SandboxClientOptions) {
    if (typeof options?.url !== 'string') {
      throw new RunError('invalid_options', 'url: expected the address of a sandbox');
    }
    this.#options = { ...options, headers: Object.entries(options.headers ?? {}) };
  }

  /**
   * Runs one program.
   *
   * @throws {RunError} when there is no result; its `code` says why.
   * @throws `signal.reason` itself when the signal is aborted.
   */
  async runCode(request: RunRequest, { signal }: WaitOptions = {}): Promise<RunResult> {
    try {
      return fromCoreResult(await core().runCode(toCoreRequest(request), { ...this.#options, signal }));
    } catch (thrown) {
      throw toRunError(thrown);
    }
  }
}
