import { callCore } from './call.js';
import { readUsual } from './client/read-run.js';
import { fromCoreResult, toCoreRequest } from './convert.js';
import { RunError } from './error.js';
import type {
  CellRun,
  JupyterRequest,
  JupyterResult,
  RunOptions,
  RunRequest,
  RunResult,
  Sandbox,
  Session,
  SessionOptions,
  WaitOptions,
} from './types.js';

/** Hears what a program writes while it runs. */
type OutputListener = NonNullable<RunOptions['onOutput']>;

/** The languages of the embedded sandbox: CPython and QuickJS. */
const LANGUAGES = ['python', 'nodejs'] as const;

/** How long a cell may run when nothing else is said, in milliseconds. */
const CELL_TIMEOUT_MS = 30_000;

interface EngineSession {
  runCell(code: string, options: { signal?: AbortSignal; timeoutSeconds: number }): Promise<EngineCell>;
  close(): Promise<void>;
}

interface EngineCell {
  status: string;
  execution_time: number;
  stdout: string;
  stderr: string;
  display: Record<string, unknown>[];
  error: { ename: string; evalue: string; traceback: string[] }[];
}

/**
 * What `createSandbox()` of `fencerun-sandbox` gives, as far as it is needed here: that package may be absent, and its
 * types with it.
 */
export interface SandboxEngine {
  /** Runs a program and answers as SandboxFusion's `/run_code` does. */
  runCode(request: object, options?: { signal?: AbortSignal; onOutput?: OutputListener }): Promise<object>;
  /** Runs cells and answers as SandboxFusion's `/run_jupyter` does. */
  runJupyter?(request: object, options?: { signal?: AbortSignal }): Promise<object>;
  /** Opens an interpreter that stays between cells; `files` are in base64. */
  createSession?(options?: { files?: Record<string, string>; memory_limit_MB?: number }): EngineSession;
  /** Ends its workers. */
  close(): Promise<void>;
}

/**
 * The embedded sandbox as a {@link Sandbox}: a request takes the same way as one to a server, but
 * for the last step, where its body goes to the package `fencerun-sandbox` instead of a network.
 */
export class EmbeddedClient implements Sandbox {
  readonly languages: readonly string[] = LANGUAGES;
  readonly #load: () => Promise<SandboxEngine>;
  #engine: Promise<SandboxEngine> | undefined;

  /**
   * @param engine what `createSandbox()` of `fencerun-sandbox` gives, or a function that gives
   *   it when it is first needed. Default: the installed package with its defaults.
   */
  constructor(engine: SandboxEngine | (() => SandboxEngine | Promise<SandboxEngine>) = loadEngine) {
    this.#load = async () => (typeof engine === 'function' ? engine() : engine);
  }

  /** Runs one program. See {@link Sandbox.runCode}. */
  async runCode(request: RunRequest, { signal, onOutput }: RunOptions = {}): Promise<RunResult> {
    signal?.throwIfAborted();
    const body = buildBody('run_code', toCoreRequest(request));
    const engine = await this.#open();
    const answer = await engine.runCode(JSON.parse(body), {
      ...(signal && { signal }),
      ...(onOutput && { onOutput }),
    });
    return readUsual(answer) ?? readAnswer<RunResult>('run_code', answer);
  }

  /**
   * Runs the cells of one notebook. See {@link Sandbox.runJupyter}.
   *
   * @throws {RunError} with `invalid_options` when the engine is one that runs no cells.
   */
  async runJupyter(request: JupyterRequest, { signal }: WaitOptions = {}): Promise<JupyterResult> {
    signal?.throwIfAborted();
    const body = buildBody('run_jupyter', toCoreRequest(request));
    const engine = await this.#open();
    if (!engine.runJupyter) {
      throw new RunError('invalid_options', 'this version of the embedded sandbox runs no cells');
    }
    const answer = await engine.runJupyter(JSON.parse(body), signal ? { signal } : {});
    return readAnswer<JupyterResult>('run_jupyter', answer);
  }

  /** Opens a session of the engine's own; `undefined` when the engine is one that has none. */
  async createSession(options: SessionOptions = {}): Promise<Session | undefined> {
    const engine = await this.#open();
    const { files } = toCoreRequest(options);
    const memory = options.memoryLimitMb === undefined ? {} : { memory_limit_MB: options.memoryLimitMb };
    const session = openSession(engine, { ...(files && { files }), ...memory });
    if (!session) return undefined;
    return {
      runCell: async (code, { signal, timeoutMs = CELL_TIMEOUT_MS } = {}) => {
        const timeoutSeconds = timeoutMs / 1000;
        const cell = await session.runCell(code, { timeoutSeconds, ...(signal && { signal }) });
        return readCell(cell);
      },
      close: () => session.close(),
    };
  }

  #open(): Promise<SandboxEngine> {
    this.#engine ??= this.#load();
    return this.#engine;
  }

  /** Stops its workers. A later run starts them again, if the engine is not the caller's own. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    // One that could not be loaded has been told to whoever asked for it, and holds nothing.
    await (await engine?.catch(() => undefined))?.close();
  }
}

/** Where there is no room for another session, the reason is one for the caller's model, as those of runs are. */
function openSession(
  engine: SandboxEngine,
  options: Parameters<NonNullable<SandboxEngine['createSession']>>[0],
): EngineSession | undefined {
  try {
    return engine.createSession?.(options);
  } catch (cause) {
    throw new RunError('sandbox', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function readCell({ status, execution_time, stdout, stderr, display, error }: EngineCell): CellRun {
  const words: Record<string, CellRun['status']> = {
    Finished: 'finished',
    TimeLimitExceeded: 'time_limit_exceeded',
  };
  return {
    stdout,
    stderr,
    displays: display,
    errors: error.map(({ ename, evalue, traceback }) => ({ name: ename, message: evalue, traceback })),
    status: words[status] ?? 'error',
    executionTimeMs: execution_time * 1000,
  };
}

function buildBody(route: string, request: object): string {
  return callCore('buildBody', '', { route, request });
}

function readAnswer<T extends { files: Record<string, Uint8Array> }>(route: string, answer: unknown): T {
  return fromCoreResult<T>(callCore('readAnswer', JSON.stringify(answer), { route, status: 200 }));
}

async function loadEngine(): Promise<SandboxEngine> {
  try {
    // Left as it is by bundlers for servers: the sandbox finds its files beside its own.
    return (
      await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ 'fencerun-sandbox')
    ).createSandbox();
  } catch (cause) {
    const advice = 'install the package `fencerun-sandbox` beside `fencerun`, or give a `url`';
    throw new RunError('invalid_options', `the embedded sandbox could not be loaded: ${advice}`, { cause });
  }
}
