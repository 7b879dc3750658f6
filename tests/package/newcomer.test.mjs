// What a newcomer does first, with nothing but the two packages.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { openPage } from './cases/page.mjs';
import { run } from './cases/place.mjs';
import { installBoth } from './installed.mjs';

const { folder, remove } = await installBoth();
after(remove);

const output = 'Let me check:\n```python\nprint(2**61 - 1)\n```\n';
const use = `const tool = new CodeTool();
tool.execute(${JSON.stringify(output)}).then(({ observation }) => {
  console.log(observation?.text);
  return tool.close();
});
`;

function write(name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

test('the installed sandbox holds its code, its guests and its papers', () => {
  const installed = join(folder, 'node_modules', 'fencerun-sandbox');
  const top = readdirSync(installed).filter((name) => name !== 'node_modules');
  assert.deepEqual(top.sort(), [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'README.md',
    'THIRD-PARTY.md',
    'dist',
    'licenses',
    'package.json',
  ]);
  for (const path of [
    'node.js',
    'node.cjs',
    'node.d.cts',
    'browser.js',
    'worker.js',
    'guest/manifest.json',
  ]) {
    assert.ok(existsSync(join(installed, 'dist', path)), `${path} is missing`);
  }
});

test('five lines of an ES module run model output in the embedded sandbox', async () => {
  const path = write('first.mjs', `import { CodeTool } from 'fencerun';\n${use}`);
  assert.equal(await run(process.execPath, [path]), '2305843009213693951\n\n');
});

test('the same five lines run in CommonJS', async () => {
  const path = write('first.cjs', `const { CodeTool } = require('fencerun');\n${use}`);
  assert.equal(await run(process.execPath, [path]), '2305843009213693951\n\n');
});

test('the sandbox itself can be required', async () => {
  const text = `const { createSandbox } = require('fencerun-sandbox');
const sandbox = createSandbox();
sandbox.runCode({ code: 'print(6 * 7)', language: 'python' }).then(({ run_result }) => {
  process.stdout.write(run_result.stdout);
  return sandbox.close();
});\n`;
  assert.equal(await run(process.execPath, [write('sandbox.cjs', text)]), '42\n');
});

for (const [title, type, options] of [
  ['ES modules', 'module', { module: 'nodenext' }],
  ['CommonJS', 'commonjs', { module: 'node16' }],
  ['a bundler', 'module', { module: 'esnext', moduleResolution: 'bundler' }],
]) {
  test(`the same in strict TypeScript for ${title}, with the sandbox of one's own`, async () => {
    const own = `import { EmbeddedClient } from 'fencerun';\nimport { createSandbox } from 'fencerun-sandbox';
export const client: EmbeddedClient = new EmbeddedClient(() => createSandbox({ workers: 1 }));\n`;
    const compilerOptions = { strict: true, noEmit: true, target: 'es2022', types: [], ...options };
    const project = join('types', title.replaceAll(/\W/g, '-'));
    write(join(project, 'package.json'), JSON.stringify({ type }));
    write(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
    write(join(project, 'main.ts'), `import { CodeTool } from 'fencerun';\n${own}${use}`);
    const compiler = join(process.env.PACKAGE_TOOLS, 'node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [compiler, '-p', project], { cwd: folder });
  });
}

test('the types name the values that there are, and no others', async () => {
  const names = Object.keys(await import('../../pkg/dist/index.js')).map((name) => `${name}: true`);
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', types: [], module: 'nodenext' };
  write('values/package.json', JSON.stringify({ type: 'module' }));
  write('values/tsconfig.json', JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  write(
    'values/main.ts',
    `export const values: Record<keyof typeof import('fencerun'), true> = { ${names} };\n`,
  );
  const compiler = join(process.env.PACKAGE_TOOLS, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '-p', join(folder, 'values')]);
});

test('a page that Vite built runs it in the browser', async () => {
  // As docs/browsers.md says: the files of the sandbox are served beside the page.
  cpSync(join(folder, 'node_modules/fencerun-sandbox/dist'), join(folder, 'vite/public/sandbox'), {
    recursive: true,
  });
  write(
    'vite/index.html',
    '<!doctype html><title>page</title><script type="module" src="/main.js"></script>',
  );
  write(
    'vite/main.js',
    `import { CodeTool, EmbeddedClient } from 'fencerun';
import { createSandbox } from 'fencerun-sandbox';
const sandbox = new EmbeddedClient(() => createSandbox({ assetsUrl: '/sandbox/' }));
const { observation } = await new CodeTool({ sandbox }).execute(${JSON.stringify(output)});
document.body.textContent = observation.text;\n`,
  );
  const vite = join(process.env.PACKAGE_TOOLS, 'node_modules', 'vite', 'bin', 'vite.js');
  await run(process.execPath, [vite, 'build', '--logLevel=warn'], { cwd: join(folder, 'vite') });
  const policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
  const { text, close } = await openPage({ folder: join(folder, 'vite', 'dist'), policy });
  await close();
  assert.equal(text, '2305843009213693951');
});

test('the command line is installed and runs', async () => {
  const path = write('answer.md', output);
  const command = join(folder, 'node_modules', '.bin', 'fencerun');
  assert.equal(await run(command, ['run', path]), '2305843009213693951\n');
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/fencerun/package.json'), 'utf8'));
  assert.equal(await run(command, ['--version']), `${version}\n`);
});
