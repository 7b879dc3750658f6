// Compiles the TypeScript and bundles the browser's worker. In: src/. Out: JavaScript and types in the output directory.

import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
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
}
