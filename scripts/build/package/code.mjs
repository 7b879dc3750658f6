// The code of the npm package: js/src as ES modules and as CommonJS, with one file for each entry and runtime around it.
//
//   dist/lib/         what the entries share; it knows no module of WebAssembly. Beside it stands who does: inline.js,
//                     workerd.js and edge-light.js, and the same with -PART for the functions that need a further module
//   dist/blocks/      the same for the entry that finds code blocks, with the glue of a smaller module
//   dist/NAME.js      the entry NAME with the module in base64; dist/NAME.cjs the same in CommonJS
//   dist/workerd/     the entries for runtimes that take the module as a file; dist/edge-light/ likewise
//   dist/slim.js      the package without a module
//   dist/cli.js       the command line, its libraries in it

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { CannotGoOn } from '../../setup/program.mjs';
import { isBroughtByFunctions, modules, sources } from './entries.mjs';
import { findPackage } from './licences.mjs';
import { fileRuntimes } from './manifest.mjs';

const ofNode = [...builtinModules, /^node:/];

/** What stands behind the file of a module where it is imported. */
const moduleQueries = { workerd: '', 'edge-light': '?module' };

/** Writes the code of `entries` to `dist`. Answers the folders of the npm packages that went into it. */
export async function buildCode(entries, peers, dist) {
  const chunks = [];
  for (const module of Object.values(modules)) {
    const bringing = module.parts.filter(isBroughtByFunctions);
    const input = {
      ...listInputs(entries.filter((entry) => entry.module === module)),
      inline: join(sources, 'inline.ts'),
      'wasm-source': join(sources, 'source.ts'),
      ...Object.fromEntries(bringing.map((part) => [part, join(sources, `${part}.ts`)])),
    };
    /** The bytes of the parts, each in a file of that name. */
    const bytes = (nameOf) =>
      Object.fromEntries(
        module.parts.map((part) => [nameOf(part), join(module.generated, `${part}-inline.ts`)]),
      );
    const command = module === modules.fencerun ? { cli: join(sources, 'cli.ts') } : {};
    const options = { peers, generated: module.generated, dir: join(dist, module.library) };
    const es = { ...input, ...command, ...bytes(inlineOf) };
    chunks.push(...(await bundle(es, { ...options, format: 'esm', ending: 'js' })));
    const common = { ...input, ...bytes(bytesOf) };
    chunks.push(...(await bundle(common, { ...options, format: 'cjs', ending: 'cjs' })));
  }
  writeEntries(entries, dist, chunks);
  return [...new Set(chunks.flatMap(({ moduleIds }) => moduleIds.map(findPackage)))].filter(Boolean).sort();
}

/** The file that brings a part in its text. */
const inlineOf = (part) => `inline-${part}`;

/** The bytes of a part, apart from who brings it: CommonJS loads them when they are needed. */
const bytesOf = (part) => `${part}-bytes`;

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
  /** The functions of an entry that bring a part. */
  const listBringing = ({ name }, part) =>
    isBroughtByFunctions(part) ? exportsOf(part).filter((one) => exportsOf(name).includes(one)) : [];
  /** What the file of an entry for one runtime says. */
  const describeEntry = (entry, runtime, library) => {
    const { name, module } = entry;
    const bringing = module.parts.filter((part) => listBringing(entry, part).length > 0);
    return [
      `import '${library}/${runtime}.js';`,
      ...module.parts
        .filter((part) => !isBroughtByFunctions(part))
        .map((part) => `import '${library}/${runtime}-${part}.js';`),
      `export * from '${library}/${name}.js';`,
      ...bringing.map((part) => {
        return `export { ${listBringing(entry, part).join(', ')} } from '${library}/${runtime}-${part}.js';`;
      }),
    ];
  };
  /** What the file says that knows where a part is: `find` tells. */
  const describePart = (part, find) =>
    isBroughtByFunctions(part)
      ? wrapFunctions(part, exportsOf(part), find)
      : ["import { provideSource } from './core.js';", ...find, '', `provideSource(find, '${part}');`];

  for (const entry of entries) {
    const { name, module } = entry;
    const library = `./${module.library}`;
    const parts = module.parts.filter(
      (part) => !isBroughtByFunctions(part) || listBringing(entry, part).length > 0,
    );
    write(`${name}.js`, ...describeEntry(entry, 'inline', library));
    write(
      `${name}.cjs`,
      ...['inline', ...parts.map((part) => `inline-${part}`)].map(
        (file) => `require('${library}/${file}.cjs');`,
      ),
      `module.exports = require('${library}/${name}.cjs');`,
    );
  }
  write('slim.js', "export * from './lib/index.js';");
  write('slim.cjs', "module.exports = require('./lib/index.cjs');");
  // The command line has the functions themselves, so it says where the parts are that those of an entry bring.
  const brought = modules.fencerun.parts.filter(isBroughtByFunctions);
  write(
    'cli.js',
    '#!/usr/bin/env node',
    "import './lib/inline.js';",
    "import { provideSource } from './lib/wasm-source.js';",
    ...modules.fencerun.parts
      .filter((part) => !brought.includes(part))
      .map((part) => `import './lib/${inlineOf(part)}.js';`),
    ...brought.map((part) => `import { find as find_${part} } from './lib/${inlineOf(part)}.js';`),
    '',
    ...brought.map((part) => `provideSource(find_${part}, '${part}');`),
    "await import('./lib/cli.js');",
  );
  for (const { library, parts } of Object.values(modules)) {
    for (const part of parts) {
      // One file with the bytes, as every further one costs a load.
      const file = join(dist, library, `${inlineOf(part)}.js`);
      writeFileSync(file, `${describePart(part, [readFileSync(file, 'utf8')]).join('\n')}\n`);
      write(
        `${library}/${inlineOf(part)}.cjs`,
        "const { provideSource } = require('./wasm-source.cjs');",
        '',
        `provideSource(() => require('./${bytesOf(part)}.cjs').find(), '${part}');`,
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
        const file = `../${part}_bg.wasm${moduleQueries[runtime]}`;
        const find = [`import module from '${file}';`, 'const find = () => module;'];
        write(`${library}/${runtime}-${part}.js`, ...describePart(part, find));
      }
    }
    for (const entry of entries) {
      write(`${runtime}/${entry.name}.js`, ...describeEntry(entry, runtime, `../${entry.module.library}`));
    }
  }
}

/** Code that exports functions so that each brings their part, and a bundle without them has no part either. */
function wrapFunctions(part, names, find) {
  return [
    `import { ${names.map((name) => `${name} as the_${name}`).join(', ')} } from './core.js';`,
    "import { withSource } from './core.js';",
    ...find,
    '',
    ...names.map(
      (name) => `export const ${name} = /* @__PURE__ */ withSource(the_${name}, '${part}', find);`,
    ),
  ];
}
