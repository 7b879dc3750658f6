// Every exchange that was recorded from a real SandboxFusion, sent to our server: it answers alike, field by field.
// What differs stands in the two tables below, with its reason and with what we answer instead.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createServer } from './server.mjs';

/** What differs in every exchange: how a text is compared, and why. */
const everywhere = [
  {
    reason: 'the original writes a program to a folder with a random name, we to one that is always the same',
    compare: (text) =>
      text.replaceAll(/\/tmp\/tmpDIR\/tmpFILE\.(py|js)|\/sandbox\/main\.(py|js)/g, 'PROGRAM'),
  },
  {
    reason: 'CPython 3.14 marks other places of a line than 3.11 did',
    compare: (text) => text.replaceAll(/^[\s|]*[~^]+[~^ ]*\n/gm, ''),
  },
  {
    reason: 'the kernel of the original warns of its own connections, and we have none',
    compare: (text) => text.replaceAll(/^\[IPKernelApp\] WARNING \| Kernel is running over TCP .*\n/gm, ''),
  },
  {
    reason: 'times are never the same',
    compare: (text) => text,
    fields: ['execution_time'],
  },
];

const noProcess = 'WebAssembly starts no processes: of the languages only Python and JavaScript run here';
const cannotRun = (language) => ({
  status: 'SandboxError',
  message: `the embedded sandbox runs python and nodejs, not "${language}"`,
  compile_result: null,
  run_result: null,
  files: {},
});

/** What differs in one exchange: why, and the fields that are different with what they hold here. */
const exceptions = {
  'output over pipe': {
    reason: 'the original loses what a program writes faster than it reads; we do not',
    differs: { run_result: { stdout: `${'x'.repeat(300_000)}\n` } },
  },
  threads: {
    reason: 'WebAssembly has no threads',
    differs: {
      status: 'Failed',
      run_result: { return_code: 1, stdout: '', stderr: /RuntimeError: can't start new thread\n$/ },
    },
  },
  bash: { reason: noProcess, differs: cannotRun('bash') },
  'bash stdin': { reason: noProcess, differs: cannotRun('bash') },
  'cpp ok': { reason: noProcess, differs: cannotRun('cpp') },
  'cpp compile error': { reason: noProcess, differs: cannotRun('cpp') },
  'cpp runtime exit': { reason: noProcess, differs: cannotRun('cpp') },
  'cpp compile timeout': { reason: noProcess, differs: cannotRun('cpp') },
  'node throw': {
    reason: 'the engine is not Node: there are no frames of its module loader, and no version to name',
    differs: {
      run_result: {
        stderr:
          /^PROGRAM:1\nconsole.log\(1\); throw new Error\("x"\)\n\nError: x\n {4}at .* \(PROGRAM:1:23\)\n$/,
      },
    },
  },
  'list datasets': {
    reason: 'data sets are no part of this server',
    status: 404,
    answer: { detail: 'Not Found' },
  },
};

const read = (name) =>
  readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line, expand));

/** A long text stands in the file as what it repeats. */
function expand(_, value) {
  return value !== null && typeof value === 'object' && 'repeat' in value
    ? value.repeat.repeat(value.count) + value.then
    : value;
}

/** An answer with everything made equal that differs everywhere. */
function normalise(value, field) {
  if (everywhere.some(({ fields }) => fields?.includes(field))) return typeof value;
  if (typeof value === 'string') return everywhere.reduce((text, { compare }) => compare(text), value);
  if (Array.isArray(value)) return value.map((item) => normalise(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, normalise(item, name)]));
}

/** `recorded` with the members of `differs` in place; those that are patterns take what they fit. */
function replace(recorded, differs, answer) {
  if (differs instanceof RegExp) return differs.test(answer) ? answer : differs;
  if (differs === null || typeof differs !== 'object') return differs;
  const members = Object.keys(differs).map((name) => [
    name,
    replace(recorded?.[name], differs[name], answer?.[name]),
  ]);
  return { ...recorded, ...Object.fromEntries(members) };
}

const server = createServer({ workers: 2 });
let url;
before(async () => {
  url = await server.listen();
});
after(() => server.close());

const exchanges = [...read('run-code-exchanges.jsonl'), ...read('further-exchanges.jsonl')];

test('all 91 recorded exchanges are there, and every exception is about one of them', () => {
  assert.equal(exchanges.length, 91);
  const notes = new Set(exchanges.map(({ note }) => note));
  assert.deepEqual(
    Object.keys(exceptions).filter((note) => !notes.has(note)),
    [],
  );
});

for (const { note, method, path, request, body, status, content_type, response } of exchanges) {
  test(`${method} ${path} answers as recorded: ${note}`, async () => {
    const sent = request === undefined ? body : JSON.stringify(request);
    const answered = await fetch(`${url}${path}`, {
      method,
      ...(method === 'POST' && { body: sent, headers: { 'content-type': 'application/json' } }),
    });
    const exception = exceptions[note];
    const answer = normalise(await answered.json());
    const recorded = normalise(response);
    assert.equal(answered.status, exception?.status ?? status);
    assert.equal(answered.headers.get('content-type'), content_type);
    const { differs } = exception ?? {};
    assert.deepEqual(answer, exception?.answer ?? (differs ? replace(recorded, differs, answer) : recorded));
  });
}
