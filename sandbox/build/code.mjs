// Compiles the TypeScript and bundles the browser's worker. In: src/. Out: JavaScript and types in the output directory.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
/** `[Symbol.dispose]` is in no library that TypeScript takes by default. */
const DISPOSABLE = '/// <reference lib="esnext.disposable" />';
const PROJECT = fileURLToPath(new URL('../tsconfig.json', import.meta.url));

function findTypeScript() {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  return join(dirname(manifest), 'bin', 'tsc');
}

/** @param {{ outDir: string }} options */
export async function buildCode({ outDir }) {
  await mkdir(outDir, { recursive: true });
  try {
    await run(process.execPath, [findTypeScript(), '-p', PROJECT, '--outDir', outDir]);
  } catch (error) {
    throw new Error(`tsc failed\n${error.stdout}${error.stderr}`);
  }
  // The prelude is no module of ours: QuickJS evaluates it, and its value is the function to call.
  await build({
    entryPoints: { prelude: join(SOURCE, 'javascript', 'prelude', 'index.js') },
    outdir: outDir,
    bundle: true,
    format: 'iife',
    globalName: 'prelude',
    target: 'es2022',
    minifyWhitespace: true,
    banner: { js: '(()=>{' },
    footer: { js: 'return prelude.install})()' },
    logLevel: 'warning',
  });
  // A browser resolves no bare imports, so what the worker needs of npm goes into its file.
  await build({
    entryPoints: { worker: join(SOURCE, 'browser-worker.ts'), browser: join(SOURCE, 'browser.ts') },
    outdir: outDir,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minifySyntax: true,
    logLevel: 'warning',
    external: ['node:*', 'module'],
  });
  await buildCommonJs(outDir);
}

/** The entry of Node once more, for `require`; the worker that it starts is the same file. */
async function buildCommonJs(outDir) {
  await build({
    entryPoints: { node: join(SOURCE, 'node.ts') },
    outdir: outDir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
  const types = await rollup({ input: join(outDir, 'node.d.ts'), external: /^node:/, plugins: [dts()] });
  await types.write({ file: join(outDir, 'node.d.cts'), format: 'es', banner: DISPOSABLE });
  await types.close();
  for (const name of ['node.d.ts', 'browser.d.ts']) {
    const path = join(outDir, name);
    await writeFile(path, `${DISPOSABLE}\n${await readFile(path, 'utf8')}`);
  }
}
