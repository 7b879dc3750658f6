// wasm-bindgen's command line, at exactly the version of the crate in Cargo.lock.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keepCargoProgram } from './cargo-program.mjs';
import { ask, findOnPath } from './command.mjs';
import { repository } from './folders.mjs';
import { CannotGoOn } from './program.mjs';

/** The version of the package `name` in a Cargo.lock. */
export function readLockedVersion(lock, name) {
  const block = lock.split('[[package]]').find((one) => one.includes(`\nname = "${name}"\n`));
  return /^version = "([^"]+)"/m.exec(block ?? '')?.[1];
}

/** The folder with `wasm-bindgen` and `wasm-bindgen-test-runner`. */
export async function prepareWasmBindgen() {
  const version = readLockedVersion(readFileSync(join(repository, 'Cargo.lock'), 'utf8'), 'wasm-bindgen');
  if (!version) throw new CannotGoOn('Cargo.lock names no wasm-bindgen: run `cargo generate-lockfile`');
  const found = findOnPath('wasm-bindgen');
  if (found && findOnPath('wasm-bindgen-test-runner') && ask(found, ['--version'])?.endsWith(` ${version}`)) {
    return dirname(found);
  }
  return keepCargoProgram('wasm-bindgen-cli', version, 3);
}
