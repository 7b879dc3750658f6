// The embedded sandbox: its TypeScript, and the Python guests, which the cache keeps by the hash of their sources.

import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';
import { keep, keepNewest } from '../setup/keep.mjs';
import { say } from '../setup/program.mjs';
import { componentizePy, pythonWheels } from '../setup/versions.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';

const output = join(repository, 'sandbox', 'dist');
const guests = join(output, 'guest');
const builder = join(repository, 'sandbox', 'build.mjs');
const stamps = join(repository, 'target', 'build-stamps');

/** Builds sandbox/dist unless its sources are those of the last time. Answers the hash of its code's inputs. */
export async function buildSandbox({ python }) {
  const code = await buildCode();
  await buildGuests(python);
  return code;
}

async function buildCode() {
  const stamp = join(stamps, 'sandbox-code');
  const inputs = ['sandbox', 'tsconfig.base.json', 'package-lock.json', 'scripts/build/sandbox.mjs'];
  const hash = hashInputs(repository, inputs);
  if (isMadeFrom(stamp, hash, [output])) return hash;

  say('build: compiling sandbox/');
  // Built aside and exchanged at the end, so that deleted sources leave nothing and a failure breaks nothing.
  const next = join(repository, 'target', 'sandbox-next');
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  await runLogged('build-sandbox', process.execPath, [builder, '--only', 'code', '--out', next], {
    cwd: repository,
  });
  if (existsSync(guests)) renameSync(guests, join(next, 'guest'));
  rmSync(output, { recursive: true, force: true });
  renameSync(next, output);
  writeStamp(stamp, hash);
  return hash;
}

async function buildGuests(tools) {
  const stamp = join(stamps, 'sandbox-guest');
  const inputs = ['sandbox/guest', 'sandbox/build.mjs', 'sandbox/build', 'sandbox/package.json'];
  const hash = hashInputs(repository, inputs, [componentizePy, JSON.stringify(pythonWheels)]);
  if (isMadeFrom(stamp, hash, [guests])) return;

  const kept = await keepGuests(hash.slice(0, 16), tools);
  rmSync(guests, { recursive: true, force: true });
  cpSync(join(kept, 'guest'), guests, { recursive: true });
  writeStamp(stamp, hash);
}

async function keepGuests(hash, tools) {
  const folder = await keep(`guest-${hash}`, {
    announcement: 'building the Python guests of the sandbox (about a minute, kept for the next clone)',
    make: (out) => {
      const args = [builder, '--only', 'guest', '--out', out];
      args.push('--componentize-py', tools.componentizePy, '--site-packages', tools.sitePackages);
      return runLogged('build-guest', process.execPath, args, { cwd: repository });
    },
  });
  keepNewest('guest-', 3);
  return folder;
}
