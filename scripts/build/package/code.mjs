// The code of the npm package: js/src as ES modules and as CommonJS, with one file for each entry and runtime around it.
//
//   dist/lib/         what the entries share; it knows no module of WebAssembly. Beside it stands who does: inline.js,
//                     workerd.js and edge-light.js, and the same with -PART for the functions that need a further module
//   dist/blocks/      the same for the entry that finds code blocks, with the glue of a smaller module
//   dist/NAME.js      the entry NAME with the module in base64; dist/NAME.cjs the same in CommonJS
//   dist/workerd/     the entries for runtimes that take the module as a file; dist/edge-light/ likewise
//   dist/slim.js      the package without a module
//   dist/cli.js       the command line, its libraries in it

import { mkdirSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { CannotGoOn } from '../../setup/program.mjs';
import { modules, sources } from './entries.mjs';
import { findPackage } from './licences.mjs';
import { fileRuntimes } from './manifest.mjs';

const ofNode = [...builtinModules, /^node:/];

/** What stands behind the file of a module where it is imported. */
const moduleQueries = { workerd: '', 'edge-light': '?module' };

/** Writes the code of `entries` to `dist`. Answers the folders of the npm packages that went into it. */
export async function buildCode(entries, peers, dist) {
  const chunks = [];
  for (const module of Object.values(modules)) {
    const further = module.parts.flatMap((part) => [
      [part, join(sources, `${part}.ts`)],
      [`${part}-bytes`, join(module.generated, `${part}-inline.ts`)],
    ]);
    const input = {
      ...listInputs(entries.filter((entry) => entry.module === module)),
      inline: join(sources, 'inline.ts'),
      'wasm-source': join(sources, 'source.ts'),
      ...Object.fromEntries(further),
    };
    const command = module === modules.fencerun ? { cli: join(sources, 'cli.ts') } : {};
    const options = { peers, generated: module.generated, dir: join(dist, module.library) };
    chunks.push(...(await bundle({ ...input, ...command }, { ...options, format: 'esm', ending: 'js' })));
    chunks.push(...(await bundle(input, { ...options, format: 'cjs', ending: 'cjs' })));
  }
  writeEntries(entries, dist, chunks);
  return [...new Set(chunks.flatMap(({ moduleIds }) => moduleIds.map(findPackage)))].filter(Boolean).sort();
}

function listInputs(entries) {
  return Object.fromEntries(entries.map(({ name, source }) => [name, source]));
}

/** Has the sources import the glue of one module, whichever it is. */
function takeGlueOf(generated) {
  const files = {
    fencerun: join(generated, 'fencerun.js'),
    'wasm-inline': join(generated, 'wasm-inline.ts'),
  };
  return {
    name: 'glue-of-the-module',
    resolveId: (name) => files[/\/generated\/(fencerun|wasm-inline)\.js$/.exec(name)?.[1]],
  };
}

async function bundle(input, { peers, generated, dir, format, ending }) {
  const built = await rolldown({
    input,
    // `neutral`, as what rolldown puts around code for Node imports `node:module`, which a page does not have; what the
    // libraries of the command line `require` of Node is imported instead.
    platform: 'neutral',
    external: format === 'esm' ? peers : [...ofNode, ...peers],
    plugins: [
      takeGlueOf(generated),
      ...(format === 'esm' ? [esmExternalRequirePlugin({ external: ofNode })] : []),
    ],
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
    // What entries share is one file, as every further one costs a load.
    codeSplitting: { groups: [{ name: 'core', test: isForAnywhere, minShareCount: 2 }] },
  });
  await built.close();
  return output.filter(({ type }) => type === 'chunk');
}

/**
 * The modules that run anywhere lie in js/src itself; those in its folders are for Node, or for one entry. The text of the
 * module of WebAssembly stays apart too: who takes it from a file does without.
 */
function isForAnywhere(module) {
  return dirname(module) === sources || module === join(sources, 'generated', 'fencerun.js');
}

function writeEntries(entries, dist, chunks) {
  const write = (path, ...lines) => writeFileSync(join(dist, path), `${lines.join('\n')}\n`);
  const exportsOf = (name) => chunks.find(({ fileName }) => fileName === `${name}.js`).exports;
  /** The functions of an entry that need a part, from the file that says where that is for `runtime`. */
  const exportParts = ({ name, module }, runtime, library) =>
    module.parts.flatMap((part) => {
      const names = exportsOf(part).filter((one) => exportsOf(name).includes(one));
      return names.length === 0
        ? []
        : [`export { ${names.join(', ')} } from '${library}/${runtime}-${part}.js';`];
    });
  const requireParts = ({ name, module }, library) =>
    module.parts
      .filter((part) => exportsOf(part).some((one) => exportsOf(name).includes(one)))
      .map((part) => `require('${library}/inline-${part}.cjs');`);

  for (const entry of entries) {
    const { name, module } = entry;
    const library = `./${module.library}`;
    write(
      `${name}.js`,
      `import '${library}/inline.js';`,
      `export * from '${library}/${name}.js';`,
      ...exportParts(entry, 'inline', library),
    );
    write(
      `${name}.cjs`,
      `require('${library}/inline.cjs');`,
      ...requireParts(entry, library),
      `module.exports = require('${library}/${name}.cjs');`,
    );
  }
  write('slim.js', "export * from './lib/index.js';");
  write('slim.cjs', "module.exports = require('./lib/index.cjs');");
  write(
    'cli.js',
    '#!/usr/bin/env node',
    "import './lib/inline.js';",
    "import { provideSource } from './lib/wasm-source.js';",
    ...modules.fencerun.parts.map((part) => `import { find as find_${part} } from './lib/${part}-bytes.js';`),
    '',
    ...modules.fencerun.parts.map((part) => `provideSource(find_${part}, '${part}');`),
    "await import('./lib/cli.js');",
  );
  for (const { library, parts } of Object.values(modules)) {
    for (const part of parts) {
      write(
        `${library}/inline-${part}.js`,
        `import { find } from './${part}-bytes.js';`,
        ...wrapPart(part, exportsOf(part)),
      );
      write(
        `${library}/inline-${part}.cjs`,
        "const { provideSource } = require('./wasm-source.cjs');",
        '',
        `provideSource(() => require('./${part}-bytes.cjs').find(), '${part}');`,
      );
    }
  }
  for (const runtime of fileRuntimes) {
    mkdirSync(join(dist, runtime), { recursive: true });
    for (const { file, library, parts } of Object.values(modules)) {
      write(
        `${library}/${runtime}.js`,
        `import module from '../${file}${moduleQueries[runtime]}';`,
        "import { provideSource } from './wasm-source.js';",
        '',
        'provideSource(() => module);',
      );
      for (const part of parts) {
        write(
          `${library}/${runtime}-${part}.js`,
          `import module from '../${part}_bg.wasm${moduleQueries[runtime]}';`,
          ...wrapPart(part, exportsOf(part)),
          '',
          'function find() {',
          '  return module;',
          '}',
        );
      }
    }
    for (const entry of entries) {
      const { name, module } = entry;
      const library = `../${module.library}`;
      write(
        `${runtime}/${name}.js`,
        `import '${library}/${runtime}.js';`,
        `export * from '${library}/${name}.js';`,
        ...exportParts(entry, runtime, library),
      );
    }
  }
}

/** Code that exports the functions of a part so that each brings it, and a bundle without them has no part either. */
function wrapPart(part, names) {
  return [
    `import * as functions from './${part}.js';`,
    "import { withSource } from './wasm-source.js';",
    '',
    ...names.map(
      (name) => `export const ${name} = /* @__PURE__ */ withSource(functions.${name}, '${part}', find);`,
    ),
  ];
}
