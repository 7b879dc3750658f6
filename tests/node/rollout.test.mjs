import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  indexRollouts,
  isIdentical,
  readRolloutLine,
  readRollouts,
  readRolloutText,
  writeRollout,
} from '../../pkg/dist/index.js';

const encoder = new TextEncoder();

async function collect(entries) {
  const all = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

test('a verl dump is cut into steps', () => {
  const call = { name: 'code_interpreter', arguments: { code: 'print(1)' } };
  const output = `Think.\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>\ntool\n1\n\nassistant\n#### 1`;
  const rollout = readRolloutLine(JSON.stringify({ input: 'q', output, score: 1.5, step: 7, uid: '4_1_0' }));
  assert.equal(rollout.format, 'verl');
  assert.deepEqual([rollout.score, rollout.trainingStep, rollout.input], [1.5, 7, 'q']);
  assert.deepEqual([rollout.id, rollout.group], ['4_1_0', '4']);
  assert.deepEqual(
    rollout.steps.map(({ program, recorded }) => ({ program, recorded })),
    [
      { program: { code: 'print(1)', language: 'python' }, recorded: '1\n\n' },
      { program: null, recorded: null },
    ],
  );
});

test('spans are in the text of the turn, in UTF-16 units', () => {
  const output = '😀\n```python\nprint("😀")\n```\n```output\n😀\n```\nDone 😀.';
  const { steps, turns } = readRolloutLine(JSON.stringify({ output }));
  for (const { text, turn, span, codeSpan, program } of steps) {
    assert.equal(turns[turn].text.slice(span.start, span.end), text);
    if (program) assert.equal(turns[turn].text.slice(codeSpan.start, codeSpan.end), program.code);
  }
  assert.equal(steps.length, 2);
});

test('bare constants of Python are read', () => {
  assert.ok(Number.isNaN(readRolloutLine('{"output": "", "score": NaN}').score));
  assert.equal(readRolloutLine('{"output": "", "score": -Infinity}').score, Number.NEGATIVE_INFINITY);
});

test('extras keep numbers that JavaScript has no double for', () => {
  const line = '{"output": "", "a": 12345678901234567890, "b": [NaN, {"c": -Infinity}], "d": 0.5, "e": null}';
  const { extras } = readRolloutLine(line);
  assert.deepEqual(extras, {
    a: 12345678901234567890n,
    b: [Number.NaN, { c: Number.NEGATIVE_INFINITY }],
    d: 0.5,
    e: null,
  });
});

test('a ToRA line is read', () => {
  const code = ['```python\nprint(1)\n```\n```output\n1\n```\nDone'];
  const rollout = readRolloutLine(JSON.stringify({ question: 'q', code }));
  assert.equal(rollout.format, 'tora');
  assert.equal(rollout.steps[0].recorded, '1\n');
});

test('a text is read with what it shows as recorded', () => {
  const rollout = readRolloutText('```python\nprint(1)\n```\n```output\n1\n```\n');
  assert.deepEqual([rollout.format, rollout.steps[0].recorded], ['text', '1\n']);
});

test('a profile says which code runs', () => {
  const block = '```python\nx = 6 * 7\nx\n```\n';
  const call = JSON.stringify({ name: 'python', arguments: { code: block } });
  const read = (output, options) => readRolloutLine(JSON.stringify({ output }), options).steps[0].program;
  const code = (options) => read(block, options)?.code;
  assert.equal(code(), 'x = 6 * 7\nx\n');
  assert.equal(code({ profile: 'rllm' }), 'x = 6 * 7\nx');
  const retool = { profile: 'verl/retool' };
  assert.equal(read(`<tool_call>${call}</tool_call>`, retool).code, 'x = 6 * 7\nprint(x)');
  // The tool of ReTool is called, and nothing else runs.
  assert.equal(code(retool), undefined);
  assert.throws(() => code({ profile: 'nowhere' }), { name: 'RunError', code: 'invalid_options' });
});

test('what is no rollout is refused in one sentence', () => {
  assert.throws(() => readRolloutLine('{"output": "x'), {
    message: 'not JSON: Unterminated string starting at: line 1 column 12 (char 11)',
  });
  assert.throws(() => readRolloutLine('[]'), {
    message: 'expected a rollout of verl, openai, tora, sts or atif, or a text',
  });
  assert.throws(() => readRolloutLine('{"output": ""}', { format: 'openai' }), /expected a rollout of/);
  assert.throws(() => readRolloutLine('{}', { format: 'xml' }), {
    message: 'format: expected one of verl, openai, tora, sts, atif, text, found `xml`',
  });
});

const log = [
  '{"output": "é😀", "score": 1}',
  '',
  'no JSON',
  '{"type": "session", "harness": "h", "id": "s"}',
  '{"type": "message", "message": {"role": "assistant", "content": "a"}}',
  '{"output": "half',
].join('\n');

test('a log is read as its bytes come, however they are cut', async () => {
  const bytes = encoder.encode(log);
  const whole = await collect(readRollouts(bytes));
  assert.deepEqual(
    whole.map(({ line, ended, rollout, fault }) => [line, ended, rollout?.format ?? fault]),
    [
      [1, true, 'verl'],
      [3, true, 'not JSON: Expecting value: line 1 column 1 (char 0)'],
      [4, true, 'sts'],
      [6, false, 'not JSON: Unterminated string starting at: line 1 column 12 (char 11)'],
    ],
  );
  for (const { start, end, rollout } of whole) {
    const text = new TextDecoder().decode(bytes.subarray(start, end));
    if (rollout) assert.equal(rollout.source, text);
  }
  const singles = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  assert.deepEqual(await collect(readRollouts(singles)), whole);
  assert.deepEqual(await collect(readRollouts(new Blob([bytes]).stream())), whole);
});

test('a buffer may be used again for the next piece', async () => {
  const buffer = new Uint8Array(7);
  async function* reuse() {
    const bytes = encoder.encode(log);
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const piece = bytes.subarray(at, at + buffer.length);
      buffer.set(piece);
      yield buffer.subarray(0, piece.length);
    }
  }
  assert.deepEqual(await collect(readRollouts(reuse())), await collect(readRollouts(encoder.encode(log))));
});

test('a line beyond the bound is a value, and the next ones are read', async () => {
  const lines = encoder.encode(`{"output": "${'x'.repeat(500)}"}\n{"output": "y"}\n`);
  const entries = await collect(readRollouts(lines, { maxLineBytes: 100 }));
  assert.equal(entries[0].fault, 'it is longer than 100 bytes');
  assert.equal(entries[1].rollout.source, '{"output": "y"}');
});

test('leaving the loop closes the source', async () => {
  let closed = false;
  async function* source() {
    try {
      for (;;) yield encoder.encode('{"output": "x"}\n');
    } finally {
      closed = true;
    }
  }
  for await (const { rollout } of readRollouts(source())) {
    assert.ok(rollout);
    break;
  }
  assert.ok(closed);
});

test('a rollout is written in another format and back without loss', () => {
  const line =
    '{"input": "system\\nS\\nuser\\nQ\\nassistant\\n", "output": "A\\ntool\\n1\\n\\nassistant\\nB", "gts": 12345678901234567890, "score": NaN, "step": 3, "acc": 1.0}';
  const messages = writeRollout(readRolloutLine(line), 'openai');
  assert.deepEqual(
    readRolloutLine(messages).turns.map(({ role, text }) => [role, text]),
    [
      ['system', 'S'],
      ['user', 'Q'],
      ['assistant', 'A'],
      ['tool', '1\n'],
      ['assistant', 'B'],
    ],
  );
  assert.equal(writeRollout(readRolloutLine(messages), 'verl'), line);
});

test('a rollout without a source is written from its fields', () => {
  const { source, ...rollout } = readRolloutLine('{"input": "user\\nq\\n", "output": "a", "score": 1}');
  assert.ok(source);
  rollout.score = Number.NaN;
  rollout.extras = { big: 2n ** 70n, note: 'n' };
  assert.equal(
    writeRollout(rollout, 'openai'),
    '{"messages": [{"role": "user", "content": "q\\n"}, {"role": "assistant", "content": "a"}], "big": 1180591620717411303424, "note": "n", "score": NaN}',
  );
  assert.throws(() => writeRollout(rollout, 'tora'), { name: 'RunError', code: 'invalid_options' });
});

test('an index shows where lines stand and what a list needs of them', async () => {
  const rows = [
    {
      input: 'q',
      output: '```python\n1\n```\ntool\nTraceback (most recent call last)\nassistant\n',
      score: 0.5,
      step: 2,
    },
    { input: 'q', output: 'é', score: '1' },
    { messages: [{ role: 'tool', content: '' }] },
  ];
  const lines = encoder.encode(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n\nhalf`);
  const facts = (await collect(indexRollouts(lines))).flat();
  assert.deepEqual(
    facts.map(({ format, score, trainingStep, programs, observations, tracebacks }) => {
      return [format, score, trainingStep, programs, observations, tracebacks];
    }),
    [
      ['verl', 0.5, 2, 1, 1, 1],
      ['verl', 1, null, 0, 0, 0],
      ['openai', null, null, 0, 1, 0],
      [null, null, null, 0, 0, 0],
    ],
  );
  assert.equal(facts[0].prompt, facts[1].prompt);
  assert.notEqual(facts[0].prompt, facts[2].prompt);
  for (const [place, row] of rows.entries()) {
    const { start, end } = facts[place];
    assert.deepEqual(JSON.parse(new TextDecoder().decode(lines.subarray(start, end))), row);
  }
});

test('line ends at the end do not count', () => {
  assert.ok(isIdentical('18', '18\n'));
  assert.ok(!isIdentical('18', '18.0'));
});
