// Runs other programs: quietly for an answer, or as a step with its output in a log file.

import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join, sep } from 'node:path';
import { locateCache, repository } from './folders.mjs';
import { CannotGoOn } from './program.mjs';

const tailLines = 15;

/** The standard output of a short command, trimmed, or `undefined` when it fails or does not exist. */
export function ask(command, args, { env = process.env, cwd } = {}) {
  const answer = spawnSync(command, args, {
    env,
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

/** The full path of `name` on PATH, or `undefined`. */
export function findOnPath(name, env = process.env) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (folder && isProgram(path)) return path;
    }
  }
  return undefined;
}

/** Whether `path` is a file that can be run. */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a long command with its output in `logs/<log>.log` of the cache folder.
 * Answers whether it succeeded; `timeoutMs` ends it and counts as failure.
 */
export function tryLogged(log, command, args, { env = process.env, cwd, timeoutMs } = {}) {
  const path = locateLog(log);
  mkdirSync(dirname(path), { recursive: true });
  const output = openSync(path, 'w');
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env,
      cwd,
      stdio: ['ignore', output, output],
      timeout: timeoutMs,
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    });
    const finish = (succeeded) => {
      closeSync(output);
      resolve(succeeded);
    };
    child.once('error', () => finish(false));
    child.once('exit', (code) => finish(code === 0));
  });
}

/** Runs a long command like `tryLogged`; its failure stops the script with the end of the log and `remedy`. */
export async function runLogged(log, command, args, { remedy, ...options } = {}) {
  if (await tryLogged(log, command, args, options)) return;
  throw new CannotGoOn(
    [
      `${describeCommand(command, args)} failed; the whole output is in ${locateLog(log)}, which ends:`,
      ...readTail(locateLog(log)).map((line) => `  | ${line}`),
      ...(remedy ? [remedy] : []),
    ].join('\n'),
  );
}

/** A command as one would say it: programs by their names, files of the repository from its root. */
function describeCommand(command, args) {
  const words = command === process.execPath ? ['node', ...args] : [basename(command), ...args];
  return words.join(' ').replaceAll(repository + sep, '');
}

/** Where the output of the step `log` is kept. */
export function locateLog(log) {
  return join(locateCache(), 'logs', `${log}.log`);
}

function readTail(path) {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-tailLines);
  } catch {
    return [];
  }
}
