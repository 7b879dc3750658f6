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
export async function buildTypes(entries, peers, { dist, unbundled }) {
  await runNodeModule('build-types', 'tsc', ['-p', 'js', '--emitDeclarationOnly', '--outDir', unbundled]);
  copyFileSync(join(sources, 'generated', 'fencerun.d.ts'), join(unbundled, 'generated', 'fencerun.d.ts'));
  const built = await rollup({
    input: Object.fromEntries(entries.map(({ name, source }) => [name, locateTypes(source, unbundled)])),
    external: [...builtinModules, /^node:/, ...peers],
    plugins: [dts({ tsconfig: join(repository, 'js', 'tsconfig.json') })],
    onLog: (level, { message }) => {
      if (level === 'warn') throw new CannotGoOn(`rollup: ${message}`);
    },
  });
  for (const ending of ['d.ts', 'd.cts']) {
    await built.write({
      dir: dist,
      format: 'es',
      banner,
      entryFileNames: `[name].${ending}`,
      chunkFileNames: `lib/[name].${ending}`,
    });
  }
  await built.close();
  for (const ending of ['d.ts', 'd.cts'])
    copyFileSync(join(dist, `index.${ending}`), join(dist, `slim.${ending}`));
  writeFileSync(
    join(dist, 'wasm.d.ts'),
    '/** The core, as a runtime or bundler that imports `.wasm` files gives it: for `initSync` of `fencerun/slim`. */\n' +
      'declare const module: object;\nexport default module;\n',
  );
}

function locateTypes(source, unbundled) {
  return join(unbundled, relative(sources, source).replace(/\.ts$/, '.d.ts'));
}
