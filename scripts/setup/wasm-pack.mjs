// wasm-pack, which runs the WebAssembly tests.

import { dirname } from 'node:path';
import { keepCargoProgram } from './cargo-program.mjs';
import { ask, findOnPath } from './command.mjs';
import { wasmPack } from './versions.mjs';

/** The folder with `wasm-pack`. */
export async function prepareWasmPack() {
  const found = findOnPath('wasm-pack');
  if (found && ask(found, ['--version'])?.endsWith(` ${wasmPack}`)) return dirname(found);
  return keepCargoProgram('wasm-pack', wasmPack, 2);
}
