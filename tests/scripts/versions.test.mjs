import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDependencies, readVersion } from '../../scripts/setup/apt-output.mjs';
import { readMajorVersion } from '../../scripts/setup/browser.mjs';
import { isAtLeast } from '../../scripts/setup/program.mjs';
import { readCompilerVersion, readRustVersion } from '../../scripts/setup/rust.mjs';
import { readLockedVersion } from '../../scripts/setup/wasm-bindgen.mjs';

test('versions_compare_number_by_number', () => {
  assert.equal(isAtLeast('20.12.0', '20.12.0'), true);
  assert.equal(isAtLeast('20.9.0', '20.12.0'), false);
  assert.equal(isAtLeast('22.1.0', '20.12.0'), true);
  assert.equal(isAtLeast('1.88.0', '1.88'), true);
  assert.equal(isAtLeast('1.87.0', '1.88'), false);
});

test('compiler_version_is_read_with_and_without_a_channel', () => {
  assert.equal(readCompilerVersion('rustc 1.95.0 (59807616e 2026-04-14)'), '1.95.0');
  assert.equal(readCompilerVersion('rustc 1.97.0-nightly (aaaaaaaaa 2026-05-01)'), '1.97.0');
  assert.equal(readCompilerVersion(undefined), undefined);
});

test('rust_version_is_read_from_the_manifest', () => {
  assert.equal(readRustVersion('[package]\nname = "a"\nrust-version = "1.88"\n'), '1.88');
});

test('locked_version_is_that_of_the_package_itself', () => {
  const lock = [
    'version = 4\n\n[[package]]\nname = "wasm-bindgen-macro"\nversion = "0.2.1"\n',
    '[[package]]\nname = "wasm-bindgen"\nversion = "0.2.130"\ndependencies = [\n "once_cell",\n]\n',
  ].join('\n');
  assert.equal(readLockedVersion(lock, 'wasm-bindgen'), '0.2.130');
  assert.equal(readLockedVersion(lock, 'js-sys'), undefined);
});

test('browser_and_driver_name_their_major_version', () => {
  assert.equal(readMajorVersion('Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)'), '156');
  assert.equal(readMajorVersion('ChromeDriver 156.0.8078.79 (0a1b2c-refs/branch-heads/8078@{#1})'), '156');
  assert.equal(readMajorVersion(''), undefined);
});

test('apt_version_is_the_upstream_part_of_the_first_entry', () => {
  const text =
    'Package: rustc-web\nVersion: 1.96.0+dfsg1-1~deb12u2\n\nPackage: rustc-web\nVersion: 1.85.0+dfsg3-1\n';
  assert.equal(readVersion(text), '1.96.0');
  assert.equal(readVersion('Version: 1:22.1.8-1~deb12u1\n'), '22.1.8');
  assert.equal(readVersion(''), undefined);
});

test('apt_dependencies_leave_out_alternatives_and_virtual_packages', () => {
  const text = [
    'cargo-web',
    '  Depends: libc6',
    '  Depends: rustc-web',
    ' |Depends: gcc',
    '  Depends: <c-compiler>',
    '    clang-22',
    '  Conflicts: cargo',
    '  Suggests: python3',
  ].join('\n');
  assert.deepEqual(readDependencies(text), ['libc6', 'rustc-web']);
});
