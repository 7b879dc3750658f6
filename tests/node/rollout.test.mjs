import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIdentical, readRolloutLine } from '../../pkg/dist/index.js';

test('a verl dump is cut into steps', () => {
  const call = { name: 'code_interpreter', arguments: { code: 'print(1)' } };
  const output = `Think.\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>\ntool\n1\n\nassistant\n#### 1`;
  const rollout = readRolloutLine(JSON.stringify({ input: 'q', output, score: 1.5, step: 7 }));
  assert.equal(rollout.format, 'verl');
  assert.deepEqual([rollout.score, rollout.trainingStep, rollout.input], [1.5, 7, 'q']);
  assert.deepEqual(
    rollout.steps.map(({ program, recorded }) => ({ program, recorded })),
    [
      { program: { code: 'print(1)', language: 'python' }, recorded: '1\n\n' },
      { program: null, recorded: null },
    ],
  );
});

test('bare constants of Python are read', () => {
  assert.ok(Number.isNaN(readRolloutLine('{"output": "", "score": NaN}').score));
  assert.equal(readRolloutLine('{"output": "", "score": -Infinity}').score, Number.NEGATIVE_INFINITY);
});

test('a ToRA line is read', () => {
  const code = ['```python\nprint(1)\n```\n```output\n1\n```\nDone'];
  const rollout = readRolloutLine(JSON.stringify({ question: 'q', code }));
  assert.equal(rollout.format, 'tora');
  assert.equal(rollout.steps[0].recorded, '1\n');
});

test('what is no rollout is refused in one sentence', () => {
  assert.throws(() => readRolloutLine('{"output": "x'), {
    message: 'not JSON: Unterminated string starting at: line 1 column 12 (char 11)',
  });
  assert.throws(() => readRolloutLine('[]'), {
    message: 'expected an object with a text `output` (verl) or a list of texts `code` (ToRA)',
  });
});

test('line ends at the end do not count', () => {
  assert.ok(isIdentical('18', '18\n'));
  assert.ok(!isIdentical('18', '18.0'));
});
