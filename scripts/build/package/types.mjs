// The types of the npm package: one declaration file for each entry, for ES modules and for CommonJS.

import { copyFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { repository } from '../../setup/folders.mjs';
import { CannotGoOn } from '../../setup/program.mjs';
import { runNodeModule } from '../node-module.mjs';
import { sources } from './entries.mjs';

/** `[Symbol.dispose]` is in no library that TypeScript takes by default. */
const banner = '/// <reference lib="esnext.disposable" />';

/** Checks js/ and writes the types of `entries` to `dist`; `unbundled` takes those of each module. */
export async function buildTypes(entries, { dist, unbundled }) {
  await runNodeModule('build-types', 'tsc', ['-p', 'js', '--emitDeclarationOnly', '--outDir', unbundled]);
  copyFileSync(join(sources, 'generated', 'fencerun.d.ts'), join(unbundled, 'generated', 'fencerun.d.ts'));
  const built = await rollup({
    input: Object.fromEntries(entries.map(({ name, source }) => [name, locateTypes(source, unbundled)])),
    external: [...builtinModules, /^node:/],
    plugins: [takeInSandbox(), dts({ tsconfig: join(repository, 'js', 'tsconfig.json') })],
    onLog: (level, { message }) => {
      if (level === 'warn' && !isOfSharedTypes(message)) throw new CannotGoOn(`rollup: ${message}`);
    },
  });
  for (const ending of ['d.ts', 'd.cts']) {
    await built.write({
      dir: dist,
      format: 'es',
      banner,
      entryFileNames: `[name].${ending}`,
      // A chunk is named after a file of declarations.
      chunkFileNames: ({ name }) => `lib/${name.replace(/\.d$/, '')}.${ending}`,
    });
  }
  await built.close();
  // The same as the package's own, so that their classes are one type as they are one class.
  writeFileSync(join(dist, 'slim.d.ts'), "export * from './index.js';\n");
  writeFileSync(join(dist, 'slim.d.cts'), "export * from './index.cjs';\n");
  writeFileSync(
    join(dist, 'wasm.d.ts'),
    '/** A module, as a runtime or bundler that imports `.wasm` files gives it: for `initSync` of `fencerun/slim`. */\n' +
      'declare const module: object;\nexport default module;\n',
  );
}

/**
 * Takes the types of the sandbox into ours, as the package may be absent. A class with private members would be another type
 * there than in its own package; without their mark it is told by what it has. How it is made is its package's affair.
 */
function takeInSandbox() {
  const folder = join(repository, 'sandbox', 'dist');
  return {
    name: 'take-in-sandbox',
    resolveId: (name) => (name === 'fencerun-sandbox' ? join(folder, 'node.d.ts') : undefined),
    transform: (text, path) =>
      path.startsWith(folder) ? text.replace(/^\s*(?:#private|constructor\(.*\));$/gm, '') : undefined,
  };
}

/** That a type which several entries use has no name of its own in them is as intended: it is part of types that have. */
function isOfSharedTypes(message) {
  return message.includes('private shared type exports');
}

function locateTypes(source, unbundled) {
  return join(unbundled, relative(sources, source).replace(/\.ts$/, '.d.ts'));
}
