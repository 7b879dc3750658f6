// `npm run bench:client [-- --json]`: what the client takes beyond a bare `fetch` with the same bodies, 64 in flight, and
// whether memory stays flat.

import { fork } from 'node:child_process';
import { SandboxClient } from '../pkg/dist/index.js';

const IN_FLIGHT = 64;
/** Rounds are short and take turns, so that whatever else the machine does meets all contenders alike. */
const ROUNDS = 40;
const CALLS_A_ROUND = 300;
/** Rounds that only warm up. */
const WARM_UP = 6;
const MEMORY_CALLS = 100_000;
const MEMORY_SAMPLES = 5;

const json = process.argv.includes('--json');
const stub = fork(new URL('client-stub.mjs', import.meta.url), { execArgv: [] });
const port = await new Promise((resolve) => stub.once('message', resolve));
const base = `http://127.0.0.1:${port}`;
const url = `${base}/run_code`;
const code = 'print("hello")';
const client = new SandboxClient({ url: base });
const { signal } = new AbortController();

/** The body that the client sends, taken from itself. */
const body = await new Promise((resolve) => {
  const fetch = async (_url, init) => {
    resolve(init.body);
    return Response.error();
  };
  new SandboxClient({ url: base, fetch }).runCode({ code }).catch(() => {});
});
const headers = { accept: 'application/json', 'content-type': 'application/json' };

const contenders = {
  'bare fetch': async () => (await send({})).run_result.stdout,
  'fetch with a signal and a time-out': async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 30_000);
    try {
      return (await send({ signal: controller.signal })).run_result.stdout;
    } finally {
      clearTimeout(timer);
    }
  },
  'SandboxClient.runCode': async () => (await client.runCode({ code })).run.stdout,
  'SandboxClient.runCode with a signal': async () => (await client.runCode({ code }, { signal })).run.stdout,
};

async function send(more) {
  const response = await fetch(url, { method: 'POST', headers: { ...headers }, body, ...more });
  return response.json();
}

/** Makes many calls, and answers with the time and the processor's time of one, in microseconds. */
async function measure(call, calls) {
  let left = calls;
  const work = async () => {
    while (left-- > 0) if ((await call()) !== 'hello\n') throw new Error('the answer is another one');
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const us = ((performance.now() - start) * 1000) / calls;
  const { user, system } = process.cpuUsage(cpu);
  return { us, cpuUs: (user + system) / calls };
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

async function compare() {
  const names = Object.keys(contenders);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    // Each begins in its turn.
    for (let index = 0; index < names.length; index++) {
      const name = names[(index + round) % names.length];
      const sample = await measure(contenders[name], CALLS_A_ROUND);
      if (round >= WARM_UP) samples[name].push(sample);
    }
  }
  const [first] = names;
  // Round by round against its own neighbour: a machine that slows down slows both.
  const ratioOf = (name, unit) =>
    median(samples[name].map((one, round) => one[unit] / samples[first][round][unit]));
  return names.map((name) => ({
    name,
    us: median(samples[name].map(({ us }) => us)),
    cpuUs: median(samples[name].map(({ cpuUs }) => cpuUs)),
    ratio: ratioOf(name, 'us'),
    cpuRatio: ratioOf(name, 'cpuUs'),
  }));
}

async function watchMemory() {
  const sizes = [];
  for (let sample = 0; sample <= MEMORY_SAMPLES; sample++) {
    const calls = sample === 0 ? MEMORY_CALLS / MEMORY_SAMPLES / 4 : MEMORY_CALLS / MEMORY_SAMPLES;
    await measure(contenders['SandboxClient.runCode with a signal'], calls);
    globalThis.gc?.();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    sizes.push({ heapUsed, external, arrayBuffers });
  }
  return sizes;
}

try {
  const times = await compare();
  const memory = await watchMemory();
  if (json) {
    console.log(JSON.stringify({ node: process.version, inFlight: IN_FLIGHT, times, memory }, null, 2));
  } else {
    console.log(`Node ${process.version}, ${IN_FLIGHT} in flight; medians of ${ROUNDS} rounds\n`);
    console.log(
      `${''.padEnd(40)}${'time'.padStart(10)}${'against'.padStart(9)}${'CPU'.padStart(11)}${'against'.padStart(9)}`,
    );
    for (const { name, us, ratio, cpuUs, cpuRatio } of times) {
      const columns = [
        `${us.toFixed(0)} µs`,
        `${ratio.toFixed(2)} ×`,
        `${cpuUs.toFixed(0)} µs`,
        `${cpuRatio.toFixed(2)} ×`,
      ];
      console.log(
        `${name.padEnd(40)}${columns[0].padStart(10)}${columns[1].padStart(9)}${columns[2].padStart(11)}${columns[3].padStart(9)}`,
      );
    }
    console.log(
      `\nheap after every ${MEMORY_CALLS / MEMORY_SAMPLES} calls: ${memory.map(({ heapUsed }) => `${(heapUsed / 1e6).toFixed(2)} MB`).join(', ')}`,
    );
  }
} finally {
  stub.kill();
}
