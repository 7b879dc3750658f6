// Rust for wasm32-unknown-unknown: the toolchain's own target, else rustup's, else one made from Debian packages.

import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ask, findOnPath, locateLog, tryLogged } from './command.mjs';
import { canUseDebian, findDebianToolchain, makeDebianToolchain } from './debian-toolchain.mjs';
import { repository } from './folders.mjs';
import { CannotGoOn, say } from './program.mjs';
import { wasmTarget as target } from './rust.mjs';

const rustupTimeoutMs = 120_000;

/**
 * The environment in which `cargo … --target wasm32-unknown-unknown` works, and the folder cargo must build in, as two
 * toolchains must not share one. FENCERUN_WASM_TARGET (`rustup` or `debian`) overrides the choice.
 */
export async function prepareWasmTarget() {
  const choice = process.env.FENCERUN_WASM_TARGET || undefined;
  if (choice && choice !== 'rustup' && choice !== 'debian') {
    throw new CannotGoOn(`FENCERUN_WASM_TARGET is '${choice}': expected 'rustup', 'debian' or nothing`);
  }
  if (choice !== 'debian') {
    if (hasTarget()) return describeOrdinary();
    const made = choice ? undefined : findDebianToolchain();
    if (made) return describeDebian(made);
    if (await addByRustup()) return describeOrdinary();
    if (choice) {
      throw new CannotGoOn(`'rustup target add ${target}' failed; its output is in ${locateLog('rustup')}`);
    }
  }
  if (!canUseDebian()) {
    throw new CannotGoOn(
      `Rust cannot compile to ${target} here: run 'rustup target add ${target}', or install your system's package of it`,
    );
  }
  return describeDebian(findDebianToolchain() ?? (await makeDebianToolchain()));
}

function hasTarget() {
  const sysroot = ask('rustc', ['--print', 'sysroot'], { cwd: repository });
  if (!sysroot) return false;
  try {
    return readdirSync(join(sysroot, 'lib', 'rustlib', target, 'lib')).some((name) =>
      /^libstd.*\.rlib$/.test(name),
    );
  } catch {
    return false;
  }
}

async function addByRustup() {
  if (!findOnPath('rustup')) return false;
  say(`set-up: adding ${target} to the Rust toolchain (under a minute, once)`);
  // In the repository, so that a rust-toolchain file there would count.
  const options = { cwd: repository, timeoutMs: rustupTimeoutMs };
  return (await tryLogged('rustup', 'rustup', ['target', 'add', target], options)) && hasTarget();
}

function describeOrdinary() {
  const folder = join(repository, 'target');
  return { env: withFlags({ ...process.env, CARGO_TARGET_DIR: folder }), folder };
}

function describeDebian(toolchain) {
  const folder = join(repository, 'target', 'wasm-debian');
  const { RUSTC, RUSTDOC, RUSTUP_TOOLCHAIN, ...rest } = process.env;
  const env = { ...rest, ...toolchain.variables, CARGO_TARGET_DIR: folder };
  env.PATH = [toolchain.programs, process.env.PATH].join(':');
  return { env: withFlags(env), folder };
}

/**
 * Vector instructions, which every supported engine has, make the searches several times faster; and no module names a place
 * of the machine that built it.
 */
function withFlags(env) {
  const flags = ['-Ctarget-feature=+simd128'];
  const crates = env.CARGO_HOME ?? join(homedir(), '.cargo');
  // Flags are separated by white space.
  if (!/\s/.test(crates)) flags.push(`--remap-path-prefix=${crates}=/cargo`);
  return { ...env, RUSTFLAGS: [env.RUSTFLAGS, ...flags].filter(Boolean).join(' ') };
}
