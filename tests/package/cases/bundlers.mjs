// Bundlers, each without a plugin for WebAssembly.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage } from './page.mjs';
import { run } from './place.mjs';
import { answer, probe, probePage } from './probe.mjs';

const page = '<!doctype html><title>probe</title><body><script type="module" src="MAIN"></script></body>';

function bundler(row, { build, output, fast, files = {} }) {
  return {
    row,
    fast,
    run: async (place) => {
      const folder = place.project({ 'main.mjs': probe, 'build.mjs': build, ...files });
      await run(process.execPath, ['build.mjs'], { cwd: folder });
      assert.equal(await run(process.execPath, [output], { cwd: folder }), `${answer}\n`);
    },
  };
}

function esbuild(platform) {
  return bundler(`esbuild, ${platform}`, {
    build: `import { build } from 'esbuild';
const { warnings } = await build({ entryPoints: ['main.mjs'], outfile: 'dist/out.mjs', bundle: true, format: 'esm',
  platform: '${platform}', external: ['fencerun-sandbox'] });
if (warnings.length > 0) process.exitCode = 1;\n`,
    output: 'dist/out.mjs',
    fast: true,
  });
}

function webpack(target) {
  return bundler(`webpack, ${target}`, {
    build: `import webpack from 'webpack';
import { resolve } from 'node:path';
webpack({ mode: 'production', target: '${target}', context: resolve('.'), entry: './main.mjs', performance: false,
  output: { path: resolve('dist'), filename: 'main.cjs' } }, (error, stats) => {
  if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exitCode = 1; }
});\n`,
    output: 'dist/main.cjs',
  });
}

async function inBrowser(server, read) {
  const { text, close } = await openPage(server);
  try {
    assert.equal(text, read ?? answer);
  } finally {
    await close();
  }
}

export const bundlers = [
  esbuild('browser'),
  esbuild('node'),
  esbuild('neutral'),
  {
    row: 'esbuild leaves out what is not imported',
    fast: true,
    run: async (place) => {
      const main = "import { extract } from 'fencerun/slim';\nconsole.log(extract);\n";
      const build = `import { build } from 'esbuild';
const { outputFiles: [{ text }] } = await build({ entryPoints: ['main.mjs'], bundle: true, format: 'esm', write: false,
  external: ['fencerun-sandbox'] });
process.stdout.write(text);\n`;
      const folder = place.project({ 'main.mjs': main, 'build.mjs': build });
      const text = await run(process.execPath, ['build.mjs'], { cwd: folder });
      const inline = readFileSync(join(place.installed, 'dist', 'lib', 'inline.js'), 'utf8');
      const starts = [...inline.matchAll(/decodeInline\('(.{40})/g)].map(([, start]) => start);
      assert.equal(starts.length, 2);
      assert.ok(!starts.some((start) => text.includes(start)), 'a module is in a bundle that asked for none');
      assert.ok(!text.includes('GAIR-NLP/ToRL'), 'the list of profiles is in a bundle without them');
      assert.ok(!/from "(?!fencerun-sandbox)/.test(text), 'the bundle imports something');
    },
  },
  bundler('rollup', {
    build: `import { rollup } from 'rollup';
import { nodeResolve } from '@rollup/plugin-node-resolve';
const built = await rollup({ input: 'main.mjs', plugins: [nodeResolve()], external: ['fencerun-sandbox'],
  onwarn: (warning) => { throw new Error(warning.message); } });
await built.write({ file: 'dist/out.mjs', format: 'es', inlineDynamicImports: true });\n`,
    output: 'dist/out.mjs',
  }),
  webpack('web'),
  webpack('node'),
  {
    row: 'Vite, build, in Chromium',
    fast: true,
    run: async (place) => {
      const folder = place.project({ 'index.html': page.replace('MAIN', '/main.js'), 'main.js': probePage });
      await run(process.execPath, [place.tool('vite', 'bin', 'vite.js'), 'build', '--logLevel=warn'], {
        cwd: folder,
      });
      await inBrowser({ folder: join(folder, 'dist') });
      const names = readdirSync(join(folder, 'dist', 'assets'));
      assert.deepEqual(
        names.filter((name) => name.endsWith('.wasm')),
        [],
      );
    },
  },
  {
    row: 'Vite, SSR build',
    run: async (place) => {
      const folder = place.project({ 'main.js': probe });
      const args = [place.tool('vite', 'bin', 'vite.js'), 'build', '--logLevel=warn', '--ssr', 'main.js'];
      await run(process.execPath, args, { cwd: folder });
      assert.equal(await run(process.execPath, ['dist/main.js'], { cwd: folder }), `${answer}\n`);
    },
  },
  {
    row: 'Vite, development server, in Chromium',
    run: async (place) => {
      const folder = place.project({ 'index.html': page.replace('MAIN', '/main.js'), 'main.js': probePage });
      const { createServer } = await import(place.tool('vite', 'dist', 'node', 'index.js'));
      const server = await createServer({
        root: folder,
        logLevel: 'silent',
        server: { port: 0, host: '127.0.0.1' },
      });
      try {
        await server.listen(0);
        await inBrowser({ url: `http://127.0.0.1:${server.httpServer.address().port}/` });
      } finally {
        await server.close();
      }
    },
  },
  {
    row: 'no bundler, under a strict policy, in Chromium',
    fast: true,
    run: async (place) => {
      const main = probePage.replace("'fencerun'", "'/package/dist/index.js'");
      const folder = place.project({ 'index.html': page.replace('MAIN', '/main.js'), 'main.js': main });
      const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
      await inBrowser({ folder, mounts: { '/package/': place.installed }, policy });
    },
  },
  {
    row: 'no bundler, the module fetched for the slim entry, in Chromium',
    fast: true,
    run: async (place) => {
      const main = `import { init } from '/package/dist/slim.js';
await init('/package/dist/fencerun_bg.wasm');
${probePage.replace("'fencerun'", "'/package/dist/slim.js'")}`;
      const folder = place.project({ 'index.html': page.replace('MAIN', '/main.js'), 'main.js': main });
      const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
      await inBrowser({ folder, mounts: { '/package/': place.installed }, policy });
    },
  },
  {
    row: 'a policy without wasm-unsafe-eval, in Chromium',
    fast: true,
    run: async (place) => {
      const main = `import { languages } from '/package/dist/index.js';
try { languages(); } catch (error) { document.body.textContent = [error.name, error.code, error.cause?.name]; }\n`;
      const folder = place.project({ 'index.html': page.replace('MAIN', '/main.js'), 'main.js': main });
      const policy = "default-src 'none'; script-src 'self'";
      await inBrowser(
        { folder, mounts: { '/package/': place.installed }, policy },
        'RunError,invalid_options,CompileError',
      );
    },
  },
];
