// `npm test [-- SECTION… --node NODE]`: sets up, builds, and runs every section of the tests, or those that are named,
// the Node tests among them with the Node that runs this, or with another.

import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { findNamedNode } from './setup/harnesses.mjs';
import { CannotGoOn, runAsProgram } from './setup/program.mjs';
import { setUpTests } from './setup.mjs';
import { addUp, describeResults } from './test/report.mjs';
import { runSection } from './test/run-section.mjs';
import { sections } from './test/sections.mjs';

runAsProgram(import.meta.url, async (args) => {
  const { names, list, node } = readArguments(args);
  if (list) {
    for (const { name, title } of sections) print(`${name.padEnd(12)} ${title}`);
    return 0;
  }
  const chosen = chooseSections(names);
  const needs = chosen.flatMap((section) => section.needs ?? []);
  const tools = await setUpTests(needs);
  if (node !== undefined) tools.testNode = await findNamedNode(node);
  if (needs.includes('build')) await build(tools);
  const results = [];
  for (const section of chosen) {
    print(`${section.name}: ${section.title} …`);
    const result = await runSection(section, tools);
    const { passed, failed, remark, seconds } = result;
    if (failed > 0) print(result.output.trimEnd());
    const counts = section.count ? `${passed} passed, ${failed} failed` : failed > 0 ? 'FAILED' : 'ok';
    print(`${section.name}: ${counts}${remark ? `, ${remark}` : ''} (${seconds.toFixed(1)} s)`);
    results.push(result);
  }
  print(`\n${describeResults(results).join('\n')}`);
  return addUp(results).failed > 0 ? 1 : 0;
});

function readArguments(args) {
  const options = { list: { type: 'boolean' }, node: { type: 'string' } };
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { names: positionals, ...values };
  } catch (error) {
    throw new CannotGoOn(error.message);
  }
}

function chooseSections(names) {
  const unknown = names.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    const known = sections.map(({ name }) => name).join(', ');
    throw new CannotGoOn(`npm test has no section ${unknown.join(', ')}: it has ${known}`);
  }
  return names.length === 0 ? sections : sections.filter(({ name }) => names.includes(name));
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
