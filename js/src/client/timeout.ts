import { callCore } from '../call.js';
import { remember } from './remember.js';

/** The time-outs of the requests made so far, by their routes and limits. */
const timeouts = new Map<string, number>();

/** How long a client waits for an answer of a route, in milliseconds, beyond the limits that the request sets there. */
export function requestTimeoutMs(route: string, [first, second]: readonly (number | undefined)[]): number {
  return remember(timeouts, `${route},${first},${second}`, () =>
    callCore('requestTimeoutMs', '', { route, first, second }),
  );
}
