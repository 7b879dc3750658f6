// How much room there is. In: requests that come and go, and their sizes. Out: counts. Does not know what a run is.

/** The bodies of all requests that run or wait, in bytes: 256 MiB. */
const MAX_ADMITTED_BYTES = 256 << 20;

/** Counts what runs and what waits, and says when it is enough. */
export class Admission {
  readonly #workers: number;
  readonly #limit: number;
  readonly #onIdle: (() => void)[] = [];
  #admitted = 0;
  #bytes = 0;

  constructor({ workers, queue }: { workers: number; queue: number }) {
    this.#workers = workers;
    this.#limit = workers + queue;
  }

  /** How many requests have a worker. */
  get running(): number {
    return Math.min(this.#admitted, this.#workers);
  }

  /** How many requests wait for a worker. */
  get waiting(): number {
    return this.#admitted - this.running;
  }

  /** Whether the next request would be turned away. */
  get isFull(): boolean {
    return this.#admitted >= this.#limit || this.#bytes >= MAX_ADMITTED_BYTES;
  }

  /** Lets a request in that holds so many bytes; gives what to call at its end. */
  enter(bytes: number): () => void {
    this.#admitted += 1;
    this.#bytes += bytes;
    return () => {
      this.#admitted -= 1;
      this.#bytes -= bytes;
      if (this.#admitted === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    };
  }

  /** Resolves when nothing runs or waits. */
  whenIdle(): Promise<void> {
    return this.#admitted === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }
}
