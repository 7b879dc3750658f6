// What the load test talks to: `fencerun serve`, and a server that does nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from '../setup/folders.mjs';

const command = join(repository, 'pkg', 'dist', 'cli.js');

/** Starts `fencerun serve` with the program `node`; gives its URL, how to read its use of the machine, and how to stop it. */
export async function startServe(node, args) {
  const { url, stop } = await start(node, [command, 'serve', '--port', '0', '--no-log', ...args]);
  const readUse = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const read = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    return {
      memoryMb: read('process_resident_memory_bytes') / 1e6,
      cpuSeconds: read('process_cpu_seconds_total'),
    };
  };
  return { url, stop, readUse };
}

const stub = `
  const answer = JSON.stringify({ status: 'Success', message: '', compile_result: null, run_result: { status: 'Finished',
    execution_time: 0, return_code: 0, stdout: '', stderr: '' }, executor_pod_name: null, files: {} });
  const server = require('node:http').createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answer));
  });
  server.listen(0, '127.0.0.1', () => console.error('listening on http://127.0.0.1:' + server.address().port));
`;

/** Starts a server that answers every request at once: what is left is the time of the test itself. */
export function startStub(node) {
  return start(node, ['-e', stub]);
}

async function start(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  let said = '';
  for await (const line of createInterface(child.stderr)) {
    said += `${line}\n`;
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url) return { url, stop };
  }
  throw new Error(`${program} ${args.slice(0, 2).join(' ')} ended at once: ${said}`);
}
