// `npm run bench [-- --json]`: everything in one process on the same texts, as medians and ratios.

import { existsSync, readFileSync } from 'node:fs';
import { extract } from '../pkg/dist/index.js';
import { peers } from './peers.mjs';
import { streams } from './streams.mjs';
import { kinds, makeText } from './texts.mjs';

const LENGTHS = [1_000, 5_000, 50_000];
const STREAM_LENGTH = 25_000;
const CHUNK = 8;
/** How many samples a median is of, and how long each lasts at least, in milliseconds. */
const SAMPLES = 21;
const SAMPLE_MS = 4;
/** How long each contender runs before it is measured, so that all are compiled. */
const WARM_UP_MS = 300;

const json = process.argv.includes('--json');
const encoder = new TextEncoder();
const buffer = new Uint8Array(1 << 20);

const oneShot = {
  fencerun: (text) => extract(text).length,
  'fencerun, commonmark': (text) => extract(text, COMMONMARK).length,
  'encodeInto alone': (text) => encoder.encodeInto(text, buffer).written,
  ...peers,
};
const COMMONMARK = { profile: 'commonmark' };

/** The median time of one call, in microseconds. */
function measure(call) {
  const started = performance.now();
  do call();
  while (performance.now() - started < WARM_UP_MS);
  let calls = 1;
  const time = () => {
    const start = performance.now();
    for (let index = 0; index < calls; index++) call();
    return performance.now() - start;
  };
  while (time() < SAMPLE_MS) calls *= 2;
  const samples = Array.from({ length: SAMPLES }, () => (time() / calls) * 1000);
  return samples.sort((a, b) => a - b)[SAMPLES >> 1];
}

function compare(title, input, contenders) {
  const times = Object.fromEntries(
    Object.entries(contenders).map(([name, call]) => [name, measure(() => call(input))]),
  );
  const ours = times.fencerun;
  const rows = Object.entries(times).map(([name, us]) => ({ name, us, ratio: us / ours }));
  results.push({ title, rows });
  if (json) return;
  console.log(`\n${title}`);
  for (const { name, us, ratio } of rows) {
    console.log(`  ${name.padEnd(40)} ${us.toFixed(2).padStart(12)} µs  ${ratio.toFixed(2).padStart(10)} ×`);
  }
}

function compareStreams(kind) {
  const text = makeText(kind, STREAM_LENGTH).slice(0, STREAM_LENGTH);
  const chunks = text.match(new RegExp(`[^]{1,${CHUNK}}`, 'g'));
  compare(`${kind}, ${STREAM_LENGTH} characters in chunks of ${CHUNK}`, chunks, streams);
}

const results = [];
if (!json) console.log(`Node ${process.version}; time of one call, and how many times that of fencerun`);
for (const kind of kinds) {
  for (const length of LENGTHS) compare(`${kind}, ${length} characters`, makeText(kind, length), oneShot);
  compareStreams(kind);
}
const rollouts = process.env.FENCERUN_ROLLOUTS;
if (rollouts && existsSync(rollouts)) {
  const lines = readFileSync(rollouts, 'utf8').trim().split('\n').slice(0, 200);
  const texts = lines.map((line) => JSON.parse(line).code[0]);
  const each = (call) => (all) => all.reduce((count, text) => count + call(text), 0);
  const contenders = Object.entries(oneShot).map(([name, call]) => [name, each(call)]);
  compare('200 real rollouts', texts, Object.fromEntries(contenders));
}
if (json) console.log(JSON.stringify({ node: process.version, results }, null, 2));
