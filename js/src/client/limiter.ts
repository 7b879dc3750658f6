import { unwatch, watch } from './abort.js';

/**
 * How many requests are under way at one address, in this process, whatever client they come from.
 * What has to wait is served in its order.
 */
export class Limiter {
  static readonly #all = new Map<string, Limiter>();

  /** That of an address. It is forgotten while nothing is under way there. */
  static of(address: string): Limiter {
    let limiter = Limiter.#all.get(address);
    if (!limiter) {
      limiter = new Limiter(address);
      Limiter.#all.set(address, limiter);
    }
    return limiter;
  }

  /** How many requests are under way at an address. */
  static countAt(address: string): number {
    const limiter = Limiter.#all.get(address);
    return limiter ? limiter.#active : 0;
  }

  readonly #address: string;
  #active = 0;
  #first: Waiting | undefined;
  #last: Waiting | undefined;

  private constructor(address: string) {
    this.#address = address;
  }

  /**
   * Waits until fewer than `limit` requests are under way, and counts one more. `undefined` when there is no need to
   * wait. Rejects with `signal.reason` when the signal is aborted first.
   */
  enter(limit: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (!this.#first && this.#active < limit) {
      this.#active += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#remove(waiting);
        unwatch(signal, onAbort);
        reject(signal?.reason);
        // Whoever comes next may have a higher limit.
        this.#serve();
      };
      const start = () => {
        unwatch(signal, onAbort);
        resolve();
      };
      const waiting: Waiting = { limit, start, before: this.#last, after: undefined };
      if (this.#last) this.#last.after = waiting;
      else this.#first = waiting;
      this.#last = waiting;
      watch(signal, onAbort);
    });
  }

  /** Counts one less. */
  leave(): void {
    this.#active -= 1;
    this.#serve();
    if (this.#active === 0 && !this.#first) Limiter.#all.delete(this.#address);
  }

  #serve(): void {
    for (let next = this.#first; next && this.#active < next.limit; next = this.#first) {
      this.#remove(next);
      this.#active += 1;
      next.start();
    }
  }

  #remove(waiting: Waiting): void {
    if (waiting.before) waiting.before.after = waiting.after;
    else this.#first = waiting.after;
    if (waiting.after) waiting.after.before = waiting.before;
    else this.#last = waiting.before;
  }
}

interface Waiting {
  limit: number;
  start: () => void;
  before: Waiting | undefined;
  after: Waiting | undefined;
}
