// Measures the sandbox in this Node: cold start, runs one after the other, sympy, cells, runs a second, memory. Prints
// medians.
//
//   node sandbox/bench/runs.mjs [runs]
//   node sandbox/bench/runs.mjs 20000 throughput    runs with 16 in flight and the memory they leave, nothing else

import { createSandbox } from '../dist/node.js';

const RUNS = Number(process.argv[2] ?? 100);
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const show = (what, milliseconds) =>
  console.log(`${what.padEnd(58)} ${milliseconds.toFixed(1).padStart(8)} ms`);

async function time(action) {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

async function timeRuns(sandbox, request, runs = RUNS) {
  const times = [];
  for (let i = 0; i < runs; i++) times.push(await time(() => sandbox.runCode(request)));
  return median(times);
}

const trivial = { code: 'print(1)', language: 'python' };
const javascript = { code: 'console.log(1)', language: 'nodejs' };
const sympy = { code: 'import sympy; print(sympy.sqrt(8))', language: 'python' };

const IN_FLIGHT = 16;
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

/** Runs a second with `IN_FLIGHT` requests under way, ten times, with the resident memory after each. */
async function measureThroughput() {
  const sandbox = createSandbox();
  const share = Math.ceil(RUNS / 10);
  for (let part = 0; part < 10; part++) {
    let begun = 0;
    const runOn = async () => {
      while (begun++ < share) {
        const { status } = await sandbox.runCode(trivial);
        if (status !== 'Success') throw new Error(`a run ended with ${status}`);
      }
    };
    const ms = await time(() => Promise.all(Array.from({ length: IN_FLIGHT }, runOn)));
    console.log(
      `${share} runs, ${IN_FLIGHT} in flight: ${((share / ms) * 1000).toFixed(1)} a second, ${megabytes()} MB`,
    );
  }
  await sandbox.close();
}

console.log(`Node ${process.version}, ${RUNS} runs`);
await measureThroughput();
if (process.argv[3] === 'throughput') process.exit();
{
  const sandbox = createSandbox();
  show('first Python run, from createSandbox to the answer', await time(() => sandbox.runCode(trivial)));
  await timeRuns(sandbox, trivial);
  show('Python, back to back, default workers: median', await timeRuns(sandbox, trivial));
  const inFlight = async () => {
    await Promise.all(Array.from({ length: RUNS }, () => sandbox.runCode(trivial)));
  };
  show('Python, all at once, default workers: each', (await time(inFlight)) / RUNS);
  show(
    'after a run that ended by os._exit',
    await timeRuns(sandbox, { code: 'import os; os._exit(0)', language: 'python' }, 20),
  );
  show('first JavaScript run', await time(() => sandbox.runCode(javascript)));
  show('JavaScript, back to back: median', await timeRuns(sandbox, javascript));
  show('first sympy run', await time(() => sandbox.runCode(sympy)));
  show('sympy, back to back: median', await timeRuns(sandbox, sympy));
  const cells = { cells: ['x = 6', 'x * 7'] };
  show('first two cells', await time(() => sandbox.runJupyter(cells)));
  const cellTimes = [];
  for (let i = 0; i < RUNS; i++) cellTimes.push(await time(() => sandbox.runJupyter(cells)));
  show('two cells in a fresh interpreter, back to back: median', median(cellTimes));
  const session = sandbox.createSession();
  await session.runCell('x = 6');
  const sessionTimes = [];
  for (let i = 0; i < RUNS; i++) sessionTimes.push(await time(() => session.runCell('x * 7')));
  show('a cell of a session, back to back: median', median(sessionTimes));
  const { run_result } = await sandbox.runCode({
    code: 'import time; t = time.perf_counter(); import sympy; print((time.perf_counter() - t) * 1000)',
    language: 'python',
  });
  show('import sympy, inside the program', Number(run_result.stdout));
  console.log(`resident memory after that: ${megabytes()} MB`);
  await sandbox.close();
}
{
  const sandbox = createSandbox({ workers: 1 });
  await timeRuns(sandbox, trivial);
  show('Python, back to back, one worker: median', await timeRuns(sandbox, trivial));
  const code = 'x = bytearray(100 << 20)';
  show(
    'after a run that grew its memory, one worker',
    await timeRuns(sandbox, { code, language: 'python' }, 20),
  );
  await sandbox.close();
}
