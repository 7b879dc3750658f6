// The agent harnesses that the examples are for: their packages, and a Node that is new enough for all of them.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './folders.mjs';
import { keep, keepNewest } from './keep.mjs';
import { installLocked } from './node-modules.mjs';
import { CannotGoOn, isAtLeast } from './program.mjs';

const examples = join(repository, 'examples');
const files = ['package.json', 'package-lock.json', '.npmrc'];

/** The oldest Node that every harness runs on. */
const oldestNode = '22.13.0';

/** The folder whose `node_modules` has the harnesses as `examples/package-lock.json` pins them, and the `node` to use. */
export async function prepareHarnesses() {
  const hash = createHash('sha256');
  for (const name of files) hash.update(readFileSync(join(examples, name)));
  const folder = await keep(`harnesses-${hash.digest('hex').slice(0, 16)}`, {
    announcement: 'installing the agent harnesses of the examples (about a minute, 1 GB, once)',
    async make(unfinished) {
      for (const name of files) copyFileSync(join(examples, name), join(unfinished, name));
      await installLocked('harnesses', unfinished, ['--ignore-scripts']);
    },
  });
  keepNewest('harnesses-', 2);
  return { folder, node: locateNode(folder) };
}

/** The Node that `--node` names: that at a path, or the one that the examples pin by the number of its major version. */
export async function findNamedNode(name) {
  const major = /^\d+/.exec(Object.values(listNodes())[0])?.[0];
  if (name === major) return locateOwnNode((await prepareHarnesses()).folder);
  if (existsSync(name)) return name;
  throw new CannotGoOn(`--node: expected ${major} or the path of a Node, found ${name}`);
}

/** Whether this machine has, or can be given, a Node for all harnesses. */
export function canRunHarnesses() {
  return (
    isAtLeast(process.versions.node, oldestNode) ||
    Object.hasOwn(listNodes(), `node-${process.platform}-${process.arch}`)
  );
}

/** The packages among the examples' own that are a newer Node, one a platform. */
function listNodes() {
  return JSON.parse(readFileSync(join(examples, 'package.json'), 'utf8')).optionalDependencies;
}

function locateNode(folder) {
  return isAtLeast(process.versions.node, oldestNode) ? process.execPath : locateOwnNode(folder);
}

function locateOwnNode(folder) {
  return join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
}
