// `npm run load [-- --runs N --hostile N --concurrency N --workers N --node NODE]`: runs a second, waiting times,
// errors and memory of `fencerun serve`, with ordinary programs and with some among them that mean harm.

import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { drive, percentile } from './load/drive.mjs';
import { makeMixed, makeOrdinary } from './load/programs.mjs';
import { startServe, startStub } from './load/servers.mjs';
import { findNamedNode } from './setup/harnesses.mjs';
import { CannotGoOn, runAsProgram, say } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

/** How many faults are shown. */
const MAX_SHOWN = 10;
/** Runs before the measured ones: the engine compiles what runs often. */
const WARM_UP = 200;

const COLUMNS = [
  'runs',
  'runs/s',
  'p50 ms',
  'p99 ms',
  'max ms',
  'errors',
  'CPU ms',
  'start MB',
  'peak MB',
  'end MB',
];

runAsProgram(import.meta.url, async (args) => {
  const options = readOptions(args);
  await build(await setUpBuild());
  if (options.node !== undefined) options.node = await findNamedNode(options.node);
  const { node = process.execPath, concurrency, workers } = options;
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!version) throw new CannotGoOn(`${node} is no Node: --node takes the path of one`);
  const { stdout } = process;
  stdout.write(`Node ${version}, ${concurrency} in flight${workers ? `, ${workers} workers` : ''}\n\n`);
  writeRow('server', COLUMNS);
  const stub = await startStub(node);
  const noCheck = (index) => ({ ...makeOrdinary(index), check: () => undefined });
  await report('stub', { ...stub, ...options, make: noCheck, count: options.runs });
  const serve = await startServe(node, workers ? ['--workers', workers] : []);
  await drive(serve.url, { count: WARM_UP, concurrency, make: makeOrdinary });
  const good = await report('serve', {
    ...serve,
    ...options,
    make: makeOrdinary,
    count: options.runs,
    keep: true,
  });
  const mixed = await report('serve, hostile mix', {
    ...serve,
    ...options,
    make: makeMixed,
    count: options.hostile,
  });
  return good && mixed ? 0 : 1;
});

function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        runs: { type: 'string', default: '20000' },
        hostile: { type: 'string', default: '2000' },
        concurrency: { type: 'string', default: '16' },
        workers: { type: 'string' },
        node: { type: 'string' },
      },
    });
    for (const name of ['runs', 'hostile', 'concurrency']) {
      values[name] = Number(values[name]);
      if (!Number.isSafeInteger(values[name]) || values[name] < 1)
        throw new Error(`--${name} takes a whole number`);
    }
    return values;
  } catch (error) {
    throw new CannotGoOn(`npm run load: ${error.message}`);
  }
}

/** Drives one server, writes a row of the table, and stops the server unless it is to `keep`. Answers whether all was well. */
async function report(name, { url, stop, readUse, keep, count, concurrency, make }) {
  const uses = [];
  const sample = async () =>
    uses.push((await readUse?.()) ?? { memoryMb: Number.NaN, cpuSeconds: Number.NaN });
  await sample();
  const timer = setInterval(() => sample().catch(() => {}), 1000);
  const { rate, faults, milliseconds } = await drive(url, { count, concurrency, make });
  clearInterval(timer);
  await sample();
  if (!keep) await stop();
  const [first, last] = [uses[0], uses.at(-1)];
  const peakMb = Math.max(...uses.map(({ memoryMb }) => memoryMb));
  const cells = [
    count,
    rate.toFixed(1),
    ...[0.5, 0.99, 1].map((share) => percentile(milliseconds, share).toFixed(1)),
    faults.length,
    (((last.cpuSeconds - first.cpuSeconds) / count) * 1000).toFixed(1),
    ...[first.memoryMb, peakMb, last.memoryMb].map((value) => value.toFixed(0)),
  ];
  writeRow(name, cells);
  for (const fault of faults.slice(0, MAX_SHOWN)) say(`  ${fault}`);
  return faults.length === 0;
}

function writeRow(name, cells) {
  const shown = cells.map((cell) => String(cell === 'NaN' ? '-' : cell).padStart(9));
  process.stdout.write(`${name.padEnd(18)}${shown.join('')}\n`);
}
