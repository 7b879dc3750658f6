// Hands the terminal over to a command: its streams, its exit code, the signals we get.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs `command` with our stdin, stdout and stderr; the answer is its exit code as a shell would say it. */
export function handOver(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    // A terminal sends its signals to the child as well; then the child decides, and we wait for it.
    const pass = (signal) => child.kill(signal);
    for (const signal of passedOn) process.on(signal, pass);
    const finish = (act) => {
      for (const signal of passedOn) process.removeListener(signal, pass);
      act();
    };
    child.once('error', (error) => finish(() => reject(error)));
    child.once('exit', (code, signal) => finish(() => resolve(code ?? 128 + constants.signals[signal])));
  });
}
