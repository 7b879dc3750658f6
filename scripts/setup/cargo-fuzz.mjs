// cargo-fuzz, which drives libFuzzer; it needs a nightly compiler and a C++ compiler, which are not installed for it.

import { keepCargoProgram } from './cargo-program.mjs';
import { ask, findOnPath } from './command.mjs';
import { cargoFuzz } from './versions.mjs';

/** Whether this machine can fuzz. */
export function canFuzz() {
  const rustup = findOnPath('rustup');
  return Boolean(rustup && findOnPath('c++') && ask(rustup, ['run', 'nightly', 'rustc', '--version']));
}

/** The folder with `cargo-fuzz`. */
export function prepareCargoFuzz() {
  return keepCargoProgram('cargo-fuzz', cargoFuzz, 2);
}
