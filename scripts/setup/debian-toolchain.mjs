// A Rust toolchain for wasm32 out of nothing but Debian packages and crates, for machines that reach only registries.
//
// In: apt's package lists. Out: a folder in the cache with the compiler that Debian builds its browsers with, and a
// wasm32 standard library compiled by it. Nothing is installed: the packages are only unpacked, so no root is needed.

import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDependencies, readVersion } from './apt-output.mjs';
import { ask, findOnPath, runLogged, tryLogged } from './command.mjs';
import { locateCache } from './folders.mjs';
import { dropScratch, keep, openScratch } from './keep.mjs';
import { CannotGoOn, isAtLeast } from './program.mjs';
import { wasmTarget as target, wantedRustVersion } from './rust.mjs';

const name = 'wasm-debian-1';
const wanted = ['rustc-web', 'cargo-web', 'rust-web-src'];
const remedy = `run 'rustup target add ${target}' on a machine that can, or install your system's package of that target`;

/** Whether this system unpacks Debian packages. */
export function canUseDebian() {
  return process.platform === 'linux' && Boolean(findOnPath('apt-get') && findOnPath('dpkg'));
}

/** The toolchain that an earlier run made, or `undefined`. */
export function findDebianToolchain() {
  const folder = join(locateCache(), name);
  return existsSync(folder) ? describe(folder) : undefined;
}

/** Makes the toolchain: downloads and unpacks about 150 MB of packages, then compiles the standard library. */
export async function makeDebianToolchain() {
  const folder = await keep(name, {
    announcement: `making a ${target} toolchain from Debian packages (about 2 minutes, once)`,
    make: fill,
  });
  return describe(folder);
}

async function fill(folder) {
  const packages = await choosePackages();
  const downloads = openScratch('debian-packages');
  await runLogged('debian-download', 'apt-get', ['download', ...packages], { cwd: downloads, remedy });
  for (const file of readdirSync(downloads).filter((file) => file.endsWith('.deb'))) {
    await runLogged('debian-unpack', 'dpkg', ['-x', join(downloads, file), folder], { remedy });
  }
  dropScratch('debian-packages');
  await compileStandardLibrary(folder);
  // The sources have served; they are most of the folder.
  rmSync(join(folder, 'usr', 'src'), { recursive: true, force: true });
  rmSync(join(folder, 'usr', 'share'), { recursive: true, force: true });
}

async function choosePackages() {
  let packages = collectPackages();
  if (!packages) {
    // Works for root only; package lists that are there already do as well.
    await tryLogged('apt-update', 'apt-get', ['-o', 'DPkg::Lock::Timeout=300', 'update']);
    packages = collectPackages();
  }
  if (packages) return packages;
  throw new CannotGoOn(
    `Rust cannot compile to ${target} here, and apt knows no packages ${wanted.join(', ')} of Rust ${wantedRustVersion()} or newer: ${remedy}`,
  );
}

/** The wanted packages, the linker of the same LLVM, and the libraries of both that the system lacks. */
function collectPackages() {
  const shown = ask('apt-cache', ['show', ...wanted]) ?? '';
  if (!wanted.every((one) => shown.includes(`Package: ${one}\n`))) return undefined;
  const version = readVersion(shown);
  if (!version || !isAtLeast(version, wantedRustVersion())) return undefined;
  const chosen = new Set(wanted);
  for (const one of chosen) {
    for (const dependency of readDependencies(ask('apt-cache', ['depends', one]) ?? '')) {
      if (isToUnpack(dependency)) chosen.add(dependency);
      const llvm = /^libllvm(\d+)$/.exec(dependency)?.[1];
      if (llvm) chosen.add(`lld-${llvm}`);
    }
  }
  return [...chosen];
}

function isToUnpack(dependency) {
  if (!dependency.startsWith('lib') || dependency.startsWith('libc6') || dependency === 'libc-dev')
    return false;
  return !ask('dpkg', ['-s', dependency])?.includes('Status: install ok installed');
}

async function compileStandardLibrary(folder) {
  const scratch = openScratch('wasm-std');
  mkdirSync(join(scratch, 'src'), { recursive: true });
  writeFileSync(join(scratch, 'src', 'lib.rs'), '');
  writeFileSync(
    join(scratch, 'Cargo.toml'),
    '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[workspace]\n',
  );
  writePrograms(folder);
  const { variables, programs } = describe(folder);
  const { RUSTC, RUSTDOC, RUSTUP_TOOLCHAIN, ...rest } = process.env;
  const output = join(scratch, 'target');
  await runLogged(
    'wasm-std',
    join(programs, 'cargo'),
    ['build', '--release', '-Zbuild-std=std,panic_abort,test', '--target', target, '--target-dir', output],
    {
      cwd: scratch,
      env: {
        ...rest,
        ...variables,
        PATH: [programs, process.env.PATH].join(':'),
        RUSTC_BOOTSTRAP: '1',
        // Without it a later `lto = true` misses the section .llvmbc.
        RUSTFLAGS: '-Cembed-bitcode=yes',
      },
      remedy,
    },
  );
  const library = join(folder, 'usr', 'lib', 'rustlib', target, 'lib');
  mkdirSync(library, { recursive: true });
  const compiled = join(output, target, 'release', 'deps');
  for (const file of readdirSync(compiled).filter((file) => /^lib.*\.(rlib|rmeta)$/.test(file))) {
    cpSync(join(compiled, file), join(library, file));
  }
  dropScratch('wasm-std');
}

/** Writes starters for the unpacked programs, which find their libraries beside themselves wherever the folder is. */
function writePrograms(folder) {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const libraries = findLibraries(folder);
  for (const program of ['cargo', 'rustc', 'rustdoc']) {
    const path = join(folder, 'bin', program);
    writeFileSync(
      path,
      [
        '#!/bin/sh',
        'here=$(cd "$(dirname "$0")/.." && pwd)',
        `LD_LIBRARY_PATH="$here/${libraries}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
        'export LD_LIBRARY_PATH',
        `exec "$here/usr/bin/${program}" "$@"`,
        '',
      ].join('\n'),
    );
    chmodSync(path, 0o755);
  }
}

function findLibraries(folder) {
  const multiarch = readdirSync(join(folder, 'usr', 'lib')).find((one) => one.endsWith('-linux-gnu'));
  return multiarch ? `usr/lib/${multiarch}` : 'usr/lib';
}

function describe(folder) {
  const llvm = readdirSync(join(folder, 'usr', 'lib')).find((one) => one.startsWith('llvm-'));
  return {
    programs: join(folder, 'bin'),
    variables: {
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: join(
        folder,
        'usr',
        'lib',
        llvm ?? 'llvm',
        'bin',
        'wasm-ld',
      ),
    },
  };
}
