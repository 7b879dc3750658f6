// The Rust core: cargo, wasm-bindgen and wasm-opt, into js/src/generated, where the TypeScript sources import it. It is
// built twice: with everything, and, into generated/blocks, as the crate of code blocks alone. What few need of the first is
// then taken out of it, as a module of its own.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';
import { say } from '../setup/program.mjs';
import { wasmTarget } from '../setup/rust.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';
import { trapOnPanic } from './panics.mjs';
import { readReferences, removeReferences } from './references.mjs';
import { splitModule } from './split.mjs';

const generated = join(repository, 'js', 'src', 'generated');
const stamp = join(repository, 'target', 'build-stamps', 'core');

/**
 * The modules of WebAssembly: the crate that each is and its features, the folder for it, and the parts that are modules of
 * their own, by the names of what they export: all else goes where it is needed. A part needs those before it, and is started
 * when the first of its functions is looked up.
 */
const modules = [
  {
    crate: 'fencerun_module',
    folder: generated,
    parts: {
      rollouts: /rollout/i,
    },
  },
  {
    crate: 'fencerun_blocks',
    features: ['module'],
    // The level of the crate that is linked decides whether any loop becomes one of vector instructions.
    config: ['profile.release.package.fencerun-blocks.opt-level=3'],
    folder: join(generated, 'blocks'),
    parts: {},
  },
];

// What rustc turns on for wasm32-unknown-unknown, and the vector instructions that the build adds.
const instructions = [
  'simd',
  'bulk-memory',
  'bulk-memory-opt',
  'call-indirect-overlong',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'reference-types',
  'sign-ext',
];

/** Builds the core unless its sources and tools are those of the last time. Answers the hash of its inputs. */
export async function buildCore({ rust, wasm, wasmBindgen }) {
  const names = [
    'core',
    'gzip',
    'lifetimes',
    'locals',
    'order',
    'panics',
    'references',
    'split',
    'wasm-format',
  ];
  const scripts = names.map((name) => `scripts/build/${name}.mjs`);
  const hash = hashInputs(
    repository,
    ['Cargo.toml', 'Cargo.lock', '.cargo', 'src', 'crates', 'package-lock.json', ...scripts],
    [rust, wasm.folder, wasmBindgen],
  );
  const outputs = modules.flatMap(({ folder, parts }) => {
    const ofParts = Object.keys(parts).map((name) => `${name}_bg.wasm`);
    const names = ['fencerun.js', 'fencerun.d.ts', 'fencerun_bg.wasm', ...ofParts];
    return names.map((name) => join(folder, name));
  });
  outputs.push(join(generated, 'catalogue.js'));
  if (isMadeFrom(stamp, hash, outputs)) return hash;

  say('build: compiling the core to WebAssembly');
  for (const { crate, features = [], config = [], folder, parts } of modules) {
    // As a library for Rust too, it would not be optimized as a whole with what it depends on.
    const args = ['rustc', '--release', '--lib', '--locked', '--target', wasmTarget];
    args.push('--package', crate.replace('_', '-'), '--crate-type', 'cdylib');
    for (const feature of features) args.push('--features', feature);
    for (const one of config) args.push('--config', one);
    // What refers to what by its address is known to the linker alone.
    args.push('--', '-Clink-arg=--emit-relocs');
    await runLogged('build-core', 'cargo', args, { cwd: repository, env: wasm.env });
    const compiled = join(wasm.folder, wasmTarget, 'release', `${crate}.wasm`);
    await bindModule(compiled, { folder, parts, next: join(wasm.folder, 'pkg-wasm', crate), wasmBindgen });
  }
  await writeCatalogue(join(wasm.folder, 'catalogue.json'));
  writeStamp(stamp, hash);
  return hash;
}

/** The lists of what there is to choose from, which are in no module: as JavaScript, for `js/src` to import. */
async function writeCatalogue(file) {
  const args = ['run', '--locked', '--package', 'fencerun-catalogue', '--', file];
  await runLogged('build-catalogue', 'cargo', args, { cwd: repository });
  const lists = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
  const code = lists.map(([name, list]) => `export const ${name} = ${JSON.stringify(list)};\n`);
  const types = lists.map(([name]) => `export const ${name}: readonly unknown[];\n`);
  writeFileSync(join(generated, 'catalogue.js'), code.join(''));
  writeFileSync(join(generated, 'catalogue.d.ts'), types.join(''));
}

/** Makes the glue of what cargo compiled, and small modules, in `next`, and puts them into `folder`. */
async function bindModule(compiled, { folder, parts, next, wasmBindgen }) {
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  const linked = readFileSync(compiled);
  const input = join(next, 'linked.wasm');
  writeFileSync(input, removeReferences(linked));
  // For bundlers, as that glue leaves it to us to find, compile and instantiate the module.
  const bind = (out, args) =>
    runLogged(
      'build-bindings',
      join(wasmBindgen, 'wasm-bindgen'),
      ['--target', 'bundler', '--out-name', 'fencerun', '--out-dir', out, ...args, input],
      { cwd: repository },
    );
  await bind(next, ['--no-demangle', '--remove-producers-section']);
  // The linker's names tell which function is which, those that people read which of them begin a panic.
  const readable = join(next, 'readable');
  await bind(readable, []);
  const module = join(next, 'fencerun_bg.wasm');
  const references = readReferences(linked);
  const trapped = new Set(await trapOnPanic(module, join(readable, 'fencerun_bg.wasm')));
  const flags = instructions.map((one) => `--enable-${one}`);
  const options = { references, trapped, folder: join(next, 'split'), flags };
  const split = await splitModule(module, parts, options);

  // With what an earlier build left.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const glue = readFileSync(join(next, 'fencerun_bg.js'), 'utf8');
  const members = Object.entries(split.parts).map(([name, bytes]) => [name, findMembers(glue, bytes)]);
  const further = describeFurther(glue, Object.fromEntries(members));
  writeFileSync(join(folder, 'fencerun.js'), `${glue}\n${further.code}`);
  const types = readFileSync(join(next, 'fencerun.d.ts'), 'utf8');
  writeFileSync(join(folder, 'fencerun.d.ts'), `${types}\n${further.types}`);
  for (const [name, bytes] of Object.entries({ fencerun: split.main, ...split.parts })) {
    writeWasm(bytes, join(folder, `${name}_bg.wasm`));
  }
}

/** The functions and classes of the glue that call what a module exports. */
function findMembers(glue, bytes) {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
  // Those with underscores are for the modules.
  const members = glue
    .split(/^(?=export (?:class|function) )/m)
    .filter((one) => /^export \w+ [^_]/.test(one));
  const isOf = (member) => [...member.matchAll(/\bwasm\.(\w+)/g)].some(([, name]) => names.includes(name));
  return members.filter(isOf).map((member) => /^export \w+ (\w+)/.exec(member)[1]);
}

/** What the glue has besides: all of it as one object, and which of its members need which part. */
function describeFurther(glue, parts) {
  const names = [...glue.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  return {
    // Written out, as a bundler makes a namespace by functions of its own, in a file of their own.
    code: `export const glue = { ${names.join(', ')} };\nexport const parts = ${JSON.stringify(parts)};\n`,
    types: `export const glue: WebAssembly.ModuleImports;
export const parts: Readonly<Record<string, readonly string[]>>;
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;\n`,
  };
}

function writeWasm(bytes, file) {
  writeFileSync(file, bytes);
  const [raw, packed] = [bytes.length, gzipSync(bytes, { level: 9 }).length];
  say(`build: ${relative(repository, file)} has ${toKilobytes(raw)} kB, ${toKilobytes(packed)} kB with gzip`);
}

function toKilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
