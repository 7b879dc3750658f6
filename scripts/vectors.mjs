// Runs vectors, pairs of an input and what the original function made of it, through the built package:
// `npm run -s vectors -- FOLDER` runs every FUNCTION.jsonl in a folder and prints `FUNCTION passed/total` for each.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { repository } from './setup/folders.mjs';
import { settle } from './vectors/outcome.mjs';

/** Runs every file in a folder; answers whether all cases passed that can be run. */
export async function runVectors(folder, { api, mappings, print }) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  const sum = { passed: 0, total: 0, skipped: 0 };
  for (const file of files) {
    const name = basename(file, '.jsonl');
    const cases = readCases(join(folder, file));
    const result = runCases(cases, mappings[name] ?? missing(name), api);
    for (const key of Object.keys(sum)) sum[key] += result[key];
    print(`${name} ${result.passed}/${result.total}${describeSkipped(result.reasons)}`);
    if (result.first) print(describeFirst(result.first));
  }
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  print(`total ${sum.passed}/${sum.total}${skipped}`);
  return files.length > 0 && sum.passed === sum.total;
}

function readCases(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

/** One case, with the texts of its input and its keyword arguments, in which `1.0` is not `1`. */
function parseLine(line) {
  const json = /"input": (.*), "kwargs": (.*?), "output": /s.exec(line)?.slice(1);
  return { json, ...parseJson(line) };
}

/** Python writes NaN and the infinities bare, which JSON does not have. */
function parseJson(line) {
  try {
    return JSON.parse(line);
  } catch {
    return JSON.parse(
      line.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) => (part[0] === '"' ? part : 'null')),
    );
  }
}

function missing(name) {
  return () => {
    throw new Error(`no mapping for ${name}`);
  };
}

function runCases(cases, mapping, api) {
  const result = { passed: 0, total: 0, skipped: 0, reasons: new Map(), first: undefined };
  for (const one of cases) {
    const expected = one.raises ? { raises: one.raises } : { output: one.output };
    const got = settle(() => mapping(api, one.input, one.kwargs ?? {}, one));
    if (got.skipped !== undefined) {
      result.skipped++;
      result.reasons.set(got.skipped, (result.reasons.get(got.skipped) ?? 0) + 1);
      continue;
    }
    result.total++;
    if (isDeepStrictEqual(got, expected)) result.passed++;
    else result.first ??= { input: one.input, kwargs: one.kwargs, expected, got };
  }
  return result;
}

function describeSkipped(reasons) {
  return [...reasons].map(([reason, count]) => `, ${count} skipped: ${reason}`).join('');
}

function describeFirst({ input, kwargs, expected, got }) {
  const show = (value) => (value?.thrown ?? JSON.stringify(value))?.slice(0, 2000);
  const lines = { input, kwargs, expected, got };
  return Object.entries(lines)
    .map(([name, value]) => `  ${name.padEnd(8)} ${show(value)}`)
    .join('\n');
}

/** All mappings: every module in scripts/vectors/ that exports some. */
export async function loadMappings() {
  const folder = join(repository, 'scripts', 'vectors');
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.mjs'))
    .sort();
  const modules = await Promise.all(names.map((name) => import(pathToFileURL(join(folder, name)).href)));
  return Object.assign({}, ...modules.map((one) => one.mappings));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = resolve(process.argv[2] ?? join(repository, 'tests', 'vectors', 'semantics'));
  const api = await import(pathToFileURL(join(repository, 'pkg', 'dist', 'index.js')).href);
  const passed = await runVectors(folder, { api, mappings: await loadMappings(), print: console.log });
  process.exitCode = passed ? 0 : 1;
}
