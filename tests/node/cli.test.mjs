// The command line as a user calls it: its own process, its standard streams, its exit code.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createCommand } from './command.mjs';
import { exchanges, sendJson, withServer } from './exchanges.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fencerun-cli-'));
after(() => rmSync(folder, { recursive: true }));

const call = createCommand(folder);
const fencerun = (args, input) => call(args, { input });

function write(name, content) {
  writeFileSync(join(folder, name), content);
  return name;
}

const answer = '```python title="a"\nprint("é")\n```\n\n```output\né\n```\n';
const verl = (output, more = {}) => JSON.stringify({ input: 'q', output, score: 1, step: 1, ...more });
const step = (code, printed) => `\`\`\`python\n${code}\n\`\`\`\n\`\`\`output\n${printed}\n\`\`\`\n`;

test('extract prints a table, or one object a line', async () => {
  const table = await fencerun(['extract', write('answer.md', answer)]);
  assert.deepEqual(
    table.stdout.split('\n').map((line) => line.split(/ {2,}/)),
    [
      ['#', 'info', 'language', 'span', 'lines', 'closed', 'code'],
      ['1', 'python title="a"', 'python', '0-34', '1', 'yes', 'print("é")'],
      ['2', 'output', 'unknown', '36-51', '1', 'yes', 'é'],
      [''],
    ],
  );
  const json = await fencerun(['extract', '--json'], answer);
  const blocks = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    blocks.map(({ lang, code }) => [lang, code]),
    [
      ['python', 'print("é")\n'],
      ['output', 'é\n'],
    ],
  );
});

test('run prints the observation byte for byte', async () => {
  const code =
    'import sys\nsys.stdout.buffer.write("é\\r\\n\\x1b[1m".encode())\nsys.stdout.flush()\nsys.stderr.write("e")';
  const { code: exit, stdout, stderr } = await fencerun(['run', '-'], `\`\`\`python\n${code}\n\`\`\`\n`);
  assert.deepEqual([exit, stdout, stderr], [0, 'é\r\n\u001b[1me', '']);
});

test('run takes every block, each with the standard input, when told to', async () => {
  write('stdin', 'word\n');
  const text = '```\nprint(input())\n```\n```\nprint(len(input()))\n```\n';
  const { code, stdout, stderr } = await fencerun(['run', '--all', '--stdin', 'stdin'], text);
  assert.deepEqual([code, stdout, stderr], [0, 'word\n4\n', '']);
});

test('run stops a program at its time-out and says so', async () => {
  const text = '```\nwhile True: pass\n```\n';
  const { code, stdout, stderr } = await fencerun(['run', '--timeout', '0.5'], text);
  assert.deepEqual([code, stdout, stderr], [0, '', 'fencerun: the program was stopped after 0.5 s\n']);
});

test('replay compares, names what differs and counts the rest', async () => {
  const log = [
    verl(step('print(1)', '1') + step('print(2)', '3')),
    '{"input": "q", "output": "no code", "score": NaN, "step": 1}',
    '{"input": "q", "outp',
  ];
  const { code, stdout } = await fencerun(['replay', write('log.jsonl', log.join('\n'))]);
  assert.equal(code, 0);
  const [first, ...rest] = stdout.split('\n');
  assert.equal(first, 'different: log.jsonl:1 step 2 (- recorded, + now)');
  assert.ok(rest.includes('  -3') && rest.includes('  +2'), stdout);
  assert.match(stdout, /^identical 1 of 2 recorded observations$/m);
  assert.match(stdout, /^different: 1, at log\.jsonl:1 step 2$/m);
  assert.match(stdout, /^half-written last line passed over: 1, at log\.jsonl:3 /m);
  assert.match(stdout, /^2 rollouts, 2 programs in /m);
});

test('a bad line is counted and named, and the others are replayed', async () => {
  const log = [
    Buffer.from('not json\n'),
    Buffer.from([0xff, 0x0a]),
    Buffer.from(`[]\n\n${verl(step('print(1)', '1'))}\n`),
  ];
  const { code, stdout, stderr } = await fencerun(['replay', write('bad.jsonl', Buffer.concat(log))]);
  assert.equal(code, 1);
  assert.match(stdout, /^identical 1 of 1 recorded observations$/m);
  assert.deepEqual(stderr.split('\n'), [
    'fencerun: unreadable line bad.jsonl:1 (not JSON: Expecting value: line 1 column 1 (char 0))',
    'fencerun: unreadable line bad.jsonl:2 (it is not UTF-8)',
    'fencerun: unreadable line bad.jsonl:3 (expected a rollout of verl, openai, tora, sts or atif, or a text)',
    '',
  ]);
});

test('replay gives one object a step and a summary', async () => {
  const log = `${verl(step('print("é")', 'é'))}\n${verl('```ruby\nputs 1\n```\n')}\n`;
  const { code, stdout } = await fencerun(['replay', '--json', '--limit', '5', '-'], log);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.slice(0, 2).map(({ line, step, outcome }) => [line, step, outcome]),
    [
      [1, 1, 'identical'],
      [2, 1, 'no_result'],
    ],
  );
  assert.equal(lines.at(-1).summary.identical, 1);
  assert.equal(lines.at(-1).summary.noResult, 1);
  assert.equal(code, 1);
});

test('replay at a url sends the programs there', async () => {
  const recorded = exchanges.find(({ note }) => note === 'hello');
  const answerHello = ({ response }) => sendJson(response, 200, recorded.response);
  const log = `${verl(step('print("hello")', 'hello'))}\n`;
  const { code, stdout } = await withServer(answerHello, (url) =>
    fencerun(['replay', '--url', url, '-'], log),
  );
  assert.equal(code, 0);
  assert.match(stdout, /^identical 1 of 1 recorded observations$/m);
});

test('run takes tool calls when told to, of any tool that takes code', async () => {
  const call = (name, parameters) =>
    `<tool_call>\n${JSON.stringify({ name, arguments: parameters })}\n</tool_call>\n`;
  const text = [
    '```python\nprint("a block")\n```\n',
    call('search', { query: 'x' }),
    call('python', { code: 'print(6 * 7)' }),
    call('run', { code: 'console.log([1])', language: 'js' }),
  ].join('');
  const first = await fencerun(['run', '--tool-calls', 'hermes'], text);
  assert.deepEqual([first.code, first.stdout, first.stderr], [0, '42\n', '']);
  const all = await fencerun(['run', '--tool-calls', 'hermes', '--all', '--json'], text);
  const runs = all.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    runs.map(({ block, language, observation }) => [block, language, observation.text]),
    [
      [null, 'python', '42\n'],
      [null, 'nodejs', '[ 1 ]\n'],
    ],
  );
  const none = await fencerun(['run', '--tool-calls', 'glm'], text);
  assert.deepEqual(
    [none.code, none.stderr],
    [1, 'fencerun: nothing to run in -: no tool call with `code`\n'],
  );
  const torn = await fencerun(['run', '--tool-calls', 'hermes'], `<tool_call>{</tool_call>${text}`);
  // The words of Python's decoder.
  const reason = 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)';
  assert.deepEqual(
    [torn.code, torn.stdout, torn.stderr],
    [1, '42\n', `fencerun: a tool call cannot be read: ${reason}\n`],
  );
  const wrong = await fencerun(['run', '--tool-calls', 'json'], text);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^fencerun: --tool-calls: expected one of hermes, .*, found json\n$/);
});

test('a server that asks for a token gets it', async () => {
  const recorded = exchanges.find(({ note }) => note === 'hello');
  const answer = ({ request, response }) => {
    if (request.headers.authorization === 'Bearer secret') sendJson(response, 200, recorded.response);
    else sendJson(response, 401, { detail: 'a bearer token is needed' });
  };
  const text = '```python\nprint("hello")\n```\n';
  const [known, unknown] = await withServer(answer, async (url) => [
    await fencerun(['run', '--url', url, '--token', 'secret', '-'], text),
    await fencerun(['run', '--url', url, '-'], text),
  ]);
  assert.deepEqual([known.code, known.stdout], [0, recorded.response.run_result.stdout]);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /401/);
});

const failures = [
  ['a file that is not there', ['run', 'missing.md'], 1, 'cannot read missing.md: there is no such file'],
  ['a folder', ['extract', '.'], 1, 'cannot read .: it is a folder'],
  [
    'a log that is not there',
    ['replay', 'missing.jsonl'],
    1,
    'cannot read missing.jsonl: there is no such file',
  ],
  ['nothing to run', ['run', '-'], 1, 'nothing to run in -: no code block in python or nodejs'],
  [
    'a url that is none',
    ['run', '--url', 'nowhere', '-'],
    2,
    "option '--url <url>' argument 'nowhere' is invalid. expected http://HOST or https://HOST.",
  ],
  ['an unknown option', ['run', '--fast'], 2, "unknown option '--fast'"],
  ['an unknown command', ['fly'], 2, "unknown command 'fly'"],
  [
    'a number that is none',
    ['replay', '--limit', 'x', '-'],
    2,
    "option '--limit <rollouts>' argument 'x' is invalid. expected a whole number above 0.",
  ],
];

for (const [name, args, code, sentence, input] of failures) {
  test(`${name} is one sentence and a failure`, async () => {
    const outcome = await fencerun(args, input);
    assert.equal(outcome.stdout, '');
    assert.equal(outcome.stderr.split('\n')[0], `fencerun: ${sentence}`);
    assert.equal(outcome.code, code);
  });
}

for (const args of [
  ['replay', '--profile', 'nowhere', '-'],
  ['mcp', '--profile', 'nowhere'],
  ['mcp', '--languages', 'python,cobol'],
  ['serve', '--upstream', 'nowhere'],
]) {
  test(`a value that cannot be used is a wrong option, and nothing is begun: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await fencerun(args);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^fencerun: (?:--)?[a-z]+: expected .*, found "?(?:nowhere|cobol)"?\n$/);
  });
}

test('a dead url ends a replay at once with one sentence', async () => {
  const dead = await withServer(
    () => {},
    async (url) => url,
  );
  const log = `${verl(step('print(1)', '1'))}\n`.repeat(20);
  const { code, stderr } = await fencerun(['replay', '--url', dead, '-'], log);
  assert.equal(code, 1);
  assert.match(stderr, /^fencerun: the sandbox could not be reached: .*ECONNREFUSED.*\n$/);
});

test('help and version are printed', async () => {
  assert.match((await fencerun(['--help'])).stdout, /extract[\s\S]*run[\s\S]*replay[\s\S]*convert/);
  assert.match((await fencerun(['convert', '--help'])).stdout, /standard input \(default: "-"\)$/m);
  assert.match((await fencerun(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});
