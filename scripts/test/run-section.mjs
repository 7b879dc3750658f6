// Runs one section of the tests: its commands in order, quietly unless something fails.

import { spawn } from 'node:child_process';
import { repository } from '../setup/folders.mjs';
import { judge } from './counts.mjs';

/** Runs a section; answers its counts, its time and everything its commands printed. */
export async function runSection({ name, title, commands, count }, tools) {
  const started = performance.now();
  let output = '';
  let succeeded = true;
  for (const command of commands(tools)) {
    const run = await capture(command);
    output += run.output;
    succeeded &&= run.succeeded;
  }
  const seconds = (performance.now() - started) / 1000;
  return { name, title, seconds, output, ...judge({ succeeded, counts: count?.(output) }) };
}

// The output is read and perhaps kept in a log, so nothing may colour it.
const plain = { NO_COLOR: '1', FORCE_COLOR: undefined, CARGO_TERM_COLOR: 'never' };

function capture({ command, args, env }) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: repository,
      env: { ...process.env, ...env, ...plain },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ succeeded: false, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ succeeded: code === 0, output }));
  });
}
