// One interpreter as its caller sees it. In: cells and files, one after the other. Out: what became of each cell.
// Borrows a worker when it is first needed. A cell that must be stopped takes the interpreter with it; what comes after
// it begins with a new one.

import type {
  CellOutcome,
  CellSetup,
  FromInterpreter,
  Guest,
  InterpreterAnswer,
  Stream,
  ToInterpreter,
} from './job.js';
import type { Lease, LeaseListener, Pool } from './pool.js';

type Files = CellSetup['files'];

/** What a cell came to, with its output in pieces and its displays and errors as JSON. */
export interface CellReport {
  end:
    | { kind: 'done'; outcome: CellOutcome }
    | { kind: 'timeout'; seconds: number }
    | { kind: 'failed'; reason: string };
  output: Record<Stream, Uint8Array[]>;
  shown: string[];
}

export interface CellOptions {
  /** From the start of the cell; Infinity for none. */
  timeoutMs: number;
  maxOutputBytes: number;
  signal: AbortSignal | undefined;
  onOutput: ((stream: Stream, bytes: Uint8Array) => void) | undefined;
}

/** What hears the interpreter while it has something to do. */
interface Listener {
  onMessage(message: FromInterpreter): void;
  onFailure(reason: string): void;
}

/** Timers take no more than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const CLOSED = 'the interpreter was closed';

export class Cells {
  readonly #pool: Pool;
  readonly #loadGuest: () => Promise<Guest>;
  readonly #setup: Omit<CellSetup, 'guestKey'>;
  #lease: Lease | undefined;
  /** Ends the wait for a worker. */
  #opening: AbortController | undefined;
  #listener: (Listener & { reject(reason: unknown): void }) | undefined;

  constructor(pool: Pool, loadGuest: () => Promise<Guest>, setup: Omit<CellSetup, 'guestKey'>) {
    this.#pool = pool;
    this.#loadGuest = loadGuest;
    this.#setup = setup;
  }

  /** Resolves when the interpreter is there, with the files it starts with. */
  async open(signal?: AbortSignal): Promise<void> {
    if (this.#lease) return;
    const opening = new AbortController();
    this.#opening = opening;
    const wait = signal ? AbortSignal.any([signal, opening.signal]) : opening.signal;
    const onLoss: LeaseListener = {
      onMessage: (message) => this.#listener?.onMessage(message),
      onFailure: (reason) => {
        this.#lease = undefined;
        this.#listener?.onFailure(reason);
      },
      onClose: (error) => {
        this.#lease = undefined;
        this.#listener?.reject(error);
      },
    };
    let setup: CellSetup;
    try {
      const guest = await this.#loadGuest();
      const lease = await this.#pool.lease(guest, onLoss, wait);
      if (wait.aborted) {
        lease.release();
        throw wait.reason;
      }
      this.#lease = lease;
      setup = { ...this.#setup, guestKey: guest.key };
    } finally {
      this.#opening = undefined;
    }
    try {
      await this.#ask({ type: 'open', setup, guest: undefined }, signal);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Runs a cell; rejects with the signal's reason when it fires first. */
  async run(code: string, { timeoutMs, maxOutputBytes, signal, onOutput }: CellOptions): Promise<CellReport> {
    await this.open(signal);
    const report: Omit<CellReport, 'end'> = { output: { stdout: [], stderr: [] }, shown: [] };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = await this.#converse<CellReport['end']>(signal, (settle, reject) => {
      this.#lease?.post({ type: 'cell', code, maxOutputBytes });
      const start = () => {
        const startMs = performance.now();
        const stop = () => {
          this.#end();
          settle({ kind: 'timeout', seconds: (performance.now() - startMs) / 1000 });
        };
        if (timeoutMs <= MAX_TIMER_MS) timer = setTimeout(stop, Math.max(0, timeoutMs));
      };
      return {
        onMessage: (message) => {
          if (message.type === 'cell-started') start();
          else if (message.type === 'shown') report.shown.push(message.message);
          else if (message.type === 'cell-output') {
            report.output[message.stream].push(message.bytes);
            onOutput?.(message.stream, message.bytes);
          } else if (message.answer.kind === 'cell')
            settle({ kind: 'done', outcome: message.answer.outcome });
          else reject(describeAnswer(message.answer));
        },
        onFailure: (reason) => settle({ kind: 'failed', reason }),
      };
    }).finally(() => clearTimeout(timer));
    if (end.kind === 'done' && end.outcome.death !== undefined) this.close();
    return { end, ...report };
  }

  /** Stores files where cells find them. */
  async putFiles(files: Files, signal?: AbortSignal): Promise<void> {
    await this.open(signal);
    await this.#ask({ type: 'put-files', files }, signal);
  }

  /** The files among `paths` that exist. */
  async fetchFiles(paths: string[], signal?: AbortSignal): Promise<Files> {
    await this.open(signal);
    const answer = await this.#ask({ type: 'fetch-files', paths }, signal);
    return answer.kind === 'files' ? answer.files : [];
  }

  /** Gives the worker back, or ends it when it is at work. */
  close(reason = new Error(CLOSED)): void {
    this.#opening?.abort(reason);
    if (this.#listener) {
      this.#end();
      this.#listener?.reject(reason);
      return;
    }
    this.#lease?.release();
    this.#lease = undefined;
  }

  #end(): void {
    this.#lease?.end();
    this.#lease = undefined;
  }

  #ask(message: ToInterpreter, signal: AbortSignal | undefined): Promise<InterpreterAnswer> {
    return this.#converse(signal, (settle, reject) => {
      this.#lease?.post(message);
      return {
        onMessage: (answered) => {
          if (answered.type !== 'answer') return;
          if (answered.answer.kind === 'refused') reject(describeAnswer(answered.answer));
          else settle(answered.answer);
        },
        onFailure: (reason) => reject(new Error(`the sandbox worker stopped: ${reason}`)),
      };
    });
  }

  /** Listens to the interpreter until one of the two functions is called, the signal fires or the listener throws. */
  #converse<T>(
    signal: AbortSignal | undefined,
    listen: (settle: (value: T) => void, reject: (reason: unknown) => void) => Listener,
  ): Promise<T> {
    // Closed between two questions, or gone.
    if (!this.#lease) return Promise.reject(new Error(CLOSED));
    return new Promise<T>((resolve, rejectPromise) => {
      const forget = () => {
        this.#listener = undefined;
        signal?.removeEventListener('abort', abort);
      };
      const reject = (reason: unknown) => {
        forget();
        rejectPromise(reason);
      };
      const abort = () => {
        this.#end();
        reject(signal?.reason);
      };
      const listener = listen((value) => {
        forget();
        resolve(value);
      }, reject);
      this.#listener = {
        onFailure: listener.onFailure,
        onMessage: (message) => {
          try {
            listener.onMessage(message);
          } catch (error) {
            this.#end();
            reject(error);
          }
        },
        reject,
      };
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
    });
  }
}

function describeAnswer(answer: InterpreterAnswer): Error {
  return new Error(answer.kind === 'refused' ? answer.reason : `the worker answered with ${answer.kind}`);
}
