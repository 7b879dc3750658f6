// The licences of the npm packages and the crates whose code is in our package.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ask } from '../../setup/command.mjs';
import { repository } from '../../setup/folders.mjs';
import { CannotGoOn } from '../../setup/program.mjs';
import { wasmTarget } from '../../setup/rust.mjs';

const preface =
  'The command line, the server, the viewer and the modules of WebAssembly of this package contain the libraries below, under the licences that follow each.';

/** The crates that are linked, with all their features. */
const linked = ['fencerun-module', 'fencerun-blocks', 'fencerun-viewer-core'];

/**
 * One text with name, version and licence of each library.
 *
 * @param {string[]} folders The npm packages.
 * @param {{ name: string, version: string, license: string, folder: string }[]} crates
 */
export function describeLicences(folders, crates) {
  const libraries = [...folders.map(readPackage), ...crates].map(describeLicence);
  return `${[preface, ...libraries].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The folder of the npm package that a file is from, or `undefined` for our own. */
export function findPackage(path) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.split('\\').join('/'))?.[0];
}

/** The crates of others whose code is in the modules of WebAssembly: what ours depend on, but for what only runs while they are built. */
export function findCrates(env) {
  const args = ['metadata', '--locked', '--format-version', '1', '--all-features'];
  const answer = ask('cargo', [...args, '--filter-platform', wasmTarget], { cwd: repository, env });
  if (answer === undefined) throw new CannotGoOn('cargo could not tell which crates are linked');
  const { packages, resolve } = JSON.parse(answer);
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const crates = new Map(packages.map((one) => [one.id, one]));
  const isCode = ({ targets }) => !targets.some(({ kind }) => kind.includes('proc-macro'));
  const found = new Set();
  const next = packages.filter(({ name, source }) => source === null && linked.includes(name));
  while (next.length > 0) {
    const one = next.pop();
    if (found.has(one) || !isCode(one)) continue;
    found.add(one);
    for (const { pkg, dep_kinds: kinds } of nodes.get(one.id).deps) {
      if (kinds.some(({ kind }) => kind === null)) next.push(crates.get(pkg));
    }
  }
  return [...found]
    .filter(({ source }) => source !== null)
    .map(({ name, version, license, manifest_path: path }) => ({
      name,
      version,
      license,
      folder: dirname(path),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function readPackage(folder) {
  return { ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')), folder };
}

function describeLicence({ name, version, license, folder }) {
  const files = readdirSync(folder).filter((one) => /^licen[cs]e/i.test(one));
  // Of several to choose from, the shortest.
  const file = files.find((one) => /mit/i.test(one)) ?? files[0];
  if (!file)
    throw new CannotGoOn(`${name} has no file with its licence, so it cannot be part of the package`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
}
