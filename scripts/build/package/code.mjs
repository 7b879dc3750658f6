// The code of the npm package: js/src as ES modules and as CommonJS, with one file for each entry and runtime around it.
//
//   dist/lib/         what the entries share; it knows no module of WebAssembly
//   dist/NAME.js      the entry NAME with the module in base64; dist/NAME.cjs the same in CommonJS
//   dist/workerd/     the entries for runtimes that take the module as a file; dist/edge-light/ likewise
//   dist/slim.js      the package without a module
//   dist/cli.js       the command line, its libraries in it

import { mkdirSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { CannotGoOn } from '../../setup/program.mjs';
import { sources } from './entries.mjs';
import { findPackage } from './licences.mjs';
import { fileRuntimes } from './manifest.mjs';

const ofNode = [...builtinModules, /^node:/];
const moduleFiles = { workerd: '../fencerun_bg.wasm', 'edge-light': '../fencerun_bg.wasm?module' };

/** Writes the code of `entries` to `dist`. Answers the folders of the npm packages that went into it. */
export async function buildCode(entries, peers, dist) {
  const library = {
    ...Object.fromEntries(entries.map(({ name, source }) => [name, source])),
    inline: join(sources, 'inline.ts'),
    'wasm-source': join(sources, 'source.ts'),
  };
  const command = { cli: join(sources, 'cli.ts') };
  const dir = join(dist, 'lib');
  const chunks = [
    ...(await bundle({ ...library, ...command }, { peers, dir, format: 'esm', ending: 'js' })),
    ...(await bundle(library, { peers, dir, format: 'cjs', ending: 'cjs' })),
  ];
  writeEntries(
    entries.map(({ name }) => name),
    dist,
  );
  return [...new Set(chunks.flatMap(({ moduleIds }) => moduleIds.map(findPackage)))].filter(Boolean).sort();
}

async function bundle(input, { peers, dir, format, ending }) {
  const built = await rolldown({
    input,
    // `neutral`, as what rolldown puts around code for Node imports `node:module`, which a page does not have; what the
    // libraries of the command line `require` of Node is imported instead.
    platform: 'neutral',
    external: format === 'esm' ? peers : [...ofNode, ...peers],
    plugins: format === 'esm' ? [esmExternalRequirePlugin({ external: ofNode })] : [],
    resolve: {
      extensionAlias: { '.js': ['.ts', '.js'] },
      mainFields: ['module', 'main'],
      conditionNames: ['node'],
    },
    preserveEntrySignatures: 'strict',
    transform: {
      target: 'es2022',
      inject: {
        'Symbol.dispose': [join(sources, 'dispose.ts'), 'dispose'],
        'Symbol.asyncDispose': [join(sources, 'dispose.ts'), 'asyncDispose'],
      },
    },
    onLog: (level, { message }) => {
      if (level === 'warn') throw new CannotGoOn(`rolldown: ${message}`);
    },
  });
  const { output } = await built.write({
    dir,
    format,
    entryFileNames: `[name].${ending}`,
    chunkFileNames: `[name].${ending}`,
    exports: 'named',
    minifyInternalExports: false,
  });
  await built.close();
  return output.filter(({ type }) => type === 'chunk');
}

function writeEntries(names, dist) {
  const write = (path, ...lines) => writeFileSync(join(dist, path), `${lines.join('\n')}\n`);
  for (const name of names) {
    write(`${name}.js`, "import './lib/inline.js';", `export * from './lib/${name}.js';`);
    write(`${name}.cjs`, "require('./lib/inline.cjs');", `module.exports = require('./lib/${name}.cjs');`);
  }
  write('slim.js', "export * from './lib/index.js';");
  write('slim.cjs', "module.exports = require('./lib/index.cjs');");
  write('cli.js', '#!/usr/bin/env node', "import './lib/inline.js';", "import './lib/cli.js';");
  for (const runtime of fileRuntimes) {
    mkdirSync(join(dist, runtime), { recursive: true });
    write(
      `lib/${runtime}.js`,
      `import module from '${moduleFiles[runtime]}';`,
      "import { provideSource } from './wasm-source.js';",
      '',
      'provideSource(() => module);',
    );
    for (const name of names) {
      write(`${runtime}/${name}.js`, `import '../lib/${runtime}.js';`, `export * from '../lib/${name}.js';`);
    }
  }
}
