// The time as programs see it. In: two clocks of the host. Out: a clock that never stands still, and the time of day that
// goes with it. Some hosts let their clocks stand for up to 100 ms, so that no page can measure much; a program that
// divides by the time that it took must not fail there.

/** How far the time of day may be ahead of the host's, which moves in steps: the coarsest of a browser, in nanoseconds. */
const LONGEST_STEP_NS = 100_000_000n;
/**
 * How far the clock goes on at least when it is read, in nanoseconds: more than what two numbers of seconds from 1970 differ
 * by in Python, and less than it takes a program to read a clock.
 */
const TICK_NS = 500n;

/** The clocks of a worker. */
export class Clock {
  readonly #readHostMs: () => number;
  readonly #readDateMs: () => number;
  #lastNs = 0n;
  /** When the clock began, in nanoseconds from 1970; at first any moment too long ago. */
  #originNs = 0n;

  /** `readHostMs` gives milliseconds from some moment, and never goes back; `readDateMs` gives whole ones from 1970. */
  constructor(readHostMs: () => number, readDateMs: () => number) {
    this.#readHostMs = readHostMs;
    this.#readDateMs = readDateMs;
  }

  /** Nanoseconds from some moment: more than the last time. */
  readMonotonicNs(): bigint {
    const hostNs = BigInt(Math.round(this.#readHostMs() * 1e6));
    const leastNs = this.#lastNs + TICK_NS;
    this.#lastNs = hostNs > leastNs ? hostNs : leastNs;
    return this.#lastNs;
  }

  /** Nanoseconds from 1970. Follows the host when its time is set, and is else more than the last time. */
  readDateNs(): bigint {
    const monotonicNs = this.readMonotonicNs();
    const hostNs = BigInt(this.#readDateMs()) * 1_000_000n;
    const aheadNs = this.#originNs + monotonicNs - hostNs;
    if (aheadNs < 0n || aheadNs > LONGEST_STEP_NS) this.#originNs = hostNs - monotonicNs;
    return this.#originNs + monotonicNs;
  }
}
