// The Rust core: cargo, wasm-bindgen and wasm-opt, into js/src/generated, where the TypeScript sources import it. It is
// built twice: with everything, and, into generated/blocks, as the crate of code blocks alone. What few need of the first is
// then taken out of it, as a module of its own.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';
import { say } from '../setup/program.mjs';
import { wasmTarget } from '../setup/rust.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';
import { splitModule } from './split.mjs';

const generated = join(repository, 'js', 'src', 'generated');
const stamp = join(repository, 'target', 'build-stamps', 'core');

/**
 * The modules of WebAssembly: the crate that each is, the folder for it, and the parts that are modules of their own, by the
 * names of what they export. A part is used with `core(NAME)` in js/src.
 */
const modules = [
  {
    crate: 'fencerun_module',
    folder: generated,
    parts: { rollouts: /rollout|^isIdentical$|^splitAtMember$/i },
  },
  { crate: 'fencerun_blocks', folder: join(generated, 'blocks'), parts: {} },
];

// What rustc turns on for wasm32-unknown-unknown, and the vector instructions that the build adds.
const features = [
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
  const scripts = ['scripts/build/core.mjs', 'scripts/build/split.mjs'];
  const hash = hashInputs(
    repository,
    ['Cargo.toml', 'Cargo.lock', '.cargo', 'src', 'crates', 'package-lock.json', ...scripts],
    [rust, wasm.folder, wasmBindgen],
  );
  const outputs = modules.flatMap(({ folder, parts }) => {
    const ofParts = Object.keys(parts).flatMap((name) => [`${name}_bg.wasm`, `${name}-inline.ts`]);
    const names = ['fencerun.js', 'fencerun.d.ts', 'fencerun_bg.wasm', 'wasm-inline.ts', ...ofParts];
    return names.map((name) => join(folder, name));
  });
  if (isMadeFrom(stamp, hash, outputs)) return hash;

  say('build: compiling the core to WebAssembly');
  for (const { crate, folder, parts } of modules) {
    // As a library for Rust too, it would not be optimized as a whole with what it depends on.
    const args = ['rustc', '--release', '--lib', '--locked', '--target', wasmTarget];
    args.push('--package', crate.replace('_', '-'), '--crate-type', 'cdylib');
    await runLogged('build-core', 'cargo', args, { cwd: repository, env: wasm.env });
    const compiled = join(wasm.folder, wasmTarget, 'release', `${crate}.wasm`);
    await bindModule(compiled, { folder, parts, next: join(wasm.folder, 'pkg-wasm', crate), wasmBindgen });
  }
  writeStamp(stamp, hash);
  return hash;
}

/** Makes the glue of what cargo compiled, and small modules, in `next`, and puts them into `folder`. */
async function bindModule(compiled, { folder, parts, next, wasmBindgen }) {
  rmSync(next, { recursive: true, force: true });
  // For bundlers, as that glue leaves it to us to find, compile and instantiate the module.
  const binding = ['--target', 'bundler', '--out-name', 'fencerun', '--out-dir', next];
  binding.push('--remove-name-section', '--remove-producers-section', compiled);
  await runLogged('build-bindings', join(wasmBindgen, 'wasm-bindgen'), binding, { cwd: repository });
  const flags = features.map((feature) => `--enable-${feature}`);
  const split = await splitModule(join(next, 'fencerun_bg.wasm'), parts, {
    folder: join(next, 'split'),
    flags,
  });

  mkdirSync(folder, { recursive: true });
  copyFileSync(join(next, 'fencerun_bg.js'), join(folder, 'fencerun.js'));
  writeFileSync(
    join(folder, 'fencerun.d.ts'),
    describeGlue(readFileSync(join(next, 'fencerun.d.ts'), 'utf8')),
  );
  writeWasm(split.main, join(folder, 'fencerun_bg.wasm'), join(folder, 'wasm-inline.ts'));
  for (const [name, bytes] of Object.entries(split.parts)) {
    writeWasm(bytes, join(folder, `${name}_bg.wasm`), join(folder, `${name}-inline.ts`));
  }
}

/** Writes a module as a file, and as text for the entry that loads nothing. */
function writeWasm(bytes, file, inline) {
  writeFileSync(file, bytes);
  writeFileSync(inline, describeInline(bytes, basename(file)));
  const [raw, packed] = [bytes.length, gzipSync(bytes, { level: 9 }).length];
  say(`build: ${relative(repository, file)} has ${toKilobytes(raw)} kB, ${toKilobytes(packed)} kB with gzip`);
}

/** The types of the glue, with the function that is given the exports of the instance. */
function describeGlue(types) {
  return `${types}\nexport function __wbg_set_wasm(exports: WebAssembly.Exports): void;\n`;
}

function describeInline(bytes, name) {
  return `/** The bytes of ${name}, in base64. */\nexport const wasmBase64: string =\n  '${bytes.toString('base64')}';\n`;
}

function toKilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
