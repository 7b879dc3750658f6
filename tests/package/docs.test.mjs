// Every block of code in the README and the guides, run where a reader would run it: beside both installed packages.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { extract, profiles } from '../../pkg/dist/index.js';
import { openPage } from './cases/page.mjs';
import { run } from './cases/place.mjs';
import { installBoth } from './installed.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'sandbox/README.md', ...guides.map((name) => `docs/${name}`)];
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

const { folder, remove } = await installBoth();
after(remove);
const installed = (...path) => join(folder, 'node_modules', ...path);
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; worker-src 'self'; connect-src 'self'";

/** How a block is run, by the words behind its fence; a text is for reading. */
const ways = {
  js: runScript,
  'js example': findExample,
  'js page': runPage,
  html: runHtml,
  ts: checkTypes,
  sh: runShell,
  rust: findDoctest,
  json: JSON.parse,
};

for (const page of pages) {
  const blocks = readBlocks(page);
  test(`${page} has a way to run each of its blocks`, () => {
    assert.deepEqual(
      blocks.map(({ info }) => info).filter((info) => !Object.hasOwn(ways, info)),
      [],
    );
  });
  for (const [index, { info, code }] of blocks.entries()) {
    const title = `${info} block ${index + 1} of ${page} does what it says`;
    test(title, () => ways[info]?.(code, { page, name: `${page.replaceAll('/', '-')}-${index}` }));
  }
}

/** The words in code marks in the table rows of a page's section. */
function readNames(page, section) {
  const text = readFileSync(join(root, page), 'utf8').split(`\n## ${section}\n`)[1].split('\n## ')[0];
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.flatMap((row) => [...row.matchAll(/`([a-z0-9/-]+)`/g)].map(([, name]) => name));
}

test('the README names every profile, and no other', () => {
  const names = profiles().map(({ name }) => name);
  assert.deepEqual(readNames('README.md', 'Profiles').sort(), names.sort());
});

/** The blocks of a page but those of plain text. */
function readBlocks(page) {
  return extract(readFileSync(join(root, page), 'utf8')).filter(({ info }) => info !== 'text');
}

// `expression; // value` says what the expression is; `console.log(…); // "text"` what is printed.
async function runScript(code, { name }) {
  const checked = code.replace(/^(?!console)(.*); \/\/ (.+)$/gm, 'assert.deepEqual($1, $2);');
  const printed = [...code.matchAll(/^console\.log.*; \/\/ (".*")$/gm)].map((match) => JSON.parse(match[1]));
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `import assert from 'node:assert/strict';\n${checked}`);
  assert.equal(await run(process.execPath, [path]), printed.map((text) => `${text}\n`).join(''));
}

/** The examples are run with the real harnesses by `npm test -- harnesses`. */
function findExample(code) {
  const folders = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' });
  const files = folders.filter((name) => name.endsWith('.mjs') && !name.startsWith('node_modules'));
  assert.ok(files.some((name) => readFileSync(join(root, 'examples', name), 'utf8') === code));
}

// `document.body.textContent = …; // "text"` says what the page then shows.
function readShown(code) {
  return JSON.parse(/document\.body\.textContent = .*; \/\/ (".*")$/m.exec(code)[1]);
}

async function runPage(code, { name }) {
  const project = join(folder, name);
  mkdirSync(join(project, 'public'), { recursive: true });
  writeFileSync(join(project, 'index.html'), '<!doctype html><script type="module" src="/main.js"></script>');
  writeFileSync(join(project, 'main.js'), code);
  const vite = join(process.env.PACKAGE_TOOLS, 'node_modules', 'vite', 'bin', 'vite.js');
  await run(process.execPath, [vite, 'build', '--logLevel=warn'], { cwd: project });
  const mounts = { '/sandbox/': installed('fencerun-sandbox', 'dist') };
  const { text, close } = await openPage({ folder: join(project, 'dist'), mounts, policy });
  await close();
  assert.equal(text, readShown(code));
}

async function runHtml(code, { name }) {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, 'index.html'), code);
  const mounts = {
    '/fencerun/': installed('fencerun', 'dist'),
    '/sandbox/': installed('fencerun-sandbox', 'dist'),
  };
  const { text, close } = await openPage({ folder: project, mounts, policy });
  await close();
  assert.equal(text, readShown(code));
}

/** All blocks of a page together: one may declare what another names. */
async function checkTypes(_, { page, name }) {
  const project = join(folder, name);
  mkdirSync(project);
  const text = readBlocks(page)
    .filter(({ info }) => info === 'ts')
    .map(({ code }) => code)
    .join('\n');
  const types = { lib: ['es2022', 'dom', 'esnext.disposable'], types: [] };
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', ...types };
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  writeFileSync(join(project, 'main.ts'), `${text}\nexport {};\n`);
  const compiler = join(process.env.PACKAGE_TOOLS, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '-p', project]);
}

/** Servers run until they are ended; of them only the options are checked. */
const servers = /^(?:npx )?fencerun (?:serve|mcp|view)\b/;

async function runShell(code, { name }) {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, 'answer.md'), 'So:\n```python\nprint(1)\n```\n');
  copyFileSync(join(root, 'www', 'samples', 'tool-calls.jsonl'), join(place, 'rollouts.jsonl'));
  symlinkSync(installed(), join(place, 'node_modules'));
  const env = { PATH: [installed('.bin'), process.env.PATH].join(delimiter) };
  for (const line of code.split('\n').map((one) => one.replace(/\s+#.*$/, '').trim())) {
    const script = /^npm (?:run (?:-s )?)?([\w:]+)/.exec(line)?.[1];
    if (line === '') continue;
    else if (/^npm install /.test(line)) assert.deepEqual(unknownPackages(line), []);
    // These are of a checkout, and some run this test.
    else if (script) assert.ok(Object.hasOwn(scripts, script), `there is no npm run ${script}`);
    else await run('bash', ['-c', servers.test(line) ? `${line} --help` : line], { cwd: place, env });
  }
}

function unknownPackages(line) {
  return line
    .split(' ')
    .slice(2)
    .filter((name) => !/^fencerun(?:-sandbox)?$/.test(name));
}

/** Rust is run by `cargo test`, where the crate names the page. */
function findDoctest(_, { page }) {
  assert.ok(readFileSync(join(root, 'src', 'lib.rs'), 'utf8').includes(`include_str!("../${page}")`), page);
}
