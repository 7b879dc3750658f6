// An interpreter that stays between calls. In: cells, files. Out: what each cell came to.
// Calls wait for one another. What cells left is lost when one is stopped or ends the process: the next begins anew.

import { encodeBase64 } from './base64.js';
import type { CellReport, Cells } from './cells.js';
import { buildCell, type JupyterCell } from './jupyter-wire.js';
import { type OutputListener, StreamText } from './stream-text.js';

export interface RunCellOptions {
  /** Stops the cell; `runCell` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Counted from the start of the cell; the sandbox's `maxRunTimeoutSeconds`. */
  timeoutSeconds?: number;
  /** Hears what the cell writes while it runs. */
  onOutput?: OutputListener;
}

/** What a cell came to. */
export interface CellResult extends JupyterCell {
  /** After anything but `Finished` the next cell has a new interpreter, with the files the session began with. */
  status: 'Finished' | 'TimeLimitExceeded' | 'Died';
  /** Seconds. */
  execution_time: number;
}

/** What a session takes from its sandbox. */
export interface SessionContext {
  cells: Cells;
  maxOutputBytes: number;
  limitTimeoutMs(seconds: number): number;
  decodeFiles(files: Record<string, string | null>): [string, Uint8Array<ArrayBuffer>][];
  /** Called once, when the session is over. */
  onClose(): void;
  /** Milliseconds without a call after which the session is over; Infinity for never. */
  idleMs: number;
}

/** Timers take no more than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class Session {
  readonly #context: SessionContext;
  #last: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #closed: string | undefined;

  constructor(context: SessionContext) {
    this.#context = context;
    this.#startIdleTimer();
  }

  /** Whether the session is over: closed, idle for too long, or closed with its sandbox. */
  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Runs a cell after those before it. A cell that fails is a result; rejects on abort and after `close`. */
  runCell(code: string, { signal, timeoutSeconds, onOutput }: RunCellOptions = {}): Promise<CellResult> {
    if (typeof code !== 'string') return Promise.reject(new TypeError('code must be a string'));
    const { cells, maxOutputBytes, limitTimeoutMs } = this.#context;
    return this.#enqueue(signal, async () => {
      const text = onOutput && new StreamText(onOutput);
      const report = await cells.run(code, {
        timeoutMs: limitTimeoutMs(timeoutSeconds ?? Number.POSITIVE_INFINITY),
        maxOutputBytes,
        signal,
        onOutput: text && ((stream, bytes) => text.write(stream, bytes)),
      });
      text?.end();
      return { ...buildCell(report, maxOutputBytes), ...describeReport(report) };
    });
  }

  /** Stores files, paths and base64, where cells find them; null entries are passed over. */
  writeFiles(files: Record<string, string | null>): Promise<void> {
    return this.#enqueue(undefined, async () =>
      this.#context.cells.putFiles(this.#context.decodeFiles(files)),
    );
  }

  /** The files among `paths` that exist, as base64. */
  readFiles(paths: string[]): Promise<Record<string, string>> {
    return this.#enqueue(undefined, async () => {
      const files = await this.#context.cells.fetchFiles(paths);
      return Object.fromEntries(files.map(([path, content]) => [path, encodeBase64(content)]));
    });
  }

  /** Ends the interpreter; a cell under way and those that wait reject. Closing again does nothing. */
  async close(): Promise<void> {
    this.#close('the session is closed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    clearTimeout(this.#idleTimer);
    this.#context.cells.close(new Error(reason));
    this.#context.onClose();
  }

  #enqueue<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idleTimer);
    this.#calls++;
    const turn = this.#last.then(() => {
      signal?.throwIfAborted();
      if (this.#closed !== undefined) throw new Error(this.#closed);
      return act();
    });
    this.#last = turn
      .catch(() => {})
      .finally(() => {
        this.#calls--;
        if (this.#calls === 0 && this.#closed === undefined) this.#startIdleTimer();
      });
    return turn;
  }

  #startIdleTimer(): void {
    const { idleMs } = this.#context;
    if (idleMs > MAX_TIMER_MS) return;
    this.#idleTimer = setTimeout(
      () => this.#close(`the session is closed: nothing ran for ${idleMs / 1000} s`),
      idleMs,
    );
    // In Node a timer must not keep the process alive; a browser's is a number.
    if (typeof this.#idleTimer === 'object') this.#idleTimer.unref();
  }
}

function describeReport({ end }: CellReport): Pick<CellResult, 'status' | 'execution_time'> {
  if (end.kind === 'timeout') return { status: 'TimeLimitExceeded', execution_time: end.seconds };
  if (end.kind === 'failed') return { status: 'Died', execution_time: 0 };
  const { death, seconds } = end.outcome;
  return { status: death === undefined ? 'Finished' : 'Died', execution_time: seconds };
}
