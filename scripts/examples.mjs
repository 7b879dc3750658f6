// `node scripts/examples.mjs HARNESSES NODE [NAME…]`: runs the tests of examples/ where Fencerun is installed as a user
// has it: from the packed tarballs, beside the harnesses, outside of this repository.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { hashInputs } from './build/hash.mjs';
import { repository } from './setup/folders.mjs';
import { handOver } from './setup/hand-over.mjs';
import { keep, keepNewest } from './setup/keep.mjs';
import { CannotGoOn, runAsProgram } from './setup/program.mjs';
import { listTests } from './test/sections.mjs';

runAsProgram(import.meta.url, async ([harnesses, node, ...names]) => {
  if (!node) throw new CannotGoOn('npm test -- harnesses runs this; by itself it takes a folder and a Node');
  const app = mkdtempSync(join(tmpdir(), 'fencerun-examples-'));
  try {
    await install(app, harnesses);
    const chosen = listTests(app).filter(
      (path) => names.length === 0 || names.includes(basename(path, '.test.mjs')),
    );
    // The time-out is for a test that would never end.
    const args = ['--test', '--test-reporter=spec', '--test-timeout=120000', ...chosen];
    return await handOver(node, args, { cwd: app, env: { ...process.env, FENCERUN_REPOSITORY: repository } });
  } finally {
    rmSync(app, { recursive: true });
  }
});

/** Lays out `app`: the examples, the harnesses, and the two packages with what they say they depend on. */
async function install(app, harnesses) {
  const isSource = (path) => basename(path) !== 'node_modules';
  cpSync(join(repository, 'examples'), app, { recursive: true, filter: isSource });
  const modules = join(app, 'node_modules');
  mkdirSync(modules);
  for (const name of listPackages(join(harnesses, 'node_modules'))) {
    link(join(harnesses, 'node_modules', name), join(modules, name));
  }
  for (const folder of ['pkg', 'sandbox']) {
    const { name, dependencies = {} } = JSON.parse(
      readFileSync(join(repository, folder, 'package.json'), 'utf8'),
    );
    const place = join(modules, name);
    mkdirSync(place);
    run('tar', ['-xzf', await pack(folder), '-C', place, '--strip-components=1'], app);
    for (const dependency of Object.keys(dependencies)) {
      // Into the package's own node_modules: an example must not find them.
      link(join(repository, 'node_modules', dependency), join(place, 'node_modules', dependency));
    }
  }
}

/** The tarball of a package. To pack the sandbox takes half a minute, so what was packed is kept. */
async function pack(folder) {
  const files = ['package.json', 'README.md', 'dist', 'dist/generated'].map((name) => join(folder, name));
  const kept = await keep(`packed-${folder}-${hashInputs(repository, files)}`, {
    make: async (unfinished) =>
      run('npm', ['pack', '--silent', '--pack-destination', unfinished], join(repository, folder)),
  });
  keepNewest(`packed-${folder}-`, 6);
  const [tarball] = readdirSync(kept);
  return join(kept, tarball);
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new CannotGoOn(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}

function listPackages(folder) {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(folder, name)).map((part) => `${name}/${part}`)
      : name.startsWith('.')
        ? []
        : [name],
  );
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
