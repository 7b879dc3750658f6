// The embedded sandbox: its TypeScript, and the two Python guests, which the cache keeps by the hash of their sources.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';
import { keep, keepNewest } from '../setup/keep.mjs';
import { say } from '../setup/program.mjs';
import { componentizePy, pythonWheels } from '../setup/versions.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';

const output = join(repository, 'sandbox', 'dist');
const builder = join(repository, 'sandbox', 'build.mjs');
const guestSources = ['sandbox/guest', 'sandbox/build.mjs', 'sandbox/build'];
const stamps = join(repository, 'target', 'build-stamps');

/** Builds sandbox/dist unless its sources are those of the last time. Answers the hash of its code's inputs. */
export async function buildSandbox({ python }) {
  const pins = [componentizePy, JSON.stringify(pythonWheels)];
  const locked = [
    'package-lock.json',
    'sandbox/package.json',
    'tsconfig.base.json',
    'scripts/build/sandbox.mjs',
  ];
  const guest = hashInputs(repository, [...guestSources, 'package-lock.json'], pins);
  const code = hashInputs(repository, ['sandbox', ...locked], pins);
  if (!isMadeFrom(join(stamps, 'sandbox-code'), code, [output])) {
    say('build: compiling sandbox/');
    await runLogged('build-sandbox', process.execPath, [builder, '--only', 'code'], { cwd: repository });
    writeStamp(join(stamps, 'sandbox-code'), code);
  }
  if (!isMadeFrom(join(stamps, 'sandbox-guest'), guest, [output])) {
    const kept = await keepGuest(guest.slice(0, 16), python);
    cpSync(kept, output, { recursive: true });
    writeStamp(join(stamps, 'sandbox-guest'), guest);
  }
  return code;
}

async function keepGuest(hash, { componentizePy, sitePackages }) {
  const folder = await keep(`guest-${hash}`, {
    announcement: 'building the Python guests of the sandbox (about a minute, kept for the next clone)',
    make: (out) => {
      const tools = ['--componentize-py', componentizePy, '--site-packages', sitePackages];
      const args = [builder, '--only', 'guest', ...tools, '--out', out];
      return runLogged('build-guest', process.execPath, args, { cwd: repository });
    },
  });
  keepNewest('guest-', 3);
  return folder;
}
