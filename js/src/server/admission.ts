// How much room there is. In: requests that come and go, and the sizes of their bodies. Out: counts. Does not know what a
// run is.

/** The bodies of all requests that are read, wait or run, in bytes: 256 MiB. */
const MAX_HELD_BYTES = 256 << 20;

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
    return this.#admitted >= this.#limit;
  }

  /** Keeps room for so many bytes more of a body, until {@link release}; `false` where there is none. */
  hold(bytes: number): boolean {
    if (this.#bytes + bytes > MAX_HELD_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Gives back what was held. */
  release(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Lets a request in; gives what to call at its end. */
  enter(): () => void {
    this.#admitted += 1;
    return () => {
      this.#admitted -= 1;
      if (this.#admitted === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    };
  }

  /** Resolves when nothing runs or waits. */
  whenIdle(): Promise<void> {
    return this.#admitted === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }
}
