// `npm run bench:profiles [-- --json]`: `extract` by every profile against the core's own scan, in one process.

import { extract, profiles } from '../pkg/dist/index.js';
import { kinds, makeText } from './texts.mjs';

const LENGTH = 5_000;
/** The shortest of this many samples counts, as what else the machine does only adds to it. */
const SAMPLES = 60;
const SAMPLE_MS = 2;
/** No profile should take more than this many times the scan. */
const AIM = 5;

/** A line end for which JavaScript leaves the text to the core. */
const NOT_PLAIN = '\r\n';

const texts = kinds.map((kind) => makeText(kind, LENGTH).slice(0, LENGTH));
const scanned = texts.map((text) => Buffer.from(text + NOT_PLAIN).toString());

/** The shortest time of one call, in microseconds. */
function measure(call) {
  let calls = 1;
  const time = () => {
    const start = performance.now();
    for (let index = 0; index < calls; index++) call();
    return performance.now() - start;
  };
  while (time() < SAMPLE_MS) calls *= 2;
  return Math.min(...Array.from({ length: SAMPLES }, () => (time() / calls) * 1000));
}

const names = profiles().flatMap(({ name, extracts }) => (extracts ? [name] : []));

function measureAll() {
  const scans = scanned.map((text) => measure(() => extract(text)));
  return {
    scans,
    times: names.map((profile) => texts.map((text) => measure(() => extract(text, { profile })))),
  };
}

// Once to warm up: the engine compiles what runs often again, for speed, in the background.
measureAll();
const { scans, times } = measureAll();
const rows = names.map((profile, row) => {
  const us = times[row];
  return { profile, us, ratios: us.map((time, index) => time / scans[index]) };
});
rows.sort((one, other) => other.ratios[0] - one.ratios[0]);

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, kinds, scans, rows }, null, 2));
} else {
  const show = (name, times, ratios) => {
    const cells = times.map(
      (us, index) => `${us.toFixed(1).padStart(8)} µs ${ratios[index].toFixed(1).padStart(5)} ×`,
    );
    console.log(`${name.padEnd(26)} ${cells.join('   ')}`);
  };
  console.log(`Node ${process.version}; ${LENGTH} characters: ${kinds.join(', ')}`);
  show('the scan', scans, [1, 1]);
  for (const { profile, us, ratios } of rows) show(profile, us, ratios);
  const above = kinds.map((_, index) => rows.filter(({ ratios }) => ratios[index] > AIM).length);
  console.log(`of ${rows.length}, above ${AIM} ×: ${above.join(', ')}`);
}
