// The embedded sandbox: SandboxFusion's /run_code without a server. In: requests. Out: responses.
// Knows what a request means; where files come from and how a thread starts is the platform's.

import { decodeBase64, encodeBase64 } from './base64.js';
import { type CellReport, Cells } from './cells.js';
import { decodeOutput } from './decode.js';
import { Guests, type Snapshot } from './guests.js';
import type { Engine, Job, Outcome, Stream } from './job.js';
import {
  buildCell,
  buildJupyterError,
  type CheckedJupyterRequest,
  checkJupyterRequest,
  countBytes,
  describeDriver,
  type JupyterCell,
  type RunJupyterRequest,
  type RunJupyterResponse,
} from './jupyter-wire.js';
import type { Platform } from './platform.js';
import { Pool, type RunReport } from './pool.js';
import { Session } from './session.js';
import { type OutputListener, StreamText } from './stream-text.js';
import {
  buildSandboxError,
  type CheckedRequest,
  type CommandRunResult,
  checkFiles,
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
  /** Sessions at the same time, each with a worker of its own; 8. */
  maxSessions?: number;
  /** A session nobody calls for so long is closed; 600, Infinity for never. */
  sessionIdleSeconds?: number;
  /** The folder with the built files, in a browser counted from the page; by default next to this module. */
  assetsUrl?: string | URL;
}

export interface RunOptions {
  /** Stops the run; `runCode` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Hears what the program writes while it runs. */
  onOutput?: OutputListener;
}

export interface SessionOptions {
  /** Paths and base64, stored before the first cell; null entries are passed over. */
  files?: Record<string, string | null>;
  /** -1: the sandbox's own limit. */
  memory_limit_MB?: number;
}

const LANGUAGES: Record<string, Engine> = { python: 'python', nodejs: 'javascript' };
const MEBIBYTE = 1 << 20;
const DEFAULTS = {
  memoryLimitMb: 256,
  maxMemoryLimitMb: 1024,
  maxOutputBytes: MEBIBYTE,
  maxFileSystemBytes: 64 * MEBIBYTE,
  maxRunTimeoutSeconds: 3600,
  maxSessions: 8,
  sessionIdleSeconds: 600,
};
/** Timers take no more than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The original's driver runs a cell of its own before those of the request. */
const FIRST_JUPYTER_NUMBER = 2;

/** Programs that name these get the snapshot that has them imported already. */
const SCIENTIFIC = /\b(?:sympy|mpmath)\b/;

function chooseSnapshot(code: string): Snapshot {
  return SCIENTIFIC.test(code) ? 'python-sympy' : 'python';
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type Files = [path: string, content: Uint8Array<ArrayBuffer>][];

function decodeFiles(files: [path: string, base64: string][]): Files {
  return files.map(([path, base64]) => {
    try {
      return [path, decodeBase64(base64)];
    } catch (error) {
      throw new Error(`files[${JSON.stringify(path)}] is not base64: ${describeError(error)}`);
    }
  });
}

function encodeFiles(files: Files): Record<string, string> {
  return Object.fromEntries(files.map(([path, content]) => [path, encodeBase64(content)]));
}

export class EmbeddedSandbox {
  /** The values of `language` it runs. */
  readonly languages: readonly string[] = Object.keys(LANGUAGES);
  readonly #options: typeof DEFAULTS;
  readonly #guests: Guests;
  readonly #pool: Pool;
  /** Workers of sessions; they end with their session. */
  readonly #sessionPool: Pool;
  readonly #sessions = new Set<Session>();

  constructor(platform: Platform, options: SandboxOptions) {
    const { workers = platform.defaultWorkers, assetsUrl: _assetsUrl, ...limits } = options;
    this.#options = { ...DEFAULTS, ...limits };
    this.#guests = new Guests(platform);
    this.#pool = new Pool(platform, Math.max(1, Math.floor(workers)));
    this.#sessionPool = new Pool(platform, this.#options.maxSessions, { spare: false });
  }

  /** Runs a program and answers as SandboxFusion's /run_code does. */
  async runCode(request: RunCodeRequest, { signal, onOutput }: RunOptions = {}): Promise<RunCodeResponse> {
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
    const runTimeoutMs = this.#limitTimeoutMs(checked.runTimeoutSeconds);
    const text = onOutput && new StreamText(onOutput);
    const listen = text && ((stream: Stream, bytes: Uint8Array) => text.write(stream, bytes));
    const report = await this.#pool.run({ ...compiled, runTimeoutMs, onOutput: listen }, signal);
    text?.end();
    return this.#respond(report);
  }

  /** Runs cells in one interpreter and answers as SandboxFusion's /run_jupyter does. */
  async runJupyter(
    request: RunJupyterRequest,
    { signal, onOutput }: RunOptions = {},
  ): Promise<RunJupyterResponse> {
    const checked = checkJupyterRequest(request);
    signal?.throwIfAborted();
    let cells: Cells;
    try {
      cells = this.#buildCells(this.#pool, checked.memoryLimitMb, checked.files, FIRST_JUPYTER_NUMBER);
      await cells.open(signal);
    } catch (error) {
      if (signal?.aborted || this.#pool.closed) throw error;
      return buildJupyterError(describeError(error));
    }
    try {
      return await this.#runCells(cells, checked, { signal, onOutput });
    } finally {
      cells.close();
    }
  }

  /**
   * An interpreter that stays, for cells that come one after the other. It starts with its first cell.
   *
   * @throws RangeError when there are `maxSessions` already
   */
  createSession({ files = {}, memory_limit_MB = -1 }: SessionOptions = {}): Session {
    const { maxSessions, maxOutputBytes, sessionIdleSeconds } = this.#options;
    if (this.#sessionPool.closed) throw new Error('the sandbox is closed');
    if (this.#sessions.size >= maxSessions)
      throw new RangeError(`there are ${maxSessions} sessions already, which is the most at a time`);
    const session: Session = new Session({
      cells: this.#buildCells(this.#sessionPool, memory_limit_MB, checkFiles(files), 1),
      maxOutputBytes,
      limitTimeoutMs: (seconds) => this.#limitTimeoutMs(seconds),
      decodeFiles: (more) => decodeFiles(checkFiles(more)),
      idleMs: sessionIdleSeconds * 1000,
      onClose: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  /** Resolves when a worker is ready to run Python. */
  async warmUp(): Promise<void> {
    await this.#pool.warmUp(await this.#guests.load('python', this.#options.memoryLimitMb * MEBIBYTE));
  }

  /** Ends the workers; runs under way reject. Closing again does nothing. */
  async close(): Promise<void> {
    this.#close();
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }

  #close(): void {
    this.#pool.close();
    this.#sessionPool.close();
    for (const session of this.#sessions) void session.close();
  }

  #limitTimeoutMs(seconds: number): number {
    return Math.min(Math.max(0, Math.min(seconds, this.#options.maxRunTimeoutSeconds) * 1000), MAX_TIMER_MS);
  }

  #limitMemory(requestedMb: number): number {
    const { memoryLimitMb, maxMemoryLimitMb } = this.#options;
    return (requestedMb > 0 ? Math.min(requestedMb, maxMemoryLimitMb) : memoryLimitMb) * MEBIBYTE;
  }

  #buildCells(pool: Pool, memoryLimitMb: number, files: [string, string][], firstNumber: number): Cells {
    const loadGuest = () => this.#guests.load('python-sympy', this.#limitMemory(memoryLimitMb));
    const { maxFileSystemBytes } = this.#options;
    return new Cells(pool, loadGuest, { files: decodeFiles(files), maxFileSystemBytes, firstNumber });
  }

  async #runCells(
    cells: Cells,
    request: CheckedJupyterRequest,
    { signal, onOutput }: { signal: AbortSignal | undefined; onOutput: OutputListener | undefined },
  ): Promise<RunJupyterResponse> {
    const startMs = performance.now();
    const totalMs = this.#limitTimeoutMs(request.totalTimeoutSeconds);
    const cellMs = request.cellTimeoutSeconds > 0 ? request.cellTimeoutSeconds * 1000 : totalMs;
    const answered: JupyterCell[] = [];
    let left = this.#options.maxOutputBytes;
    let last: CellReport['end'] | undefined;
    for (const code of request.cells) {
      const text = onOutput && new StreamText(onOutput);
      const report = await cells.run(code, {
        timeoutMs: Math.min(cellMs, totalMs - (performance.now() - startMs)),
        maxOutputBytes: left,
        signal,
        onOutput: text && ((stream, bytes) => text.write(stream, bytes)),
      });
      text?.end();
      answered.push(buildCell(report, left));
      left -= Math.max(countBytes(report.output.stdout), countBytes(report.output.stderr));
      last = report.end;
      if (last.kind !== 'done' || last.outcome.death !== undefined) break;
    }
    if (last?.kind === 'failed') return buildJupyterError(`the sandbox worker stopped: ${last.reason}`);
    const driver: CommandRunResult = {
      status: last?.kind === 'timeout' ? 'TimeLimitExceeded' : 'Finished',
      execution_time: (performance.now() - startMs) / 1000,
      return_code: 0,
      stdout: describeDriver(request),
      stderr: '',
    };
    if (last?.kind === 'timeout') driver.return_code = null;
    else if (last?.outcome.death !== undefined) driver.return_code = 1;
    const files = driver.return_code === 0 ? await cells.fetchFiles(request.fetchFiles, signal) : [];
    return {
      status: driver.return_code === 0 ? 'Success' : 'Failed',
      message: '',
      driver,
      cells: answered,
      executor_pod_name: null,
      files: encodeFiles(files),
    };
  }

  #buildJob(request: CheckedRequest, engine: Engine): Omit<Job, 'id'> {
    const { maxOutputBytes, maxFileSystemBytes } = this.#options;
    return {
      engine,
      guestKey: undefined,
      code: request.code,
      stdin: new TextEncoder().encode(request.stdin) as Uint8Array<ArrayBuffer>,
      files: decodeFiles(request.files),
      fetchFiles: request.fetchFiles,
      memoryBytes: this.#limitMemory(request.memoryLimitMb),
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
      outcome.truncated?.includes(stream) ?? countBytes(output[stream]) >= maxOutputBytes;
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
      files: encodeFiles(outcome.files ?? []),
    };
  }
}
