// The embedded sandbox: SandboxFusion's /run_code without a server. In: requests. Out: responses.
// Knows what a request means; where files come from and how a thread starts is the platform's.

import { decodeBase64, encodeBase64 } from './base64.js';
import { decodeOutput } from './decode.js';
import { Guests, type Snapshot } from './guests.js';
import type { Engine, Job, Outcome } from './job.js';
import type { Platform } from './platform.js';
import { Pool, type RunReport } from './pool.js';
import {
  buildSandboxError,
  type CheckedRequest,
  type CommandRunResult,
  checkRequest,
  type RunCodeRequest,
  type RunCodeResponse,
} from './wire.js';

export interface SandboxOptions {
  /** Programs that run at the same time; by default the number of cores, at most 2. */
  workers?: number;
  /** What a program gets when its request does not say; 256. */
  memoryLimitMb?: number;
  /** What a request can ask for at most; 1024. */
  maxMemoryLimitMb?: number;
  /** For each of stdout and stderr; 1 MiB. The rest is dropped and the result says so. */
  maxOutputBytes?: number;
  /** What a program can store; 64 MiB. */
  maxFileSystemBytes?: number;
  /** A longer `run_timeout` is shortened to this; 3600. */
  maxRunTimeoutSeconds?: number;
  /** The folder with the built files, in a browser counted from the page; by default next to this module. */
  assetsUrl?: string | URL;
}

export interface RunOptions {
  /** Stops the run; `runCode` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

const LANGUAGES: Record<string, Engine> = { python: 'python', nodejs: 'javascript' };
const MEBIBYTE = 1 << 20;
const DEFAULTS = {
  memoryLimitMb: 256,
  maxMemoryLimitMb: 1024,
  maxOutputBytes: MEBIBYTE,
  maxFileSystemBytes: 64 * MEBIBYTE,
  maxRunTimeoutSeconds: 3600,
};
/** Timers take no more than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Programs that name these get the snapshot that has them imported already. */
const SCIENTIFIC = /\b(?:sympy|mpmath)\b/;

function chooseSnapshot(code: string): Snapshot {
  return SCIENTIFIC.test(code) ? 'python-sympy' : 'python';
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export class EmbeddedSandbox {
  /** The values of `language` it runs. */
  readonly languages: readonly string[] = Object.keys(LANGUAGES);
  readonly #options: typeof DEFAULTS;
  readonly #guests: Guests;
  readonly #pool: Pool;

  constructor(platform: Platform, options: SandboxOptions) {
    const { workers = platform.defaultWorkers, assetsUrl: _assetsUrl, ...limits } = options;
    this.#options = { ...DEFAULTS, ...limits };
    this.#guests = new Guests(platform);
    this.#pool = new Pool(platform, Math.max(1, Math.floor(workers)));
  }

  /** Runs a program and answers as SandboxFusion's /run_code does. */
  async runCode(request: RunCodeRequest, { signal }: RunOptions = {}): Promise<RunCodeResponse> {
    const checked = checkRequest(request);
    signal?.throwIfAborted();
    const engine = Object.hasOwn(LANGUAGES, checked.language) ? LANGUAGES[checked.language] : undefined;
    if (!engine) {
      const known = this.languages.join(' and ');
      return buildSandboxError(`the embedded sandbox runs ${known}, not ${JSON.stringify(checked.language)}`);
    }
    let job: Omit<Job, 'id'>;
    try {
      job = this.#buildJob(checked, engine);
    } catch (error) {
      return buildSandboxError(describeError(error));
    }
    const compiled = await this.#loadEngine(job, checked.code);
    if (typeof compiled === 'string') return buildSandboxError(compiled);
    const seconds = Math.min(checked.runTimeoutSeconds, this.#options.maxRunTimeoutSeconds);
    const runTimeoutMs = Math.min(Math.max(0, seconds * 1000), MAX_TIMER_MS);
    return this.#respond(await this.#pool.run({ ...compiled, runTimeoutMs }, signal));
  }

  /** Resolves when a worker is ready to run Python. */
  async warmUp(): Promise<void> {
    await this.#pool.warmUp(await this.#guests.load('python', this.#options.memoryLimitMb * MEBIBYTE));
  }

  /** Ends the workers; runs under way reject. Closing again does nothing. */
  async close(): Promise<void> {
    this.#pool.close();
  }

  [Symbol.dispose](): void {
    this.#pool.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pool.close();
  }

  #buildJob(request: CheckedRequest, engine: Engine): Omit<Job, 'id'> {
    const { memoryLimitMb, maxMemoryLimitMb, maxOutputBytes, maxFileSystemBytes } = this.#options;
    const limitMb =
      request.memoryLimitMb > 0 ? Math.min(request.memoryLimitMb, maxMemoryLimitMb) : memoryLimitMb;
    return {
      engine,
      guestKey: undefined,
      code: request.code,
      stdin: new TextEncoder().encode(request.stdin) as Uint8Array<ArrayBuffer>,
      files: request.files.map(([path, base64]) => {
        try {
          return [path, decodeBase64(base64)];
        } catch (error) {
          throw new Error(`files[${JSON.stringify(path)}] is not base64: ${describeError(error)}`);
        }
      }),
      fetchFiles: request.fetchFiles,
      memoryBytes: limitMb * MEBIBYTE,
      maxOutputBytes,
      maxFileSystemBytes,
    };
  }

  /** What the worker needs to run the job, or why it cannot be had. */
  async #loadEngine(job: Omit<Job, 'id'>, code: string) {
    try {
      if (job.engine === 'javascript')
        return { job, guest: undefined, quickJs: await this.#guests.loadQuickJs() };
      const guest = await this.#guests.load(chooseSnapshot(code), job.memoryBytes);
      return { job: { ...job, guestKey: guest.key }, guest, quickJs: undefined };
    } catch (error) {
      return `the sandbox could not load its engine: ${describeError(error)}`;
    }
  }

  #respond({ end, output }: RunReport): RunCodeResponse {
    if (end.kind === 'failed') return buildSandboxError(`the sandbox worker stopped: ${end.reason}`);
    if (end.kind === 'done' && end.outcome.failure !== undefined)
      return buildSandboxError(end.outcome.failure);
    const outcome: Partial<Outcome> = end.kind === 'done' ? end.outcome : {};
    const { maxOutputBytes } = this.#options;
    const isTruncated = (stream: 'stdout' | 'stderr') =>
      outcome.truncated?.includes(stream) ??
      output[stream].reduce((length, piece) => length + piece.length, 0) >= maxOutputBytes;
    const runResult: CommandRunResult = {
      status: end.kind === 'done' ? 'Finished' : 'TimeLimitExceeded',
      execution_time: end.kind === 'done' ? end.outcome.seconds : end.seconds,
      return_code: outcome.returnCode ?? null,
      stdout: decodeOutput(output.stdout, { truncated: isTruncated('stdout') }),
      stderr: decodeOutput(output.stderr, { truncated: isTruncated('stderr') }),
      ...(isTruncated('stdout') && { stdout_truncated: true as const }),
      ...(isTruncated('stderr') && { stderr_truncated: true as const }),
    };
    return {
      status: runResult.return_code === 0 ? 'Success' : 'Failed',
      message: '',
      compile_result: null,
      run_result: runResult,
      executor_pod_name: null,
      files: Object.fromEntries(
        (outcome.files ?? []).map(([path, content]) => [path, encodeBase64(content)]),
      ),
    };
  }
}
