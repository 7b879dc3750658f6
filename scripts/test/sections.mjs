// The sections of `npm test`, in the order in which they run.

import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { locateNodeProgram } from '../build/node-module.mjs';
import { canFuzz } from '../setup/cargo-fuzz.mjs';
import { repository } from '../setup/folders.mjs';
import { canRunHarnesses } from '../setup/harnesses.mjs';
import { countNode, countRust, countVectors } from './counts.mjs';

/**
 * Every section: its name, its title, what it `needs` beyond Rust and the npm packages, the commands it runs one after
 * the other (each a program, its arguments and what it adds to the environment), and how to count the tests in the output.
 */
export const sections = [
  { name: 'fmt', title: 'Rust is formatted', commands: () => [cargo('fmt', '--all', '--check')] },
  {
    name: 'clippy',
    title: 'Rust has no lint',
    commands: () => [cargo('clippy', '--all-targets', '--locked', '--', '-D', 'warnings')],
  },
  {
    name: 'rust',
    title: 'Rust tests',
    commands: () => [cargo('test', '--locked', '--no-fail-fast')],
    count: countRust,
  },
  {
    name: 'docs',
    title: 'Rust documentation',
    commands: () => [{ ...cargo('doc', '--no-deps', '--locked'), env: { RUSTDOCFLAGS: '-D warnings' } }],
  },
  {
    name: 'biome',
    title: 'JavaScript is formatted and has no lint',
    commands: () => [nodeProgram('biome', 'ci', '--colors=off', '.')],
  },
  {
    name: 'types',
    title: 'TypeScript types',
    needs: ['build'],
    commands: () => listProjects().map((one) => typeCheck(one)),
  },
  {
    name: 'wasm-node',
    title: 'WebAssembly tests in Node',
    needs: ['build', 'wasm-pack'],
    commands: (tools) => [wasmPack(tools, '--node')],
    count: countRust,
  },
  {
    name: 'wasm-chrome',
    title: 'WebAssembly tests in Chromium',
    needs: ['build', 'wasm-pack', 'browser'],
    commands: (tools) => [wasmPack(tools, '--headless', '--chrome', '--chromedriver', tools.chrome.driver)],
    count: countRust,
  },
  nodeTests('scripts', 'Tests of the scripts', []),
  nodeTests('node', 'Node tests'),
  nodeTests('sandbox', 'Sandbox tests'),
  nodeTests('package', 'The packages as they are installed', ['build', 'browser', 'package-tools']),
  {
    name: 'vectors',
    title: 'What the originals made of recorded inputs',
    needs: ['build'],
    commands: () => [{ command: process.execPath, args: [join(repository, 'scripts', 'vectors.mjs')] }],
    count: countVectors,
  },
  ...(canRunHarnesses() ? [examples()] : []),
  nodeTests('oracles', 'Comparisons with the originals', ['build', 'oracles']),
  nodeTests('server', 'Server tests'),
  nodeTests('interop', 'The server with clients that are not ours', ['build', 'interop']),
  ...listFurtherFolders([
    'scripts',
    'node',
    'sandbox',
    'package',
    'oracles',
    'server',
    'interop',
    'browser',
  ]).map((one) => nodeTests(one, `Tests in tests/${one}`)),
  nodeTests('browser', 'Browser tests', ['build', 'browser']),
  ...(canFuzz() ? [fuzz()] : []),
];

/** How long each target is fuzzed, in seconds; fuzz/README.md tells of longer runs. */
const fuzzSeconds = 60;

/** A minute for each target, where this machine has a nightly compiler. */
function fuzz() {
  const run = (target, folder) => ({
    command: 'cargo',
    args: ['+nightly', 'fuzz', 'run', target, '--', `-max_total_time=${fuzzSeconds}`, '-max_len=512'],
    env: { PATH: [folder, process.env.PATH].join(delimiter) },
  });
  return {
    name: 'fuzz',
    title: 'Fuzzing',
    needs: ['cargo-fuzz'],
    commands: ({ cargoFuzz }) => ['extract', 'stream'].map((target) => run(target, cargoFuzz)),
  };
}

/** The examples with the real harnesses, where there is a Node that is new enough for them. */
function examples() {
  const script = join(repository, 'scripts', 'examples.mjs');
  return {
    name: 'harnesses',
    title: 'Examples in the agent harnesses',
    needs: ['build', 'harnesses'],
    commands: ({ harnesses: { folder, node } }) => [
      { command: process.execPath, args: [script, folder, node] },
    ],
    count: countNode,
  };
}

function cargo(...args) {
  return { command: 'cargo', args };
}

function nodeProgram(program, ...args) {
  return { command: process.execPath, args: [locateNodeProgram(program), ...args] };
}

function listProjects() {
  return ['js', 'sandbox', 'www', 'tests'].filter((name) =>
    existsSync(join(repository, name, 'tsconfig.json')),
  );
}

function typeCheck(project) {
  return nodeProgram('tsc', '-p', project, '--noEmit');
}

function wasmPack({ wasm, wasmBindgen, wasmPack: folder }, ...engine) {
  const path = [wasmBindgen, join(repository, 'node_modules', '.bin'), wasm.env.PATH].join(delimiter);
  return {
    command: join(folder, 'wasm-pack'),
    args: ['test', '--mode', 'no-install', ...engine, '--', '--locked'],
    // Seconds for a whole test program in the browser; the default of 20 is short on a busy machine.
    env: { ...wasm.env, PATH: path, WASM_BINDGEN_TEST_TIMEOUT: '120' },
  };
}

function nodeTests(name, title, needs = ['build']) {
  return {
    name,
    title,
    needs,
    commands: ({ chrome, oracles, interop, packageTools, testNode = process.execPath }) => {
      const files = listTests(join(repository, 'tests', name));
      // Without files Node would look for tests everywhere; without a command the section fails for want of tests.
      if (files.length === 0) return [];
      // `spec` whatever the terminal, as the totals are read from it.
      const args = ['--test', '--test-reporter=spec', ...files];
      const env = chrome ? { CHROME: chrome.browser, CHROMEDRIVER: chrome.driver } : {};
      if (packageTools) env.PACKAGE_TOOLS = packageTools;
      if (oracles) Object.assign(env, { ORACLE_PYTHON: oracles.python, ORACLE_SITE: oracles.site });
      if (interop) Object.assign(env, { INTEROP_PYTHON: interop.python, INTEROP_SITE: interop.site });
      return [{ command: testNode, args, env }];
    },
    count: countNode,
  };
}

function listFurtherFolders(known) {
  return readdirSync(join(repository, 'tests'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.includes(entry.name))
    .map((entry) => entry.name)
    .filter((name) => listTests(join(repository, 'tests', name)).length > 0)
    .sort();
}

/** The test files in a folder and the folders in it; `node --test` itself would also take helpers for tests. */
export function listTests(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.mjs'))
    .sort()
    .map((name) => join(folder, name));
}
