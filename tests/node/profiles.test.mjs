import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applyRule, compareProfiles, extractWith, observeWith, profiles } from '../../pkg/dist/index.js';

const cli = join(import.meta.dirname, '..', '..', 'pkg', 'dist', 'cli.js');

const result = {
  status: 'failed',
  message: '',
  compile: null,
  run: {
    status: 'finished',
    executionTimeMs: 12.5,
    exitCode: 1,
    stdout: 'out\n',
    stderr: 'ValueError: x\n',
    stdoutTruncated: true,
    stderrTruncated: false,
  },
  executorPodName: null,
  files: {},
};

test('every profile is named once and says where it comes from', () => {
  const known = profiles();
  assert.equal(new Set(known.map(({ name }) => name)).size, known.length);
  for (const { name, source, version, description, extracts, observes } of known) {
    assert.match(source, /^[\w.-]+\/[\w.-]+ \S/, name);
    assert.match(version, /^[0-9a-f]{12}$/, name);
    assert.ok(description.length > 20 && !description.endsWith('.'), name);
    assert.ok(extracts || observes, name);
  }
});

test('every profile answers for every text', () => {
  for (const text of ['', 'prose', '```python\nx\n```', '<code>', '\ud800', '\0']) {
    for (const { name } of profiles().filter(({ extracts }) => extracts)) {
      const { programs } = extractWith(text, { profile: name });
      for (const { code, span } of programs) {
        if (span) assert.equal(text.toWellFormed().slice(span.start, span.end), code, name);
      }
    }
  }
});

test('spans count UTF-16 units', () => {
  const text = '😀é```python\nprint("😀")\n```';
  const [program] = extractWith(text, { profile: 'areal' }).programs;
  assert.deepEqual(program, { code: 'print("😀")', language: 'python', span: { start: 13, end: 24 } });
});

test('options reach the profile', () => {
  const text = '```python\na\n```\n\n```python\nb\n```';
  const codes = (options) =>
    extractWith(text, { profile: 'sandbox-fusion/v1', ...options }).programs.map(({ code }) => code);
  assert.deepEqual(codes({}), ['a\n\nb']);
  assert.deepEqual(codes({ firstBlockOnly: true }), ['a']);
  assert.deepEqual(codes({ codeBlockIndex: -1 }), ['b']);
});

test('a name that is none is refused with the nearest one', () => {
  const expected = {
    name: 'RunError',
    code: 'invalid_options',
    message: 'profile: expected one that `profiles` lists, found `verl/retol`; did you mean `verl/retool`?',
  };
  assert.throws(() => extractWith('', { profile: 'verl/retol' }), expected);
  assert.throws(() => observeWith(result, { profile: 'verl/retol' }), expected);
  assert.throws(() => observeWith(result, { profile: 'open-r1' }), {
    message: 'profile: expected one that shows results, found `open-r1`',
  });
  assert.throws(() => applyRule('verl/graed', {}), { code: 'invalid_options' });
});

test('a name that is near to none is refused without one: more than a third of its letters differ', () => {
  const messageFor = (profile) => {
    try {
      return extractWith('', { profile });
    } catch ({ message }) {
      return message;
    }
  };
  const refused = (name) => `profile: expected one that \`profiles\` lists, found \`${name}\``;
  for (const name of ['', 'bash', 'sandbox', 'to', 'x'.repeat(500)])
    assert.equal(messageFor(name), refused(name));
  for (const [name, meant] of [
    ['tor', 'torl'],
    ['simple-tir', 'simpletir'],
    ['Verl/ReTool2', 'verl/retool'],
    ['sandboxfusion/v2', 'sandbox-fusion/v2'],
  ])
    assert.equal(messageFor(name), `${refused(name)}; did you mean \`${meant}\`?`);
});

test('a result reads as the framework has it', () => {
  const observe = (profile, options) => observeWith(result, { profile, ...options });
  assert.deepEqual(observe('verl/retool'), { text: 'out\nValueError: x\n', truncated: true });
  assert.equal(observe('simpletir').text, '\nCode execution result: ValueError: x\n');
  const action = '```python\n1\n```';
  assert.equal(observe('verl-tool/python', { action }).text, '\n```result\nout\n\nValueError: x\n```\n');
});

test('a rule gives a value, an error of the original, or neither', () => {
  assert.deepEqual(applyRule('qwen-math/truncate', 'abcdef', { max_length: 4 }), { value: 'ab...ef' });
  assert.deepEqual(applyRule('torl/observe-report', [null, 'Done']), {
    raised: { type: 'TypeError', message: "argument of type 'NoneType' is not iterable" },
  });
  assert.deepEqual(applyRule('rllm/return-value', 'x + 1'), { needsPython: true });
});

test('the command line puts those together that agree', () => {
  const json = JSON.stringify({ name: 'python', arguments: { code: '```python\nx\n```' } });
  const input = `<tool_call>${json}</tool_call>`;
  const table = spawnSync(process.execPath, [cli, 'compare'], { input, encoding: 'utf8' });
  assert.equal(table.status, 0, table.stderr);
  assert.match(table.stdout, /^\d+ profiles, \d+ different answers\n/);
  assert.match(table.stdout, /^verl\/retool +python +1 line +print\(x\)$/m);
  const listed = spawnSync(process.execPath, [cli, 'compare', '--json'], { input, encoding: 'utf8' });
  const rows = listed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const retool = rows.find(({ profile }) => profile === 'verl/retool');
  assert.equal(retool.programs[0].code, 'print(x)');
});

test('a profile of arguments is compared by the tool calls of a text, or says why not', () => {
  const of = (text) => compareProfiles(text).find(({ profiles: names }) => names.includes('verl/retool'));
  const call = (code) =>
    `<tool_call>python\n<arg_key>code</arg_key>\n<arg_value>${code}</arg_value>\n</tool_call>`;
  const text = `${call('x')} and ${call('print(y)')}`;
  const { extracted, reason } = of(text);
  assert.equal(reason, null);
  assert.deepEqual(
    extracted.programs.map(({ code, span }) => [code, text.slice(span.start, span.end)]),
    [
      ['print(x)', call('x')],
      ['print(y)', call('print(y)')],
    ],
  );
  for (const [unfit, why] of [
    ['```python\nx\n```', ', and there is none'],
    ['<tool_call>{"name": "search", "arguments": {"query": "x"}}</tool_call>', ': it has no code'],
    // What verl's parser says is what json.loads says: the name is missing.
    ['<tool_call>{}</tool_call>', ": it cannot be read: 'name'"],
  ]) {
    const answer = of(unfit);
    assert.equal(answer.reason, `it reads the argument of a tool call${why}`);
    assert.deepEqual(answer.extracted.programs, []);
    assert.ok(answer.profiles.includes('verl/tool'));
  }
});

test('the guide to profiles names none that is not there', () => {
  const guide = readFileSync(new URL('../../docs/match-your-trainer.md', import.meta.url), 'utf8');
  // What a training run is called stands in the first column, and profiles in the others.
  const rows = guide.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.map((row) => row.split('|').slice(2).join());
  const named = cells.flatMap((cell) => cell.match(/(?<=`)[a-z][^`]*/g) ?? []);
  const known = profiles().map(({ name }) => name);
  assert.ok(named.length > 20);
  assert.deepEqual(
    named.filter((name) => !known.includes(name)),
    [],
  );
});
