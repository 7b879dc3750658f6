// `npm run docs`: the reference of both languages, of the Rust sources by cargo and of the built package by TypeDoc.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { runLogged } from './setup/command.mjs';
import { repository } from './setup/folders.mjs';
import { prepareDocsTools } from './setup/package-tools.mjs';
import { runAsProgram } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

const output = join(repository, 'target', 'docs', 'typescript');

runAsProgram(import.meta.url, async () => {
  await build(await setUpBuild());
  await runLogged('docs-rust', 'cargo', ['doc', '--no-deps', '--locked'], { cwd: repository });
  const tools = await prepareDocsTools();
  const config = writeConfig(tools);
  const command = join(tools, 'node_modules', 'typedoc', 'bin', 'typedoc');
  await runLogged('docs-typescript', process.execPath, [command, '--options', config], { cwd: repository });
  process.stdout.write(`${join(repository, 'target', 'doc', 'fencerun', 'index.html')}\n`);
  process.stdout.write(`${join(output, 'index.html')}\n`);
});

/** TypeDoc's options, for the types of every entry of the built package; beside them, the options of the compiler. */
function writeConfig(tools) {
  const dist = join(repository, 'pkg', 'dist');
  const { exports } = JSON.parse(readFileSync(join(repository, 'pkg', 'package.json'), 'utf8'));
  const entryPoints = Object.values(exports)
    .map((entry) => entry.import?.types)
    .filter((types) => types && !types.endsWith('/slim.d.ts'))
    .map((types) => join(repository, 'pkg', types));
  const tsconfig = join(repository, 'target', 'docs-tsconfig.json');
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', skipLibCheck: true, types: ['node'] },
    ...{
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
      typeRoots: [join(tools, 'node_modules', '@types')],
    },
  };
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions, include: [join(dist, '*.d.ts')] }));
  const config = join(repository, 'target', 'docs-typedoc.json');
  const options = {
    entryPoints,
    tsconfig,
    out: output,
    name: 'fencerun',
    readme: join(repository, 'README.md'),
  };
  const checks = {
    highlightLanguages: ['js', 'ts', 'sh', 'rust', 'json', 'html'],
    treatWarningsAsErrors: true,
    validation: { notExported: false },
    excludePrivate: true,
  };
  writeFileSync(
    config,
    JSON.stringify({ ...options, ...checks, disableGit: true, sourceLinkTemplate: '{path}' }),
  );
  return config;
}
