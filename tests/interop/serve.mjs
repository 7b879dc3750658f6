// The command `fencerun serve` as a process of its own, and programs in Python that talk to it.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServe as start } from '../../scripts/load/servers.mjs';

/** Starts the command on a free port; gives its URL and the function that stops it. */
export const startServe = () => start(process.execPath, []);

/** Runs a script of this folder with the packages and the URL, and reads what it prints. */
export async function runPython(script, url) {
  const { INTEROP_PYTHON: python, INTEROP_SITE: site } = process.env;
  const args = ['-W', 'ignore', join(import.meta.dirname, script), site, url];
  const { stdout } = await promisify(execFile)(python, args, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}
