// The rollout viewer: its WebAssembly and its TypeScript, into www/dist.

import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runLogged } from '../setup/command.mjs';
import { repository } from '../setup/folders.mjs';
import { say } from '../setup/program.mjs';
import { wasmTarget } from '../setup/rust.mjs';
import { hashInputs, isMadeFrom, writeStamp } from './hash.mjs';
import { findPackage } from './package/licences.mjs';

const source = join(repository, 'www', 'src');
const generated = join(source, 'generated');
/** The WebAssembly that the page loads. */
const modules = [
  ...['fencerun_bg.wasm', 'rollouts_bg.wasm'].map((name) => join(repository, 'js', 'src', 'generated', name)),
  join(generated, 'viewer_core_bg.wasm'),
];
const output = join(repository, 'www', 'dist');
const stamps = join(repository, 'target', 'build-stamps');

/** The folders of the npm packages that went into www/dist, as a list in JSON. */
export const viewerLibraries = join(repository, 'target', 'viewer-libraries.json');

/**
 * Builds www/dist unless its sources, and those of the parts it is built on, are those of the last time. Answers the hash of
 * its inputs.
 */
export async function buildViewer({ wasm, wasmBindgen, rust }, parts) {
  const core = await buildViewerCore({ wasm, wasmBindgen, rust });
  const stamp = join(stamps, 'viewer');
  const inputs = [
    'www/src',
    'www/public',
    'www/samples',
    'www/package.json',
    'js/src',
    'package-lock.json',
    'tsconfig.base.json',
    'scripts/build/viewer.mjs',
  ];
  const hash = hashInputs(repository, inputs, [...parts, core]);
  if (isMadeFrom(stamp, hash, [output, viewerLibraries])) return hash;

  say('build: bundling the viewer');
  // An npm package, which the set-up may just have installed.
  const { build } = await import('esbuild');
  const next = join(repository, 'target', 'viewer-next');
  rmSync(next, { recursive: true, force: true });
  const common = {
    outdir: next,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  };
  const result = await build({
    ...common,
    entryPoints: ['main.ts', 'text.ts', 'mount.ts', 'work/worker.ts', 'viewer.css'].map((name) =>
      join(source, name),
    ),
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { fencerun: join(repository, 'js', 'src', 'index.ts') },
    external: ['fencerun-sandbox', 'node:*'],
    metafile: true,
  });
  for (const module of modules) copyFileSync(module, join(next, basename(module)));
  copyFileSync(join(source, 'contract.d.ts'), join(next, 'mount.d.ts'));
  cpSync(join(repository, 'www', 'public'), next, { recursive: true });
  cpSync(join(repository, 'www', 'samples'), join(next, 'samples'), { recursive: true });
  await build({
    ...common,
    entryPoints: [join(source, 'offline.ts')],
    define: {
      PAGE_FILES: JSON.stringify([
        './',
        'text.html',
        ...readdirSync(next).filter((name) => /\.(?:js|css|wasm)$/.test(name)),
      ]),
    },
  });
  rmSync(output, { recursive: true, force: true });
  renameSync(next, output);
  const folders = Object.keys(result.metafile.inputs).map((path) => findPackage(join(repository, path)));
  writeFileSync(viewerLibraries, JSON.stringify([...new Set(folders)].filter(Boolean).sort()));
  writeStamp(stamp, hash);
  const files = Object.keys(result.metafile.outputs).filter((name) => name.endsWith('.js'));
  const bytes = files.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(output, name.split('/').at(-1)))).length,
    0,
  );
  say(`build: the viewer is ${(bytes / 1000).toFixed(0)} kB of JavaScript with gzip`);
  return hash;
}

async function buildViewerCore({ wasm, wasmBindgen, rust }) {
  const stamp = join(stamps, 'viewer-core');
  const inputs = ['Cargo.toml', 'Cargo.lock', 'src', 'www/core', 'scripts/build/viewer.mjs'];
  const hash = hashInputs(repository, inputs, [rust, wasm.folder, wasmBindgen]);
  const outputs = ['viewer_core.js', 'viewer_core.d.ts', 'viewer_core_bg.wasm'];
  if (
    isMadeFrom(
      stamp,
      hash,
      outputs.map((name) => join(generated, name)),
    )
  )
    return hash;

  say('build: compiling the core of the viewer to WebAssembly');
  const args = [
    'build',
    '--profile',
    'viewer',
    '--locked',
    '--package',
    'fencerun-viewer-core',
    '--target',
    wasmTarget,
  ];
  await runLogged('build-viewer-core', 'cargo', args, { cwd: repository, env: wasm.env });
  const next = join(wasm.folder, 'pkg-viewer');
  rmSync(next, { recursive: true, force: true });
  const binding = ['--target', 'web', '--out-name', 'viewer_core', '--out-dir', next];
  binding.push('--omit-default-module-path', '--remove-name-section', '--remove-producers-section');
  binding.push(join(wasm.folder, wasmTarget, 'viewer', 'fencerun_viewer_core.wasm'));
  await runLogged('build-viewer-bindings', join(wasmBindgen, 'wasm-bindgen'), binding, { cwd: repository });
  mkdirSync(generated, { recursive: true });
  for (const name of outputs) copyFileSync(join(next, name), join(generated, name));
  writeStamp(stamp, hash);
  return hash;
}
