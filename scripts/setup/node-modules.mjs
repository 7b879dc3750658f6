// npm packages: installed whenever package-lock.json is not the one that node_modules was made from.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runLogged, tryLogged } from './command.mjs';
import { locateCache, repository } from './folders.mjs';
import { withLock } from './lock.mjs';
import { say } from './program.mjs';

const lockFile = join(repository, 'package-lock.json');
const stamp = join(repository, 'node_modules', '.made-from');

/** Installs the npm packages that package-lock.json names, unless they are there. */
export async function prepareNodeModules() {
  const wanted = hashOf(lockFile);
  if (readStamp() === wanted) return;
  const lock = join(locateCache(), 'locks', `node-modules-${hashOfText(repository).slice(0, 12)}`);
  await withLock(
    lock,
    async () => {
      if (readStamp() === wanted) return;
      say('set-up: installing npm packages (about half a minute)');
      await install();
      writeFileSync(stamp, wanted);
    },
    { onWait: () => say('set-up: waiting for another run to install npm packages') },
  );
}

/**
 * A first install is `npm ci`. `npm install --no-save`, which also keeps to the lock file, brings an old node_modules
 * up to date, and forgives what `npm ci` does not: a lock file without the packages of platforms that are not this one.
 */
async function install() {
  const quiet = ['--no-audit', '--no-fund', '--no-progress'];
  const isFirst = !existsSync(dirname(stamp));
  if (isFirst && (await tryLogged('npm', ...locateNpm(['ci', ...quiet]), { cwd: repository }))) return;
  await runLogged('npm', ...locateNpm(['install', '--no-save', ...quiet]), {
    cwd: repository,
    remedy: 'check that the npm registry can be reached, then run the command again',
  });
}

/** Installs what the lock file in `folder` names, and nothing else. */
export async function installLocked(log, folder, options = []) {
  const args = ['ci', '--no-audit', '--no-fund', '--no-progress', ...options];
  await runLogged(log, ...locateNpm(args), {
    cwd: folder,
    remedy: 'check that the npm registry can be reached, then run the command again',
  });
}

/** npm as the current Node runs it: under `npm run` npm says where it is. */
export function locateNpm(args) {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script) && existsSync(script))
    return [process.execPath, [script, ...args]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

function readStamp() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

function hashOf(path) {
  return hashOfText(readFileSync(path));
}

function hashOfText(text) {
  return createHash('sha256').update(text).digest('hex');
}
