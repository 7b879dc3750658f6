// The ordinary Rust toolchain: there, and new enough for Cargo.toml.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './command.mjs';
import { repository } from './folders.mjs';
import { CannotGoOn, isAtLeast } from './program.mjs';

/** What Rust calls the WebAssembly that browsers and Node run. */
export const wasmTarget = 'wasm32-unknown-unknown';

/** The `rust-version` of a Cargo.toml. */
export function readRustVersion(manifest) {
  return /^rust-version\s*=\s*"([^"]+)"/m.exec(manifest)?.[1];
}

/** The oldest Rust that this project compiles with. */
export function wantedRustVersion() {
  return readRustVersion(readFileSync(join(repository, 'Cargo.toml'), 'utf8')) ?? '1.85';
}

/** The version in what `rustc --version` prints. */
export function readCompilerVersion(line) {
  return /^rustc (\d+\.\d+\.\d+)/.exec(line ?? '')?.[1];
}

/** The version of the Rust on PATH; stops with a sentence when there is none, or one too old for this project. */
export function requireRust() {
  const wanted = wantedRustVersion();
  const remedy = `install Rust ${wanted} or newer, for example from https://rustup.rs, and run the command again`;
  const found = readCompilerVersion(ask('rustc', ['--version'], { cwd: repository }));
  if (!found) throw new CannotGoOn(`no working rustc on PATH: ${remedy}`);
  if (!isAtLeast(found, wanted)) throw new CannotGoOn(`rustc ${found} is too old: ${remedy}`);
  if (!ask('cargo', ['--version'], { cwd: repository }))
    throw new CannotGoOn(`no working cargo on PATH: ${remedy}`);
  return found;
}
