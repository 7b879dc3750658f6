// The page's end of the worker: promises for answers, callbacks for what comes by itself.

import type { Facts, FromWorker, IndexProgress, Place, SourceSpec, ToWorker } from '../work/protocol.js';

export interface IndexListener {
  onFacts(facts: Facts, progress: IndexProgress): void;
  onFailed(source: number, reason: string): void;
}

export interface SearchProgress {
  rows: Uint32Array;
  doneBytes: number;
  totalBytes: number;
  done: boolean;
}

interface Waiting {
  onLine?(text: string): void;
  onHits?(progress: SearchProgress): void;
  refuse(error: Error): void;
}

export class IndexClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(worker: Worker, listener: IndexListener) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'facts') listener.onFacts(data.facts, data.progress);
      else if (data.type === 'failed') listener.onFailed(data.source, data.reason);
      else this.#answer(data);
    });
    worker.addEventListener('error', (event) => listener.onFailed(0, event.message));
  }

  open(sources: SourceSpec[]) {
    this.#post({ type: 'open', sources });
  }

  /** Says that a file has more bytes than before. */
  grow(source: number) {
    this.#post({ type: 'grow', source });
  }

  /** The text of one line. */
  read(place: Place): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#ask({ onLine: resolve, refuse: reject }, (id) => ({ type: 'read', id, place }));
    });
  }

  /** Looks for a pattern in the lines at `places`; answers a function that gives up. */
  search(
    query: { pattern: string; isRegex: boolean; places: Place[] },
    onHits: (progress: SearchProgress) => void,
    onRefused: (error: Error) => void,
  ): () => void {
    const id = this.#ask({ onHits, refuse: onRefused }, (id) => ({ type: 'search', id, ...query }));
    return () => {
      if (this.#waiting.delete(id)) this.#post({ type: 'cancel', id });
    };
  }

  close() {
    this.#worker.terminate();
  }

  #ask(waiting: Waiting, build: (id: number) => ToWorker): number {
    const id = this.#nextId++;
    this.#waiting.set(id, waiting);
    this.#post(build(id));
    return id;
  }

  #post(message: ToWorker) {
    this.#worker.postMessage(message);
  }

  #answer(data: Exclude<FromWorker, { type: 'facts' | 'failed' }>) {
    const waiting = this.#waiting.get(data.id);
    if (!waiting) return;
    if (data.type !== 'hits' || data.done) this.#waiting.delete(data.id);
    if (data.type === 'line') waiting.onLine?.(data.text);
    else if (data.type === 'hits') waiting.onHits?.(data);
    else waiting.refuse(new Error(data.reason));
  }
}
