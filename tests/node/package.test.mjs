// The packages as they are installed, and the README as a test.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { extract } from '../../pkg/dist/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'fencerun-package-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(join(root, 'pkg'), join(folder, 'node_modules', 'fencerun'));
symlinkSync(join(root, 'sandbox'), join(folder, 'node_modules', 'fencerun-sandbox'));

test('the crate and both packages have one version', () => {
  const { version } = JSON.parse(read('pkg/package.json'));
  assert.match(read('Cargo.toml'), new RegExp(`^version = "${version}"$`, 'm'));
  assert.equal(JSON.parse(read('js/package.json')).version, version);
  assert.equal(JSON.parse(read('sandbox/package.json')).version, version);
  assert.equal(JSON.parse(read('pkg/package.json')).peerDependencies['fencerun-sandbox'], version);
});

test('the module stays under its budget', () => {
  const { gzipBytes } = JSON.parse(read('benches/size.json'));
  const size = gzipSync(readFileSync(join(root, 'pkg/dist/fencerun_bg.wasm')), { level: 9 }).length;
  assert.ok(size <= gzipBytes, `${size} bytes with gzip, of ${gzipBytes}`);
});

test('the package holds what it needs and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--silent'], {
    cwd: join(root, 'pkg'),
  });
  const report = JSON.parse(stdout);
  const { files } = Array.isArray(report) ? report[0] : Object.values(report)[0];
  const paths = files.map((file) => file.path);
  for (const path of [
    'package.json',
    'README.md',
    'LICENSE-MIT',
    'LICENSE-APACHE',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/cli.js',
  ]) {
    assert.ok(paths.includes(path), `${path} is missing`);
  }
  assert.deepEqual(
    paths.filter(
      (path) => !/^(dist\/|package\.json|README\.md|CHANGELOG\.md|LICENSE-|THIRD-PARTY-LICENSES)/.test(path),
    ),
    [],
  );
});

const examples = extract(read('README.md')).filter(
  ({ lang, code }) => lang === 'js' && !code.includes("from '/"),
);

test('the README has examples', () => assert.ok(examples.length >= 3));

for (const [index, { code }] of examples.entries()) {
  test(`example ${index + 1} of the README does what it says`, async () => {
    // `expression; // value` says what the expression is; `console.log(…); // value` what is printed.
    const checked = code.replace(/^(?!console)(.*); \/\/ (.+)$/gm, 'assert.deepEqual($1, $2);');
    const printed = [...code.matchAll(/^console\.log.*; \/\/ (".*")$/gm)].map((match) =>
      JSON.parse(match[1]),
    );
    const path = join(folder, `example-${index}.mjs`);
    writeFileSync(path, `import assert from 'node:assert/strict';\n${checked}`);
    const { stdout } = await run(process.execPath, [path]);
    assert.equal(stdout, printed.map((text) => `${text}\n`).join(''));
  });
}
