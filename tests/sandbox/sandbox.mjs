// One sandbox for a test file. In: nothing. Out: functions that run a program and give its response or output.

import { after } from 'node:test';
import { createSandbox } from '../../sandbox/dist/node.js';

export function useSandbox(options) {
  const sandbox = createSandbox(options);
  after(() => sandbox.close());
  const run = (code, request = {}) => sandbox.runCode({ language: 'python', code, ...request });
  const runResult = async (code, request) => {
    const response = await run(code, request);
    if (!response.run_result) throw new Error(response.message);
    return response.run_result;
  };
  /** stdout of a program that must succeed. */
  const print = async (code, request) => {
    const { status, message, run_result } = await run(code, request);
    if (status !== 'Success')
      throw new Error(`${status} ${message}\n${run_result?.stdout}\n${run_result?.stderr}`);
    return run_result.stdout;
  };
  return { sandbox, run, runResult, print };
}

/** Prints how often the least of work took no time, by three clocks: a program divides by what it took. */
export const NO_TIME = `import time
def count(clock):
    stood = 0
    for _ in range(2000):
        start = clock()
        stood += clock() - start <= 0
    return stood
print(count(time.time), count(time.monotonic), count(time.perf_counter))
`;
