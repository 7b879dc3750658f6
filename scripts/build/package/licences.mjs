// The licences of the npm packages whose code is in ours.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn } from '../../setup/program.mjs';

const preface =
  'The command line, the server and the viewer of this package contain the libraries below, under the licences that follow each.';

/** One text with name, version and licence of the packages in `folders`. */
export function describeLicences(folders) {
  return `${[preface, ...folders.map(describeLicence)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The folder of the npm package that a file is from, or `undefined` for our own. */
export function findPackage(path) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.split('\\').join('/'))?.[0];
}

function describeLicence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file)
    throw new CannotGoOn(`${name} has no file with its licence, so it cannot be part of the package`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
}
