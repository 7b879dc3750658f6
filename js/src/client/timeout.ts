import { callCore } from '../call.js';

/** The time-outs that were asked for so far: most requests have the limits of the one before. */
const timeouts = new Map<string, number>();

/** How many of them are kept. */
const MOST_TIMEOUTS = 64;

/** How long a client waits for an answer of a route, in milliseconds, beyond the limits that the request sets there. */
export function requestTimeoutMs(route: string, [first, second]: readonly (number | undefined)[]): number {
  const key = `${route},${first},${second}`;
  let timeout = timeouts.get(key);
  if (timeout === undefined) {
    timeout = callCore<number>('requestTimeoutMs', '', { route, first, second });
    if (timeouts.size >= MOST_TIMEOUTS) timeouts.clear();
    timeouts.set(key, timeout);
  }
  return timeout;
}
