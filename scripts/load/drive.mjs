// Sends requests to a server, so many at a time, and measures. Knows the protocol, but not what is sent.

import { Agent, request } from 'node:http';

/**
 * Posts what `make(index)` gives, `{ body, check }`, to `/run_code` for every index below `count`, `concurrency` at a
 * time. `check(answer)` says what is wrong with an answer, if anything is.
 */
export async function drive(url, { count, concurrency, make }) {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const milliseconds = new Float64Array(count);
  const faults = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < count; index = next++) {
      const { body, check } = make(index);
      const start = performance.now();
      const fault = await post(new URL('/run_code', url), agent, body).then(
        ({ status, text }) =>
          status === 200 ? check(JSON.parse(text)) : `status ${status}: ${text.slice(0, 200)}`,
        (error) => error.message,
      );
      milliseconds[index] = performance.now() - start;
      if (fault) faults.push(`request ${index}: ${fault}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { count, seconds, rate: count / seconds, faults, milliseconds };
}

function post(url, agent, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The value below which a share of the values lies. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
