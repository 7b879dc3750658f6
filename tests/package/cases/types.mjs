// TypeScript under every way to resolve, and the checkers of packages.

import { run } from './place.mjs';
import { listSubpaths, ofPages } from './runtimes.mjs';

const program = `import { CodeTool, EmbeddedClient, extract, Extractor, init, initSync, RunError, type Block, type RunResult } from 'fencerun';

const blocks: Block[] = extract('text', { profile: 'commonmark' });
const first: string | undefined = blocks[0]?.code;
const programs = extract('text', { profile: 'verl/retool' }).programs;
const language: string | null | undefined = programs[0]?.language;
initSync(new Uint8Array());
export async function run(): Promise<RunResult | null> {
  await init(new URL('file:///'));
  const tool = new CodeTool({ sandbox: new EmbeddedClient() });
  const { result } = await tool.execute('text', { signal: new AbortController().signal });
  return result;
}
new Extractor()[Symbol.dispose]();
export const fault: unknown = new RunError('network', 'gone').code satisfies string;
// @ts-expect-error: no such option
extract('text', { nothing: true });
// @ts-expect-error: a text is a string
extract(1);
console.log(first, language);
`;

const strict = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: 'ES2022',
  types: [],
};
const inBrowser = { lib: ['ES2022', 'DOM', 'DOM.Iterable'] };
const inNode = { lib: ['ES2022'], types: ['node'] };

function typeScript(row, compiler, options, { type = 'module', fast = true } = {}) {
  return {
    row,
    fast,
    run: async (place) => {
      const imports = listSubpaths(place.installed).map((path, index) => {
        return `import * as entry${index} from '${path}';\nexport const keys${index}: string[] = Object.keys(entry${index});\n`;
      });
      const config = JSON.stringify({
        compilerOptions: { ...strict, ...options },
        files: ['main.ts', 'all.ts'],
      });
      const files = { 'main.ts': program, 'all.ts': imports.join(''), 'tsconfig.json': config };
      const folder = place.project(files, { type });
      await run(process.execPath, [place.tool(compiler, 'bin', 'tsc'), '-p', '.'], { cwd: folder });
    },
  };
}

const node16 = { module: 'node16', moduleResolution: 'node16' };
const bundler = { module: 'esnext', moduleResolution: 'bundler' };
const node10 = { module: 'commonjs', moduleResolution: 'node10' };
const nodeNext = { module: 'nodenext', moduleResolution: 'nodenext' };

export const types = [
  typeScript('TypeScript 5.9, node16, ES modules', 'typescript', { ...node16, ...inBrowser }),
  typeScript(
    'TypeScript 5.9, node16, CommonJS',
    'typescript',
    { ...node16, ...inBrowser },
    { type: 'commonjs' },
  ),
  typeScript('TypeScript 5.9, bundler', 'typescript', { ...bundler, ...inBrowser }),
  typeScript('TypeScript 5.9, node10', 'typescript', { ...node10, ...inBrowser }, { type: 'commonjs' }),
  typeScript('TypeScript 5.9, without the types of browsers', 'typescript', { ...nodeNext, ...inNode }),
  typeScript('TypeScript 7, nodenext', 'typescript-7', { ...nodeNext, ...inBrowser }),
  typeScript('TypeScript 7, bundler', 'typescript-7', { ...bundler, ...inBrowser }),
  {
    row: 'publint',
    fast: true,
    run: async (place) => {
      const check = `import { readFile } from 'node:fs/promises';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
const pkgDir = ${JSON.stringify(place.installed)};
const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false });
for (const message of messages) console.error(formatMessage(message, pkg, { color: false }));
process.exitCode = messages.length > 0 ? 1 : 0;\n`;
      const folder = place.project({ 'check.mjs': check });
      await run(process.execPath, ['check.mjs'], { cwd: folder });
    },
  },
  {
    row: 'are the types wrong?',
    fast: true,
    run: async (place) => {
      const command = place.tool('@arethetypeswrong', 'cli', 'dist', 'index.js');
      // A module of WebAssembly is the same file for ES modules and CommonJS; that it has the types of one is no harm.
      const excluded = ['./wasm', './wasm/rollouts', ...ofPages];
      const args = [place.tarball, '--format', 'ascii', '--exclude-entrypoints', ...excluded];
      await run(process.execPath, [command, ...args], { cwd: place.project({}) });
    },
  },
];
