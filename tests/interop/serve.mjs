// The command `fencerun serve` as a process of its own, and programs in Python that talk to it.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const command = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));

/** Starts the command on a free port; gives its URL and the function that stops it. */
export async function startServe(...args) {
  const child = spawn(process.execPath, [command, 'serve', '--port', '0', '--no-log', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = () => {
    child.kill();
    return ended;
  };
  let said = '';
  for await (const line of createInterface(child.stderr)) {
    said += `${line}\n`;
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url) return { url, stop };
  }
  throw new Error(`fencerun serve ended at once: ${said}`);
}

/** Runs a script of this folder with the packages and the URL, and reads what it prints. */
export async function runPython(script, url) {
  const { INTEROP_PYTHON: python, INTEROP_SITE: site } = process.env;
  const args = ['-W', 'ignore', join(import.meta.dirname, script), site, url];
  const { stdout } = await promisify(execFile)(python, args, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}
