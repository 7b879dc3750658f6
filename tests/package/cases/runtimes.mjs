// Node, Bun, Deno and workerd.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './place.mjs';
import { answer, probe, probeCommonJs, probeFunction } from './probe.mjs';

/** The subpaths for pages alone; the browser tests embed them. */
export const ofPages = ['./viewer', './viewer.css'];

/** Every subpath that can be imported anywhere, as the manifest of the installed package lists them. */
export function listSubpaths(installed) {
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  return Object.keys(exports)
    .filter((path) => !path.startsWith('./wasm') && !['./package.json', ...ofPages].includes(path))
    .map((path) => `fencerun${path.slice(1)}`);
}

const importAll = (paths) =>
  `for (const path of ${JSON.stringify(paths)}) {
  if (Object.keys(await import(path)).length === 0) throw new Error(path);
}
`;
const requireAll = (paths) =>
  `for (const path of ${JSON.stringify(paths)}) {
  if (Object.keys(require(path)).length === 0) throw new Error(path);
}
`;

const slim = `import { readFileSync } from 'node:fs';
import { extract, init, initSync, languages, RunError } from 'fencerun/slim';
let code;
try {
  languages();
} catch (error) {
  code = error instanceof RunError ? error.code : error;
}
const bytes = readFileSync(new URL(import.meta.resolve('fencerun/wasm')));
const [first, second] = [init(Promise.resolve(bytes)), init()];
await first;
initSync();
const [block] = extract('So:\\n\`\`\`python\\nprint(1)\\n\`\`\`\\n');
console.log(JSON.stringify([code, first === second, block.lang, block.code]));
`;

/** What test runners do: `load` runs the package in a realm whose globals are its own, beside that of the program. */
const loadInRealm = `const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const vm = require('node:vm');
const context = vm.createContext({ TextEncoder, TextDecoder, URL, Response, atob, console });
const loaded = new Map();
function load(path) {
  if (loaded.has(path)) return loaded.get(path).exports;
  const module = { exports: {} };
  loaded.set(path, module);
  const text = \`(function (module, exports, require) {\${readFileSync(path, 'utf8')}\\n})\`;
  const find = (name) => load(join(dirname(path), name));
  vm.runInContext(text, context)(module, module.exports, find);
  return module.exports;
}`;

function node(title, locate, fast) {
  const command = (place) => locate?.(place) ?? process.execPath;
  return [
    {
      row: `${title}, ES modules`,
      fast,
      run: async (place) => {
        const text = importAll(listSubpaths(place.installed)) + probe;
        const folder = place.project({ 'main.mjs': text, 'slim.mjs': slim });
        assert.equal(await run(command(place), ['main.mjs'], { cwd: folder }), `${answer}\n`);
        const slimAnswer = '["invalid_options",true,"python","print(1)\\n"]\n';
        assert.equal(await run(command(place), ['slim.mjs'], { cwd: folder }), slimAnswer);
      },
    },
    {
      row: `${title}, CommonJS`,
      fast,
      run: async (place) => {
        const text = requireAll(listSubpaths(place.installed)) + probeCommonJs;
        const folder = place.project({ 'main.cjs': text });
        assert.equal(await run(command(place), ['main.cjs'], { cwd: folder }), `${answer}\n`);
      },
    },
  ];
}

/** The Node that runs the tests. */
const own = `Node ${process.versions.node.split('.', 1)[0]}`;

export const runtimes = [
  ...node(own, undefined, true),
  ...['22', '24']
    .filter((major) => own !== `Node ${major}`)
    .flatMap((major) => node(`Node ${major}`, (place) => place.tool(`node-${major}`, 'bin', 'node'))),
  {
    row: `${own}, loaded as both at once`,
    fast: true,
    run: async (place) => {
      const both = `import { createRequire } from 'node:module';\nimport { extract as other } from 'fencerun';
const { extract } = createRequire(import.meta.url)('fencerun');
const text = '\`\`\`js\\n1\\n\`\`\`';
console.log(extract !== other, JSON.stringify(extract(text)) === JSON.stringify(other(text)));\n`;
      const folder = place.project({ 'main.mjs': both });
      assert.equal(await run(process.execPath, ['main.mjs'], { cwd: folder }), 'true true\n');
    },
  },
  {
    row: `${own}, a realm of its own`,
    fast: true,
    run: async (place) => {
      const main = `${loadInRealm}
const { extract, initSync } = load(require.resolve('fencerun/slim'));
initSync(new WebAssembly.Module(readFileSync(require.resolve('fencerun/wasm'))));
const [block] = extract('So:\\n\`\`\`python\\nprint(1)\\n\`\`\`\\n');
console.log(JSON.stringify([block.lang, block.code]));
`;
      const folder = place.project({ 'main.cjs': main });
      assert.equal(await run(process.execPath, ['main.cjs'], { cwd: folder }), `${answer}\n`);
    },
  },
  {
    row: `${own}, an engine without Symbol.dispose`,
    fast: true,
    run: async (place) => {
      const main = `${loadInRealm}
const known = Object.getOwnPropertyNames(Symbol).filter((name) => !/dispose|prototype|length|name/i.test(name));
context.Symbol = Object.assign((text) => Symbol(text), Object.fromEntries(known.map((name) => [name, Symbol[name]])));
const { Extractor } = load(require.resolve('fencerun'));
const names = Reflect.ownKeys(Extractor.prototype).map(String);
console.log(names.includes('undefined'), names.includes('Symbol(Symbol.dispose)'));
`;
      const folder = place.project({ 'main.cjs': main });
      assert.equal(await run(process.execPath, ['main.cjs'], { cwd: folder }), 'false true\n');
    },
  },
  {
    row: 'Bun, ES modules',
    run: async (place) => {
      const folder = place.project({ 'main.mjs': probe });
      assert.equal(
        await run(place.tool('bun', 'bin', 'bun.exe'), ['main.mjs'], { cwd: folder }),
        `${answer}\n`,
      );
    },
  },
  {
    row: 'Bun, CommonJS',
    run: async (place) => {
      const folder = place.project({ 'main.cjs': probeCommonJs });
      assert.equal(
        await run(place.tool('bun', 'bin', 'bun.exe'), ['main.cjs'], { cwd: folder }),
        `${answer}\n`,
      );
    },
  },
  {
    row: 'Deno',
    run: async (place) => {
      const folder = place.project({ 'main.mjs': probe });
      const args = ['run', '--no-lock', '--node-modules-dir=manual', '--allow-read', 'main.mjs'];
      const env = { DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(folder, 'deno') };
      assert.equal(await run(place.tool('deno', 'deno'), args, { cwd: folder, env }), `${answer}\n`);
    },
  },
  {
    row: 'workerd (Miniflare)',
    run: async (place) => {
      const worker = `${probeFunction}\nexport default { fetch: () => new Response(ask()) };\n`;
      // What wrangler does: esbuild with its conditions, and modules of WebAssembly left beside the text.
      const build = `import { build } from 'esbuild';
await build({ entryPoints: ['worker.mjs'], outfile: 'dist/worker.mjs', bundle: true, format: 'esm',
  conditions: ['workerd', 'worker', 'browser'], external: ['fencerun-sandbox'], loader: { '.wasm': 'copy' }, assetNames: '[name]' });\n`;
      const start = `import { Miniflare } from 'miniflare';
const runtime = new Miniflare({ modulesRoot: 'dist', modules: [
  { type: 'ESModule', path: 'dist/worker.mjs' }, { type: 'CompiledWasm', path: 'dist/fencerun_bg.wasm' },
], compatibilityDate: '2026-01-01' });
const response = await runtime.dispatchFetch('http://worker/');
console.log(await response.text());
await runtime.dispose();\n`;
      const folder = place.project({ 'worker.mjs': worker, 'build.mjs': build, 'start.mjs': start });
      const newer = place.tool('node-22', 'bin', 'node');
      await run(newer, ['build.mjs'], { cwd: folder });
      assert.equal(await run(newer, ['start.mjs'], { cwd: folder }), `${answer}\n`);
    },
  },
];
