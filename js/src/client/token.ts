/** The token of a request, which its owner may have to fetch first. */

import { RunError } from '../error.js';
import { unwatch, watch } from './abort.js';
import { describeThrown, LONGEST_TIMER_MS } from './exchange.js';

/**
 * Asks for a token and waits for it. Leaves no timer and no listener behind.
 *
 * @throws {RunError} with `timeout` when none comes in time, and with `invalid_options` when it cannot be had.
 * @throws `signal.reason` itself when the signal is aborted.
 */
export function askForToken(
  ask: () => string | Promise<string>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      unwatch(signal, onAbort);
    };
    const fail = (thrown: unknown) => {
      end();
      reject(thrown);
    };
    const onAbort = () => fail(signal?.reason);
    const onTime = () => fail(new RunError('timeout', `token: none within ${timeoutMs} ms`));
    const timer = setTimeout(onTime, Math.min(timeoutMs, LONGEST_TIMER_MS));
    watch(signal, onAbort);
    // Asked within a promise, so that what it throws at once counts as what it rejects with.
    const asked = (async () => ask())();
    asked.then(
      (token) => {
        end();
        resolve(token);
      },
      (cause) => fail(new RunError('invalid_options', `token: ${describeThrown(cause)}`, { cause })),
    );
  });
}
