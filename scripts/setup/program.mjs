// Runs a script's main function and turns what stops it into one sentence on stderr and an exit code.

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { oldestNode } from './versions.mjs';

/** Something a person must do by hand: the message says what is wrong and what to do. */
export class CannotGoOn extends Error {}

/** Says one line about a step, on stderr, so that stdout belongs to the command that was asked for. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs `main(args)` when the module at `moduleUrl` is the program itself, not an import.
 * The number that `main` returns is the exit code.
 */
export function runAsProgram(moduleUrl, main) {
  if (!process.argv[1] || realpathSync(process.argv[1]) !== fileURLToPath(moduleUrl)) return;
  if (!isAtLeast(process.versions.node, oldestNode)) {
    say(
      `this project needs Node ${oldestNode} or newer, and this is Node ${process.versions.node}: install a newer Node`,
    );
    process.exit(1);
  }
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      say(describeFailure(error));
      process.exitCode = 1;
    },
  );
}

function describeFailure(error) {
  if (error instanceof CannotGoOn) return error.message;
  // What the system refused is told by its message; anything else is a mistake of ours, told by its stack.
  if (error?.syscall) return `${error.message}: FENCERUN_CACHE can name another folder to keep things in`;
  return error?.stack ?? String(error);
}

/** Whether the dotted version `found` is `wanted` or newer, compared number by number. */
export function isAtLeast(found, wanted) {
  const left = found.split('.').map(Number);
  const right = wanted.split('.').map(Number);
  for (let index = 0; index < right.length; index += 1) {
    const difference = (left[index] ?? 0) - right[index];
    if (difference !== 0) return difference > 0;
  }
  return true;
}
