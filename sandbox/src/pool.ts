// Hands jobs to workers. In: jobs. Out: what became of each: an outcome, a time-out or a reason it failed.
// A worker does one job at a time and is ended when its program must be stopped. It can be lent for cells too.

import type {
  FromInterpreter,
  FromWorker,
  Guest,
  Job,
  Outcome,
  QuickJsAssets,
  Stream,
  ToInterpreter,
} from './job.js';
import type { Platform, WorkerHandle } from './platform.js';

/** What a run came to, with the pieces of output in their order. */
export interface RunReport {
  end:
    | { kind: 'done'; outcome: Outcome }
    | { kind: 'timeout'; seconds: number }
    | { kind: 'failed'; reason: string };
  output: Record<Stream, Uint8Array[]>;
}

export interface PoolJob {
  job: Omit<Job, 'id'>;
  guest: Guest | undefined;
  quickJs: QuickJsAssets | undefined;
  runTimeoutMs: number;
  /** Hears the pieces of output as they come. */
  onOutput?: ((stream: Stream, bytes: Uint8Array) => void) | undefined;
}

interface Task extends PoolJob {
  settle(report: RunReport): void;
  refuse(reason: unknown): void;
}

/** Hears of a worker that is lent. */
export interface LeaseListener {
  onMessage(message: FromInterpreter): void;
  /** The worker is gone without having been told. */
  onFailure(reason: string): void;
  /** The pool was closed, and the worker with it. */
  onClose(error: Error): void;
}

/** A worker that is lent. */
export interface Lease {
  /** Opens an interpreter, or speaks to the one that is open. */
  post(message: ToInterpreter): void;
  /** Gives the worker back; its interpreter goes back to its first state. */
  release(): void;
  /** Ends the worker, whatever it does. */
  end(): void;
}

interface LeaseTask {
  guest: Guest;
  listener: LeaseListener;
  grant(lease: Lease): void;
  refuse(reason: unknown): void;
}

interface Run {
  id: number;
  task: Task;
  startMs: number | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  output: RunReport['output'];
}

interface PoolWorker {
  handle: WorkerHandle;
  state: 'starting' | 'idle' | 'busy';
  run: Run | undefined;
  /** Who has the worker on loan. */
  borrower: LeaseListener | undefined;
  /** Which guests and engines it already has. */
  guestKeys: Set<string>;
  hasQuickJs: boolean;
}

const CLOSED = 'the sandbox is closed';

export class Pool {
  readonly #platform: Platform;
  readonly #size: number;
  readonly #spare: boolean;
  readonly #workers = new Set<PoolWorker>();
  #queue: (Task | LeaseTask)[] = [];
  #waitingForIdle: { resolve(): void; reject(reason: unknown): void }[] = [];
  #firstGuest: Guest | undefined;
  #nextId = 1;
  #closed = false;

  /** @param options.spare whether a worker that was ended has a successor started before anybody asks */
  constructor(platform: Platform, size: number, { spare }: { spare: boolean } = { spare: true }) {
    this.#platform = platform;
    this.#size = size;
    this.#spare = spare;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Starts a worker with this guest and resolves when one is ready. */
  warmUp(guest: Guest): Promise<void> {
    this.#firstGuest ??= guest;
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(new Error(CLOSED));
      else if ([...this.#workers].some(({ state }) => state === 'idle')) resolve();
      else {
        this.#waitingForIdle.push({ resolve, reject });
        if (this.#workers.size === 0) this.#spawn();
      }
    });
  }

  /** Runs a job when a worker is free; rejects with the signal's reason when it fires first. */
  run(job: PoolJob, signal?: AbortSignal): Promise<RunReport> {
    if (this.#closed) return Promise.reject(new Error(CLOSED));
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#firstGuest ??= job.guest;
    return new Promise((resolve, reject) => {
      const forget = () => signal?.removeEventListener('abort', abort);
      const task: Task = {
        ...job,
        settle: (report) => {
          forget();
          resolve(report);
        },
        refuse: (reason) => {
          forget();
          reject(reason);
        },
      };
      const abort = () => this.#abort(task, signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(task);
      this.#dispatch();
    });
  }

  /** Lends a worker when one is free; rejects with the signal's reason when it fires first. */
  lease(guest: Guest, listener: LeaseListener, signal?: AbortSignal): Promise<Lease> {
    if (this.#closed) return Promise.reject(new Error(CLOSED));
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#firstGuest ??= guest;
    return new Promise((resolve, reject) => {
      const forget = () => signal?.removeEventListener('abort', abort);
      const task: LeaseTask = {
        guest,
        listener,
        grant: (lease) => {
          forget();
          resolve(lease);
        },
        refuse: (reason) => {
          forget();
          reject(reason);
        },
      };
      const abort = () => {
        this.#queue = this.#queue.filter((queued) => queued !== task);
        task.refuse(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(task);
      this.#dispatch();
    });
  }

  /** Ends every worker; what runs or waits is refused. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = this.#queue;
    this.#queue = [];
    for (const worker of [...this.#workers]) {
      const { run, borrower } = worker;
      this.#end(worker);
      run?.task.refuse(new Error(CLOSED));
      borrower?.onClose(new Error(CLOSED));
    }
    for (const task of waiting) task.refuse(new Error(CLOSED));
    for (const { reject } of this.#waitingForIdle.splice(0)) reject(new Error(CLOSED));
  }

  #abort(task: Task, reason: unknown): void {
    this.#queue = this.#queue.filter((queued) => queued !== task);
    for (const worker of [...this.#workers]) {
      if (worker.run?.task === task) this.#replace(worker);
    }
    task.refuse(reason);
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = [...this.#workers].find(({ state }) => state === 'idle');
      if (!worker) break;
      const task = this.#queue.shift() as Task | LeaseTask;
      if ('grant' in task) this.#lend(worker, task);
      else this.#start(worker, task);
    }
    const starting = [...this.#workers].filter(({ state }) => state === 'starting');
    // Nothing else keeps the process alive for what waits.
    for (const worker of this.#queue.length > 0 ? starting : []) worker.handle.hold(true);
    for (
      let missing = this.#queue.length - starting.length;
      missing > 0 && this.#workers.size < this.#size;
      missing--
    ) {
      this.#spawn();
    }
  }

  #spawn(): void {
    const worker: PoolWorker = {
      handle: undefined as unknown as WorkerHandle,
      state: 'starting',
      run: undefined,
      borrower: undefined,
      guestKeys: new Set(),
      hasQuickJs: false,
    };
    this.#workers.add(worker);
    worker.handle = this.#platform.spawnWorker({
      onMessage: (message) => this.#receive(worker, message),
      onFailure: (reason) => this.#fail(worker, reason),
    });
    worker.handle.hold(this.#queue.length > 0 || this.#waitingForIdle.length > 0);
  }

  #start(worker: PoolWorker, task: Task): void {
    const { job, guest, quickJs } = task;
    const run: Run = {
      id: this.#nextId++,
      task,
      startMs: undefined,
      timer: undefined,
      output: { stdout: [], stderr: [] },
    };
    worker.state = 'busy';
    worker.run = run;
    worker.handle.hold(true);
    worker.handle.post({
      type: 'run',
      job: { ...job, id: run.id },
      guest: guest && !worker.guestKeys.has(guest.key) ? guest : undefined,
      quickJs: worker.hasQuickJs ? undefined : quickJs,
    });
    if (guest) this.#rememberGuest(worker, guest);
    worker.hasQuickJs ||= quickJs !== undefined;
  }

  #lend(worker: PoolWorker, { guest, listener, grant }: LeaseTask): void {
    worker.state = 'busy';
    worker.borrower = listener;
    worker.handle.hold(true);
    grant({
      post: (message) => {
        if (worker.borrower !== listener) return;
        if (message.type !== 'open') return worker.handle.post(message);
        worker.handle.post({ ...message, guest: worker.guestKeys.has(guest.key) ? undefined : guest });
        this.#rememberGuest(worker, guest);
      },
      release: () => {
        if (worker.borrower !== listener) return;
        worker.borrower = undefined;
        worker.handle.post({ type: 'close' });
      },
      end: () => {
        if (worker.borrower === listener) this.#replace(worker);
      },
    });
  }

  /** The worker keeps one guest of each snapshot. */
  #rememberGuest(worker: PoolWorker, { key }: Guest): void {
    const snapshot = key.split('@')[0];
    for (const other of worker.guestKeys) {
      if (other.split('@')[0] === snapshot) worker.guestKeys.delete(other);
    }
    worker.guestKeys.add(key);
  }

  #receive(worker: PoolWorker, message: FromWorker): void {
    if (!this.#workers.has(worker)) return;
    const { run } = worker;
    if (message.type === 'up') this.#prepare(worker);
    else if (message.type === 'ready') this.#free(worker);
    else if (!('id' in message)) worker.borrower?.onMessage(message);
    else if (!run || run.id !== message.id) return;
    else if (message.type === 'output') this.#takeOutput(run, message.stream, message.bytes);
    else if (message.type === 'started') {
      run.startMs = performance.now();
      run.timer = setTimeout(() => this.#timeOut(worker, run), run.task.runTimeoutMs);
    } else {
      clearTimeout(run.timer);
      worker.run = undefined;
      run.task.settle({ end: { kind: 'done', outcome: message.outcome }, output: run.output });
    }
  }

  #takeOutput({ task, output }: Run, stream: Stream, bytes: Uint8Array): void {
    output[stream].push(bytes);
    try {
      task.onOutput?.(stream, bytes);
    } catch (error) {
      this.#abort(task, error);
    }
  }

  #prepare(worker: PoolWorker): void {
    const guest = this.#firstGuest;
    if (!guest) {
      this.#free(worker);
      return;
    }
    this.#rememberGuest(worker, guest);
    worker.handle.post({ type: 'prepare', guest });
  }

  #free(worker: PoolWorker): void {
    worker.state = 'idle';
    worker.handle.hold(false);
    for (const { resolve } of this.#waitingForIdle.splice(0)) resolve();
    this.#dispatch();
  }

  #timeOut(worker: PoolWorker, run: Run): void {
    const seconds = (performance.now() - (run.startMs ?? performance.now())) / 1000;
    this.#replace(worker);
    run.task.settle({ end: { kind: 'timeout', seconds }, output: run.output });
  }

  #fail(worker: PoolWorker, reason: string): void {
    if (!this.#workers.has(worker)) return;
    const { run, borrower } = worker;
    const neverWorked = worker.state === 'starting';
    this.#end(worker);
    run?.task.settle({ end: { kind: 'failed', reason }, output: run.output });
    borrower?.onFailure(reason);
    if (neverWorked) this.#giveUp(reason);
    else this.#dispatch();
  }

  /** A worker that cannot even start will not start the next time. */
  #giveUp(reason: string): void {
    for (const task of this.#queue.splice(0)) {
      if ('grant' in task) task.refuse(new Error(reason));
      else task.settle({ end: { kind: 'failed', reason }, output: { stdout: [], stderr: [] } });
    }
    for (const { reject } of this.#waitingForIdle.splice(0)) reject(new Error(reason));
  }

  #end(worker: PoolWorker): void {
    clearTimeout(worker.run?.timer);
    worker.run = undefined;
    worker.borrower = undefined;
    this.#workers.delete(worker);
    worker.handle.terminate();
  }

  /** Ends a worker and has the next one start at once, as it takes a while. */
  #replace(worker: PoolWorker): void {
    this.#end(worker);
    if (this.#closed) return;
    if (this.#spare && this.#workers.size < this.#size) this.#spawn();
    this.#dispatch();
  }
}
