// Builds the snapshots of CPython. In: the Python of guest/, componentize-py, a directory with sympy and mpmath.
// Out: guest/ in the output directory: core modules named by their content, and manifest.json that says how they link.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { splitComponent } from './link.mjs';
import { addTableSlot } from './wasm.mjs';

const run = promisify(execFile);
const GUEST = fileURLToPath(new URL('../guest', import.meta.url));
const PACKAGES = [
  'sympy',
  'mpmath',
  'IPython',
  'traitlets',
  'pygments',
  'ipython_pygments_lexers.py',
  'stack_data',
  'executing',
  'asttokens',
  'pure_eval',
];
const QUICKJS = '@jitl/quickjs-wasmfile-release-sync';

/** Runs the guest's initialisation and snapshots the interpreter. */
async function componentize(componentizePy, packagesFrom) {
  const stage = await mkdtemp(join(tmpdir(), 'fencerun-guest-'));
  try {
    await cp(GUEST, stage, { recursive: true });
    for (const name of packagesFrom ? PACKAGES : []) {
      await cp(join(packagesFrom, name), join(stage, 'site-packages', name), { recursive: true });
    }
    const out = join(stage, 'guest.component.wasm');
    const wit = join(stage, 'wit');
    // Without a path it finds no Python of the building machine, whose packages must stay out. The interpreter draws a
    // hash seed while it is initialised, so no two builds are the same to the byte.
    const env = { PATH: '', PYTHONDONTWRITEBYTECODE: '1' };
    await run(componentizePy, ['-d', wit, '-w', 'runner', 'componentize', '-p', stage, 'app', '-o', out], {
      env,
    });
    return await readFile(out);
  } catch (error) {
    throw new Error(`componentize-py failed\n${error.stderr ?? error}`);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Files named by their content, kept until all of them are there. */
class ContentFiles {
  files = new Map();
  add(bytes) {
    const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.wasm`;
    this.files.set(name, bytes);
    return name;
  }
}

async function buildSnapshot(files, componentizePy, packagesFrom) {
  const { modules, plan } = await splitComponent(await componentize(componentizePy, packagesFrom));
  return { modules: modules.map((bytes) => files.add(bytes)), plan };
}

/** Copies what packages say of their licenses to a folder each. */
async function copyLicenses(packagesFrom, quickjs, directory) {
  await cp(join(quickjs, 'LICENSE'), join(directory, 'quickjs-emscripten', 'LICENSE'));
  for (const entry of await readdir(packagesFrom)) {
    const [, name] = /^(.+)-[^-]+\.dist-info$/.exec(entry) ?? [];
    if (name === undefined) continue;
    const files = await readdir(join(packagesFrom, entry), { recursive: true, withFileTypes: true });
    const notices = files.filter((file) => file.isFile() && /^(licen[cs]e|copying|authors)/i.test(file.name));
    if (notices.length === 0) throw new Error(`${entry} has no license`);
    for (const file of notices)
      await cp(join(file.parentPath ?? file.path, file.name), join(directory, name, file.name));
  }
}

/** @param {{ componentizePy: string, sitePackages: string, outDir: string }} options */
export async function buildGuest({ componentizePy, sitePackages, outDir }) {
  const quickjs = join(dirname(createRequire(import.meta.url).resolve(QUICKJS)), 'emscripten-module.wasm');
  const files = new ContentFiles();
  const manifest = {
    snapshots: {
      python: await buildSnapshot(files, componentizePy, undefined),
      'python-sympy': await buildSnapshot(files, componentizePy, sitePackages),
    },
    quickjs: files.add(addTableSlot(await readFile(quickjs))),
  };
  const directory = join(outDir, 'guest');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const [name, bytes] of files.files) await writeFile(join(directory, name), bytes);
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
  await copyLicenses(sitePackages, join(dirname(quickjs), '..'), join(directory, 'licenses'));
}
