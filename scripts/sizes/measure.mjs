// How large the packages are, as they are and as a page gets them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { repository } from '../setup/folders.mjs';

const pkg = join(repository, 'pkg');

/** Rows of what is measured, its bytes and, where it is sent over a network, its bytes with gzip. */
export async function measureSizes() {
  const weighModule = (name) => weigh(readFileSync(join(pkg, 'dist', name)));
  return [
    { what: 'the module `fencerun_bg.wasm`', ...weighModule('fencerun_bg.wasm') },
    {
      what: 'the module `rollouts_bg.wasm`, for programs that read or write logs',
      ...weighModule('rollouts_bg.wasm'),
    },
    {
      what: "a page with `import { extract } from 'fencerun'`, minified",
      ...weigh(await bundle('index.js', 'extract')),
    },
    {
      what: 'the same with `readRollouts` too',
      ...weigh(await bundle('index.js', 'extract, readRollouts')),
    },
    {
      what: 'with `fencerun/slim`, without the modules',
      ...weigh(await bundle('slim.js', 'extract')),
    },
    { what: 'the package `fencerun`, installed', bytes: weighFolder(pkg) },
    {
      what: 'the package `fencerun-sandbox`, installed',
      bytes: weighFolder(join(repository, 'sandbox', 'dist')),
    },
  ];
}

/** The table of the README. */
export function describeSizes(sizes) {
  const rows = sizes.map(
    ({ what, bytes, gzip }) => `| ${what} | ${inKilobytes(bytes)} | ${gzip ? inKilobytes(gzip) : ''} |`,
  );
  return ['| what | kB | with gzip |', '| --- | ---: | ---: |', ...rows].join('\n');
}

/** Rows as the table has them, numbers and nothing for an empty place. */
export function readSizes(table) {
  return table
    .split('\n')
    .slice(2)
    .map((row) => {
      const [, what, ...numbers] = row.split('|').map((cell) => cell.trim());
      const [kilobytes, gzip] = numbers.map((text) => Number(text.replaceAll(',', '')));
      return { what, kilobytes, gzip };
    });
}

function weigh(bytes) {
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

function weighFolder(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, status) => sum + (status.isFile() ? status.size : 0), 0);
}

async function bundle(entry, names) {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names} } from './dist/${entry}';`, resolveDir: pkg },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    external: ['fencerun-sandbox'],
  });
  return outputFiles[0].contents;
}

function inKilobytes(bytes) {
  return Math.ceil(bytes / 1000).toLocaleString('en-US');
}
