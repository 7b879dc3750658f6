// The code of the npm package: js/src as ES modules and as CommonJS, with one file for each entry and runtime around it.
//
//   dist/lib/         what the entries share; it knows no module of WebAssembly. Beside it stands who does: inline.js with the
//                     modules in its text, inline.cjs that loads NAME-bytes.cjs when it is needed, workerd.js and edge-light.js,
//                     and these two with -PART for the functions that need a further module
//   dist/blocks/      the same for the entry that finds code blocks, with the glue of a smaller module
//   dist/NAME.js      the entry NAME with the modules in the package's text; dist/NAME.cjs the same in CommonJS
//   dist/workerd/     the entries for runtimes that take the module as a file; dist/edge-light/ likewise
//   dist/slim.js      the package without a module
//   dist/cli.js       the command line, its libraries in it

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { CannotGoOn } from '../../setup/program.mjs';
import { modules, sources } from './entries.mjs';
import { encodeInline } from './inline.mjs';
import { findPackage } from './licences.mjs';
import { fileRuntimes } from './manifest.mjs';

const ofNode = [...builtinModules, /^node:/];

/** What stands behind the file of a module where it is imported. */
const moduleQueries = { workerd: '', 'edge-light': '?module' };

/** Writes the code of `entries` to `dist`. Answers the folders of the npm packages that went into it. */
export async function buildCode(entries, peers, dist) {
  const chunks = [];
  for (const module of Object.values(modules)) {
    const input = {
      ...listInputs(entries.filter((entry) => entry.module === module)),
      'wasm-source': join(sources, 'source.ts'),
      ...Object.fromEntries(module.parts.map((part) => [part, join(sources, `${part}.ts`)])),
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
  return {
    name: 'glue-of-the-module',
    resolveId: (name) =>
      name.endsWith('/generated/fencerun.js') ? join(generated, 'fencerun.js') : undefined,
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

/** The modules that run anywhere lie in js/src itself; those in its folders are for Node, or for one entry. */
function isForAnywhere(module) {
  return [sources, join(sources, 'generated')].includes(dirname(module));
}

function writeEntries(entries, dist, chunks) {
  const write = (path, ...lines) => writeFileSync(join(dist, path), `${lines.join('\n')}\n`);
  const exportsOf = (name) => chunks.find(({ fileName }) => fileName === `${name}.js`).exports;
  /** The functions of an entry that bring a part. */
  const listBringing = (name, part) => exportsOf(part).filter((one) => exportsOf(name).includes(one));
  /** What the file of an entry for one runtime says; `fileOf` names the file that knows where a part is. */
  const describeEntry = ({ name, module }, library, runtime, fileOf) => {
    const bringing = module.parts.filter((part) => listBringing(name, part).length > 0);
    return [
      `import '${library}/${runtime}.js';`,
      `export * from '${library}/${name}.js';`,
      ...bringing.map((part) => {
        return `export { ${listBringing(name, part).join(', ')} } from '${library}/${fileOf(part)}.js';`;
      }),
    ];
  };
  /**
   * What a file says that knows where modules are: behind `head`, `finds` has the expression for each. Where functions bring a
   * part, the file exports them so that each does, and a bundle without them has no part either.
   */
  const describeSources = ({ parts }, head, finds) => {
    const functionsOf = (name) => (parts.includes(name) ? exportsOf(name) : []);
    const functions = finds.flatMap(([name]) => functionsOf(name));
    const isProviding = finds.some(([name]) => functionsOf(name).length === 0);
    const taken = [
      ...(isProviding ? ['provideSource'] : []),
      ...(functions.length > 0 ? ['withSource'] : []),
      ...functions.map((one) => `${one} as the_${one}`),
    ];
    return [
      ...head,
      `import { ${taken.join(', ')} } from './core.js';`,
      '',
      ...finds.flatMap(([name, find]) => {
        const bringing = functionsOf(name).map(
          (one) => `export const ${one} = /* @__PURE__ */ withSource(the_${one}, '${name}', find_${name});`,
        );
        return bringing.length > 0
          ? [`export const find_${name} = ${find};`, ...bringing]
          : [`const find_${name} = ${find};`, `provideSource(find_${name}, '${name}');`];
      }),
    ];
  };

  for (const entry of entries) {
    const { name, module } = entry;
    const library = `./${module.library}`;
    write(`${name}.js`, ...describeEntry(entry, library, 'inline', () => 'inline'));
    write(
      `${name}.cjs`,
      `require('${library}/inline.cjs');`,
      `module.exports = require('${library}/${name}.cjs');`,
    );
  }
  write('slim.js', "export * from './lib/index.js';");
  write('slim.cjs', "module.exports = require('./lib/index.cjs');");
  // The command line has the functions themselves, so it says where the parts are that those of an entry bring.
  const { parts } = modules.fencerun;
  write(
    'cli.js',
    '#!/usr/bin/env node',
    `import { ${parts.map((part) => `find_${part}`).join(', ')} } from './lib/inline.js';`,
    "import { provideSource } from './lib/wasm-source.js';",
    '',
    ...parts.map((part) => `provideSource(find_${part}, '${part}');`),
    "await import('./lib/cli.js');",
  );
  for (const module of Object.values(modules)) {
    const { library, generated, parts } = module;
    const names = ['core', ...parts];
    const files = ['fencerun', ...parts].map((name) => join(generated, `${name}_bg.wasm`));
    const { texts, table } = encodeInline(files.map((file) => readFileSync(file)));
    const finds = texts.map((text, index) => [names[index], `() => decodeInline('${text}', table)`]);
    const declared = `const table = '${table}';`;
    // One file, as every further one costs a load; CommonJS can load what it needs when it needs it.
    const head = ["import { decodeInline } from './core.js';", declared];
    write(`${library}/inline.js`, ...describeSources(module, head, finds));
    write(
      `${library}/inline.cjs`,
      "const { provideSource } = require('./core.cjs');",
      '',
      ...names.map((name) => `provideSource(() => require('./${name}-bytes.cjs').find(), '${name}');`),
    );
    for (const [name, find] of finds) {
      write(
        `${library}/${name}-bytes.cjs`,
        "const { decodeInline } = require('./core.cjs');",
        declared,
        '',
        `exports.find = ${find};`,
      );
    }
  }
  for (const runtime of fileRuntimes) {
    mkdirSync(join(dist, runtime), { recursive: true });
    const fileOf = (part) => `${runtime}-${part}`;
    for (const module of Object.values(modules)) {
      const writeSource = (to, name, file) =>
        write(
          `${module.library}/${to}.js`,
          ...describeSources(
            module,
            [`import module from '../${file}${moduleQueries[runtime]}';`],
            [[name, '() => module']],
          ),
        );
      writeSource(runtime, 'core', module.file);
      for (const part of module.parts) writeSource(fileOf(part), part, `${part}_bg.wasm`);
    }
    for (const entry of entries) {
      const library = `../${entry.module.library}`;
      write(`${runtime}/${entry.name}.js`, ...describeEntry(entry, library, runtime, fileOf));
    }
  }
}
