import { core } from './core.js';
import { fromCoreError, type PlainRunError } from './error.js';

// All but blocks go this way: a function by its name, a text, and whatever belongs to it as JSON; back comes JSON. That
// costs less code on both sides than a binding for each argument of each function.

type Caller = 'callCore' | 'callRollouts';
type CoreAnswer<T> = { value: T } | { error: PlainRunError };

function makeCall(caller: Caller) {
  return <T>(name: string, text = '', given: unknown = null, json = JSON.stringify(given)): T => {
    const answer: CoreAnswer<T> = JSON.parse(core()[caller](name, text, json));
    if ('error' in answer) throw fromCoreError(answer.error);
    return answer.value;
  };
}

/**
 * Calls a function of the core, one of those in `src/wasm/mod.rs`.
 *
 * @throws {RunError} as the function says.
 */
export const callCore = makeCall('callCore');

/** {@link callCore} for what knows the logs of rollouts. */
export const callRollouts = makeCall('callRollouts');
