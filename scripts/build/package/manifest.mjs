// The package.json of the npm package: what js/package.json says, and where the entries are.

import { modules } from './entries.mjs';

const libraries = Object.values(modules).map(({ library }) => library);
const parts = Object.values(modules).flatMap(({ library, parts }) =>
  parts.map((name) => ({ library, name })),
);

/** The runtimes that take the module as a file, as they compile none at run time. */
export const fileRuntimes = ['workerd', 'edge-light'];

/**
 * The manifest to publish, of js/package.json and the names of the entries. It has no dependencies: what the code uses is
 * in its files.
 */
export function describeManifest({ dependencies: _, files, ...manifest }, names) {
  const further = names.filter((name) => name !== 'index');
  const withTypes = ['slim', ...further].map((name) => [name, [`./dist/${name}.d.cts`]]);
  return {
    ...manifest,
    main: './dist/index.cjs',
    module: './dist/index.js',
    types: './dist/index.d.cts',
    // For TypeScript's oldest way to resolve, which reads no `exports`.
    typesVersions: {
      '*': Object.fromEntries([
        ...withTypes,
        ['viewer', ['./dist/viewer/mount.d.ts']],
        ['wasm', ['./dist/wasm.d.ts']],
        ...parts.map(({ name }) => [`wasm/${name}`, ['./dist/wasm.d.ts']]),
      ]),
    },
    exports: {
      '.': describeExport('index'),
      './slim': describeDual('slim'),
      ...Object.fromEntries(further.map((name) => [`./${name}`, describeExport(name)])),
      './viewer': { types: './dist/viewer/mount.d.ts', default: './dist/viewer/mount.js' },
      './viewer.css': './dist/viewer/viewer.css',
      './wasm': { types: './dist/wasm.d.ts', default: './dist/fencerun_bg.wasm' },
      ...Object.fromEntries(
        parts.map(({ name }) => [
          `./wasm/${name}`,
          { types: './dist/wasm.d.ts', default: `./dist/${name}_bg.wasm` },
        ]),
      ),
      './package.json': './package.json',
    },
    // Every entry but `slim` says where the module is when it is loaded; the rest does nothing by being loaded. Where a part
    // is that functions bring, they say themselves.
    sideEffects: [
      ...names.flatMap((name) => [`./dist/${name}.js`, `./dist/${name}.cjs`]),
      ...fileRuntimes.map((runtime) => `./dist/${runtime}/*.js`),
      ...libraries.flatMap((library) => ['js', 'cjs'].map((ending) => `./dist/${library}/inline.${ending}`)),
      './dist/cli.js',
      './dist/viewer/*',
      ...libraries.flatMap((library) => fileRuntimes.map((runtime) => `./dist/${library}/${runtime}.js`)),
    ],
    files,
  };
}

function describeExport(name) {
  const files = fileRuntimes.map((runtime) => [
    runtime,
    { types: `./dist/${name}.d.ts`, default: `./dist/${runtime}/${name}.js` },
  ]);
  return { ...Object.fromEntries(files), ...describeDual(name) };
}

function describeDual(name) {
  return {
    import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
  };
}
