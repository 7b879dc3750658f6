// The Rust core: cargo, wasm-bindgen and wasm-opt, into js/src/generated, where the TypeScript sources import it.

import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';
import { say } from '../setup/program.mjs';
import { wasmTarget } from '../setup/rust.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';
import { runNodeModule } from './node-module.mjs';

const generated = join(repository, 'js', 'src', 'generated');
const stamp = join(repository, 'target', 'build-stamps', 'core');

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
    ['Cargo.toml', 'Cargo.lock', '.cargo', 'src', 'crates', 'package-lock.json', 'scripts/build/core.mjs'],
    [rust, wasm.folder, wasmBindgen],
  );
  const outputs = ['fencerun.js', 'fencerun.d.ts', 'fencerun_bg.wasm', 'wasm-inline.ts'];
  if (
    isMadeFrom(
      stamp,
      hash,
      outputs.map((name) => join(generated, name)),
    )
  )
    return hash;

  say('build: compiling the core to WebAssembly');
  await runLogged(
    'build-core',
    'cargo',
    ['build', '--release', '--lib', '--locked', '--target', wasmTarget],
    {
      cwd: repository,
      env: wasm.env,
    },
  );
  const next = join(wasm.folder, 'pkg-wasm');
  rmSync(next, { recursive: true, force: true });
  const compiled = join(wasm.folder, wasmTarget, 'release', 'fencerun.wasm');
  // For bundlers, as that glue leaves it to us to find, compile and instantiate the module.
  const binding = ['--target', 'bundler', '--out-name', 'fencerun', '--out-dir', next];
  binding.push('--remove-name-section', '--remove-producers-section', compiled);
  await runLogged('build-bindings', join(wasmBindgen, 'wasm-bindgen'), binding, { cwd: repository });
  const module = join(next, 'fencerun_bg.wasm');
  const small = join(next, 'small.wasm');
  const flags = features.map((feature) => `--enable-${feature}`);
  await runNodeModule('build-optimize', 'wasm-opt', ['-O3', ...flags, module, '-o', small]);
  renameSync(small, module);

  mkdirSync(generated, { recursive: true });
  copyFileSync(join(next, 'fencerun_bg.js'), join(generated, 'fencerun.js'));
  copyFileSync(module, join(generated, 'fencerun_bg.wasm'));
  writeFileSync(
    join(generated, 'fencerun.d.ts'),
    describeGlue(readFileSync(join(next, 'fencerun.d.ts'), 'utf8')),
  );
  const bytes = readFileSync(module);
  writeFileSync(join(generated, 'wasm-inline.ts'), describeInline(bytes));
  writeStamp(stamp, hash);
  const [raw, packed] = [statSync(module).size, gzipSync(bytes, { level: 9 }).length];
  say(`build: core is ${toKilobytes(raw)} kB of WebAssembly, ${toKilobytes(packed)} kB with gzip`);
  return hash;
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
