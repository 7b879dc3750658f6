/** A notebook that goes on: each cell finds what those before it have left. */

import { RunError } from './error.js';
import type {
  CellRun,
  JupyterRequest,
  Sandbox,
  Session,
  SessionCellOptions,
  SessionOptions,
} from './types.js';

/** How many cells a session that is sent again holds at most: all of them go to the sandbox with every new one. */
const MAX_CELLS = 1_000;

/** How long a cell may run when nothing else is said, in milliseconds: as long as verl's tool has it. */
const CELL_TIMEOUT_MS = 30_000;

/**
 * Opens a session at a sandbox: its own where it keeps interpreters, else one whose cells are all sent again with
 * every new one.
 *
 * @throws {RunError} with `invalid_options` when the sandbox runs no cells.
 */
export async function openSession(sandbox: Sandbox, options: SessionOptions = {}): Promise<Session> {
  const own = await sandbox.createSession?.(options);
  if (own) return own;
  const runJupyter = sandbox.runJupyter?.bind(sandbox);
  if (!runJupyter) throw new RunError('invalid_options', 'the sandbox runs no cells, so it has no sessions');
  return new RepeatedSession(runJupyter, options);
}

/** A session at a sandbox that forgets: the earlier cells run again before each new one, and only its output counts. */
class RepeatedSession implements Session {
  readonly #run: NonNullable<Sandbox['runJupyter']>;
  readonly #options: SessionOptions;
  #cells: string[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(run: NonNullable<Sandbox['runJupyter']>, options: SessionOptions) {
    this.#run = run;
    this.#options = options;
  }

  runCell(code: string, options: SessionCellOptions = {}): Promise<CellRun> {
    const turn = this.#last.then(() => this.#runNext(code, options));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cells = [];
  }

  async #runNext(
    code: string,
    { signal, timeoutMs = CELL_TIMEOUT_MS }: SessionCellOptions,
  ): Promise<CellRun> {
    if (this.#isClosed) throw new RunError('invalid_options', 'the session is closed');
    if (this.#cells.length >= MAX_CELLS) {
      throw new RunError('invalid_options', `the session has ${MAX_CELLS} cells, which is the most`);
    }
    const cells = [...this.#cells, code];
    // The earlier cells take their time again.
    const totalTimeoutMs = timeoutMs * cells.length;
    const request: JupyterRequest = { ...this.#options, cells, cellTimeoutMs: timeoutMs, totalTimeoutMs };
    const { cells: results, driver, message } = await this.#run(request, { signal });
    const result = results[cells.length - 1];
    const executionTimeMs = driver?.executionTimeMs ?? null;
    const isStopped = driver !== null && driver.status !== 'finished';
    if (!result || isStopped) {
      // What a stopped cell did is lost, and it is not sent again. Some servers tell what it wrote.
      const lost = { stdout: '', stderr: message, displays: [], errors: [] };
      const status = driver?.status === 'time_limit_exceeded' ? driver.status : 'error';
      return { ...(result ?? lost), status, executionTimeMs };
    }
    this.#cells = cells;
    return { ...result, status: 'finished', executionTimeMs };
  }
}
