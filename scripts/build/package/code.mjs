// The code of the npm package: js/src as ES modules and as CommonJS, with one file for each entry and runtime around it.
//
//   dist/lib/         what the entries share; it knows no module of WebAssembly
//   dist/blocks/      the same for the entry that finds code blocks, with the glue of a smaller module
//   dist/NAME.js      the entry NAME with the module in base64; dist/NAME.cjs the same in CommonJS
//   dist/workerd/     the entries for runtimes that take the module as a file; dist/edge-light/ likewise
//   dist/slim.js      the package without a module
//   dist/cli.js       the command line; dist/cli/ has its libraries in it

import { mkdirSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { CannotGoOn } from '../../setup/program.mjs';
import { modules, sources } from './entries.mjs';
import { fileRuntimes } from './manifest.mjs';

/** What stands behind the file of a module where it is imported. */
const moduleQueries = { workerd: '', 'edge-light': '?module' };

/** Writes the code of `entries` to `dist`. Answers the folders of the npm packages that went into it. */
export async function buildCode(entries, peers, dist) {
  const chunks = await bundle(describeCommand(peers), {
    dir: join(dist, 'cli'),
    format: 'esm',
    ending: 'js',
  });
  for (const module of Object.values(modules)) {
    const library = describeLibrary(
      entries.filter((entry) => entry.module === module),
      module,
      peers,
    );
    const dir = join(dist, module.library);
    chunks.push(...(await bundle(library, { dir, format: 'esm', ending: 'js' })));
    chunks.push(...(await bundle(library, { dir, format: 'cjs', ending: 'cjs' })));
  }
  writeEntries(entries, dist);
  return [...new Set(chunks.flatMap(({ moduleIds }) => moduleIds.map(findPackage)))].filter(Boolean).sort();
}

/** What the entries of one module share. */
function describeLibrary(entries, { generated }, peers) {
  return {
    input: {
      ...Object.fromEntries(entries.map(({ name, source }) => [name, source])),
      inline: join(sources, 'inline.ts'),
      'wasm-source': join(sources, 'source.ts'),
      'wasm-inline': join(generated, 'wasm-inline.ts'),
    },
    // `neutral`, as what rolldown puts around code for Node imports `node:module`, which a page does not have.
    platform: 'neutral',
    external: peers,
    plugins: [
      {
        name: 'glue-of-the-module',
        resolveId: (name) => {
          const [, file] = /\/generated\/(fencerun|wasm-inline)\.js$/.exec(name) ?? [];
          return file && join(generated, file === 'fencerun' ? 'fencerun.js' : 'wasm-inline.ts');
        },
      },
    ],
  };
}

/** The command line, with everything it needs but the module's text, of which there is one in the package. */
function describeCommand(peers) {
  return {
    input: { main: join(sources, 'cli.ts'), inline: join(sources, 'inline.ts') },
    platform: 'node',
    external: [...peers, '../lib/wasm-inline.js'],
    plugins: [
      {
        name: 'module-text-of-the-library',
        resolveId: (name) =>
          name.endsWith('/generated/wasm-inline.js')
            ? { id: '../lib/wasm-inline.js', external: true }
            : undefined,
      },
    ],
  };
}

async function bundle({ external, ...options }, { dir, format, ending }) {
  const built = await rolldown({
    ...options,
    external: [...builtinModules, /^node:/, ...external],
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
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
  });
  await built.close();
  return output.filter(({ type }) => type === 'chunk');
}

/** The folder of the npm package that a module is from, or `undefined` for our own. */
function findPackage(module) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module.split('\\').join('/'))?.[0];
}

function writeEntries(entries, dist) {
  const write = (path, ...lines) => writeFileSync(join(dist, path), `${lines.join('\n')}\n`);
  for (const { name, module } of entries) {
    const { library } = module;
    write(`${name}.js`, `import './${library}/inline.js';`, `export * from './${library}/${name}.js';`);
    write(
      `${name}.cjs`,
      `require('./${library}/inline.cjs');`,
      `module.exports = require('./${library}/${name}.cjs');`,
    );
  }
  write('slim.js', "export * from './lib/index.js';");
  write('slim.cjs', "module.exports = require('./lib/index.cjs');");
  write('cli.js', '#!/usr/bin/env node', "import './cli/inline.js';", "import './cli/main.js';");
  for (const runtime of fileRuntimes) {
    mkdirSync(join(dist, runtime), { recursive: true });
    for (const { file, library } of Object.values(modules)) {
      write(
        `${library}/${runtime}.js`,
        `import module from '../${file}${moduleQueries[runtime]}';`,
        "import { provideSource } from './wasm-source.js';",
        '',
        'provideSource(() => module);',
      );
    }
    for (const { name, module } of entries) {
      const { library } = module;
      write(
        `${runtime}/${name}.js`,
        `import '../${library}/${runtime}.js';`,
        `export * from '../${library}/${name}.js';`,
      );
    }
  }
}
