import { Limiter } from './limiter.js';

/** One of the addresses that a client sends to, and what is known of it. */
export class Endpoint {
  readonly url: string;
  /** When it is to be thought of again, in milliseconds from 1970; 0 while the endpoint is up. */
  #checkAt = 0;
  #isBusy = false;
  #isChecking = false;

  constructor(url: string) {
    this.url = url;
  }

  get isUp(): boolean {
    return this.#checkAt === 0;
  }

  get checkAt(): number {
    return this.#checkAt;
  }

  /** How many requests are under way there. */
  get active(): number {
    return Limiter.countAt(this.url);
  }

  markUp(): void {
    this.#checkAt = 0;
  }

  /** Takes note that it is not there: it is used again when a health check finds it. */
  markDown(now: number, checkMs: number): void {
    this.#checkAt = now + checkMs;
    this.#isBusy = false;
  }

  /** Takes note that it is there and has no room: it is used again when the time that it asked for is over. */
  markBusy(now: number, waitMs: number): void {
    this.#checkAt = now + waitMs;
    this.#isBusy = true;
  }

  /** Asks whether the endpoint is back, if that is due, and goes on without waiting for the answer. */
  checkIfDue(now: number, checkMs: number, isThere: (endpoint: Endpoint) => Promise<boolean>): void {
    if (this.isUp || this.#isChecking || this.#checkAt > now) return;
    if (this.#isBusy) {
      this.markUp();
      return;
    }
    this.#isChecking = true;
    void isThere(this).then((answer) => {
      this.#isChecking = false;
      if (answer) this.markUp();
      else this.markDown(Date.now(), checkMs);
    });
  }
}

/**
 * The endpoint to send to: of those that are up, one that was not `tried`, with the fewest requests under way; when
 * none is up, the one that has been down for longest.
 */
export function chooseEndpoint(endpoints: readonly Endpoint[], tried: ReadonlySet<Endpoint>): Endpoint {
  const [only] = endpoints;
  if (only && endpoints.length === 1) return only;
  const rank = (endpoint: Endpoint) => [
    endpoint.isUp ? 0 : 1,
    tried.has(endpoint) ? 1 : 0,
    endpoint.isUp ? endpoint.active : endpoint.checkAt,
  ];
  const ranked = endpoints.map((endpoint) => ({ endpoint, rank: rank(endpoint) }));
  const [best] = ranked.sort((a, b) => compare(a.rank, b.rank));
  // A client has at least one endpoint.
  return (best as { endpoint: Endpoint }).endpoint;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((number, index) => number !== b[index]);
  return place === -1 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}
