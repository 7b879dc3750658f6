// Ten thousand programs at a server that fails one time in five: each ends in one way, and the client's account of
// what ran is the server's.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SandboxClient } from '../../pkg/dist/index.js';
import { exchanges, sendJson, withServer } from './exchanges.mjs';

const HELLO = exchanges.find(({ note }) => note === 'hello').response;
const PROGRAMS = 10_000;
const IN_FLIGHT = 64;
const FAULTS_IN_100 = 20;

/** How the server fails: whether the program ran before, what it answers, and what the client can know of it. */
const FAULTS = [
  { ran: false, known: 'may_have_run', answer: ({ request }) => request.socket.resetAndDestroy() },
  { ran: true, known: 'may_have_run', answer: ({ request }) => request.socket.resetAndDestroy() },
  { ran: true, known: 'ran', answer: cut },
  { ran: true, known: 'may_have_run', answer: ({ response }) => response.end('{"status": "Succ') },
  { ran: true, known: 'may_have_run', answer: ({ response }) => response.end('<html></html>') },
  { ran: false, known: 'never_ran', answer: refuse(429, { 'retry-after': '1' }) },
  { ran: false, known: 'never_ran', answer: refuse(503, { 'retry-after': new Date().toUTCString() }) },
  { ran: false, known: 'never_ran', answer: refuse(422) },
  { ran: true, known: 'may_have_run', answer: refuse(500) },
  { ran: false, known: 'may_have_run', answer: refuse(502) },
  { ran: true, known: 'may_have_run', answer: refuse(502) },
  { ran: false, known: 'may_have_run', answer: refuse(504) },
  { ran: true, known: 'may_have_run', answer: refuse(504) },
];

function refuse(status, headers = {}) {
  return ({ response }) => response.writeHead(status, headers).end();
}

function cut({ response, request: { socket } }) {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"status": ', () => socket.resetAndDestroy());
}

/** The same numbers for the same seed (mulberry32). */
function makeRandom(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

function measureHeap() {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("the account of 10,000 programs at 20 % faults is the server's own", async () => {
  const random = makeRandom(7);
  /** What the server did at each attempt of each program. */
  const served = new Map();
  const answer = ({ body, ...exchange }) => {
    const { code } = JSON.parse(body);
    const fault = random(100) < FAULTS_IN_100 ? FAULTS[random(FAULTS.length)] : undefined;
    if (!served.has(code)) served.set(code, []);
    served.get(code).push(fault ?? { ran: true, known: 'ran' });
    if (fault) fault.answer(exchange);
    else sendJson(exchange.response, 200, HELLO);
  };
  const told = new Map();
  const endings = new Map();
  const controller = new AbortController();
  const { signal } = controller;

  await withServer(answer, async (url) => {
    let code;
    let next = 0;
    const work = async () => {
      while (next < PROGRAMS) {
        const name = `program ${next++}`;
        const attempts = [];
        told.set(name, attempts);
        const client = new SandboxClient({
          url,
          maxRetryWaitMs: 0,
          // However slow the machine: a time-out is none of the faults that are counted.
          requestTimeoutMs: 600_000,
          onAttempt: (one) => attempts.push(one.outcome),
        });
        const ending = await client.runCode({ code: name }, { signal }).then(
          () => 'ran',
          (error) => {
            assert.equal(error.name, 'RunError', error.stack);
            assert.equal(error.attempts, attempts.length);
            ({ code } = error);
            return error.outcome;
          },
        );
        assert.ok(!endings.has(name));
        endings.set(name, ending);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    assert.ok(code);
  });

  assert.equal(endings.size, PROGRAMS);
  const order = ['never_ran', 'may_have_run', 'ran'];
  let runs = 0;
  let certain = 0;
  let possible = 0;
  for (const [name, attempts] of told) {
    // Attempt by attempt the client knows what the server's answer lets it know.
    const expected = served.get(name);
    assert.deepEqual(
      attempts,
      expected.map(({ known }) => known),
      name,
    );
    for (const { ran, known } of expected) {
      assert.ok(!(ran && known === 'never_ran') && !(!ran && known === 'ran'));
      runs += Number(ran);
    }
    certain += attempts.filter((one) => one === 'ran').length;
    possible += attempts.filter((one) => one === 'may_have_run').length;
    // A program that may have run is sent again only behind a gateway's 502 and 504.
    const worst = attempts.map((one) => order.indexOf(one)).reduce((a, b) => Math.max(a, b));
    assert.equal(endings.get(name), order[worst], name);
  }
  assert.ok(certain <= runs && runs <= certain + possible, `${certain} ${runs} ${possible}`);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('memory and listeners return to where they were after 3,000 programs', async () => {
  const answer = ({ response }) => sendJson(response, 200, HELLO);
  const { signal } = new AbortController();
  await withServer(answer, async (url) => {
    const client = new SandboxClient({ url });
    const run = async (count) => {
      let left = count;
      const work = async () => {
        while (left-- > 0) await client.runCode({ code: 'x' }, { signal });
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    };
    await run(1_000);
    const before = measureHeap();
    await run(3_000);
    const grown = measureHeap() - before;
    // A kilobyte kept of each program would be more than this.
    assert.ok(grown < 3_000 * 1_024, `${grown} bytes`);
  });
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});
