// The Rust core: cargo, wasm-bindgen and wasm-opt, into js/src/generated, where the TypeScript sources import it. It is
// built twice: with everything, and, into generated/blocks, as the crate of code blocks alone.

import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';
import { say } from '../setup/program.mjs';
import { wasmTarget } from '../setup/rust.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';
import { runNodeModule } from './node-module.mjs';
import { nameInOrder } from './order.mjs';
import { trapOnPanic } from './panics.mjs';

const generated = join(repository, 'js', 'src', 'generated');
const stamp = join(repository, 'target', 'build-stamps', 'core');

/** The modules of WebAssembly: the crate that each is, what cargo is told besides, and the folder for it. */
const modules = [
  { crate: 'fencerun_module', folder: generated },
  { crate: 'fencerun_blocks', options: ['--features', 'module'], folder: join(generated, 'blocks') },
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
  const hash = hashInputs(
    repository,
    [
      'Cargo.toml',
      'Cargo.lock',
      '.cargo',
      'src',
      'crates',
      'package-lock.json',
      'scripts/build/core.mjs',
      'scripts/build/order.mjs',
      'scripts/build/panics.mjs',
    ],
    [rust, wasm.folder, wasmBindgen],
  );
  const names = ['fencerun.js', 'fencerun.d.ts', 'fencerun_bg.wasm', 'wasm-inline.ts'];
  const outputs = modules.flatMap(({ folder }) => names.map((name) => join(folder, name)));
  if (isMadeFrom(stamp, hash, outputs)) return hash;

  say('build: compiling the core to WebAssembly');
  for (const { crate, folder, options = [] } of modules) {
    // As a library for Rust too, it would not be optimized as a whole with what it depends on.
    const args = ['rustc', '--release', '--lib', '--locked', '--target', wasmTarget];
    args.push('--package', crate.replace('_', '-'), '--crate-type', 'cdylib', ...options);
    await runLogged('build-core', 'cargo', args, { cwd: repository, env: wasm.env });
    const compiled = join(wasm.folder, wasmTarget, 'release', `${crate}.wasm`);
    await bindModule(compiled, folder, join(wasm.folder, 'pkg-wasm', crate), wasmBindgen);
  }
  writeStamp(stamp, hash);
  return hash;
}

/** Makes the glue of what cargo compiled, and the module small, in `next`, and puts both into `folder`. */
async function bindModule(compiled, folder, next, wasmBindgen) {
  rmSync(next, { recursive: true, force: true });
  // For bundlers, as that glue leaves it to us to find, compile and instantiate the module.
  const binding = ['--target', 'bundler', '--out-name', 'fencerun', '--out-dir', next];
  binding.push('--remove-producers-section', compiled);
  await runLogged('build-bindings', join(wasmBindgen, 'wasm-bindgen'), binding, { cwd: repository });
  const module = join(next, 'fencerun_bg.wasm');
  await trapOnPanic(module);
  const small = join(next, 'small.wasm');
  const flags = features.map((feature) => `--enable-${feature}`);
  await runNodeModule('build-optimize', 'wasm-opt', [
    '-O3',
    '--strip-target-features',
    ...flags,
    module,
    '-o',
    small,
  ]);
  renameSync(small, module);

  mkdirSync(folder, { recursive: true });
  copyFileSync(join(next, 'fencerun_bg.js'), join(folder, 'fencerun.js'));
  copyFileSync(module, join(folder, 'fencerun_bg.wasm'));
  writeFileSync(
    join(folder, 'fencerun.d.ts'),
    describeGlue(readFileSync(join(next, 'fencerun.d.ts'), 'utf8')),
  );
  const bytes = readFileSync(module);
  writeFileSync(join(folder, 'wasm-inline.ts'), describeInline(bytes));
  const [raw, packed] = [statSync(module).size, gzipSync(bytes, { level: 9 }).length];
  const name = basename(compiled, '.wasm');
  say(`build: ${name} is ${toKilobytes(raw)} kB of WebAssembly, ${toKilobytes(packed)} kB with gzip`);
}

/** The types of the glue, with the function that is given the exports of the instance. */
function describeGlue(types) {
  return `${types}\nexport function __wbg_set_wasm(exports: WebAssembly.Exports): void;\n`;
}

/** The module of TypeScript that carries the WebAssembly as text, for the entry that loads nothing. */
export function describeInline(bytes) {
  return `/** The bytes of fencerun_bg.wasm, in base64. */\nexport const wasmBase64: string =\n  '${bytes.toString('base64')}';\n`;
}

function toKilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
