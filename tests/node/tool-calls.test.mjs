import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseToolCalls,
  RunError,
  readFunctionResult,
  replyToToolCall,
  requestProfiles,
  toolCallFormats,
  truncateToolText,
} from '../../pkg/dist/index.js';

const call = (code) => `<tool_call>\n${JSON.stringify({ name: 'f', arguments: { code } })}\n</tool_call>`;

test('calls are found with their arguments and their spans in UTF-16 units', () => {
  const text = `é😀 ${call('print("😀")')} then ${call('2')}`;
  const { content, calls, raised } = parseToolCalls(text, { format: 'hermes' });
  assert.equal(content, 'é😀  then ');
  assert.equal(raised, null);
  assert.deepEqual(
    calls.map(({ kind, name, arguments: given, span }) => [
      kind,
      name,
      JSON.parse(given).code,
      text.slice(span.start, span.end),
    ]),
    [
      ['call', 'f', 'print("😀")', call('print("😀")')],
      ['call', 'f', '2', call('2')],
    ],
  );
});

test('a call that cannot be read is a value, in Python’s words', () => {
  const [unreadable] = parseToolCalls('<tool_call>{</tool_call>', { format: 'rstar2_agent_hermes' }).calls;
  const reason = 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)';
  assert.deepEqual(unreadable, {
    kind: 'unreadable',
    reason,
    reply: `Failed to decode tool call: ${reason}`,
    span: { start: 0, end: 24 },
  });
});

test('a lone surrogate in JSON stays one', () => {
  const text = '<tool_call>{"name": "f", "arguments": {"a": "\\ud800"}}</tool_call>';
  const [{ arguments: given }] = parseToolCalls(text, { format: 'hermes' }).calls;
  assert.equal(given, '{"a": "\ud800"}');
});

test('schemas give values their types', () => {
  const properties = { n: { type: 'integer' }, s: { type: 'string' } };
  const tools = [{ type: 'function', function: { name: 'f', parameters: { properties } } }];
  const text =
    '<tool_call><function=f><parameter=n>1</parameter><parameter=s>1</parameter></function></tool_call>';
  const [{ arguments: given }] = parseToolCalls(text, { format: 'qwen3_coder', tools }).calls;
  assert.equal(given, '{"n": 1, "s": "1"}');
});

test('the robust option tells thinking, repairs and truncation', () => {
  const text = `<think>${call('1')}</think><tool_call>{"name": "f", "arguments": {"a": 1,}}</tool_call><tool_call>{"na`;
  const { calls } = parseToolCalls(text, { format: 'hermes', robust: true });
  assert.deepEqual(
    calls.map(({ kind, repairs }) => [kind, repairs]),
    [
      ['thinking', undefined],
      ['call', ['trailing_comma']],
      ['truncated', undefined],
    ],
  );
});

test('a format that there is not is refused', () => {
  assert.throws(
    () => parseToolCalls('', { format: 'hermez' }),
    (error) =>
      error instanceof RunError &&
      error.code === 'invalid_options' &&
      /^format: expected one of hermes, .* found `hermez`$/.test(error.message),
  );
  assert.ok(toolCallFormats().length >= 12);
});

test('answers have the words of the agent loop', () => {
  const options = { tools: ['f'], wording: 'new', maxLength: 2, side: 'left' };
  const reply = (one) => replyToToolCall({ name: 'f', arguments: '{}', ...one }, options).text;
  assert.equal(reply({ name: 'g' }), "Unknown function 'g'. Available tools: ['f']");
  assert.equal(reply({ raised: 'boom' }), "Error executing tool 'f': boom");
  assert.equal(reply({ text: '😀😁😂' }), '(truncated)...😁😂');
  assert.equal(truncateToolText('abc', { maxLength: 2, side: 'left' }), 'ab...(truncated)');
});

test('return values of functions are read as Python values', () => {
  assert.deepEqual(readFunctionResult('[1.0, "a"]'), { text: "[1.0, 'a']", reward: 0, metrics: {} });
  assert.deepEqual(readFunctionResult('["x", 0.5]', { isTuple: true }), {
    text: 'x',
    reward: 0.5,
    metrics: {},
  });
  assert.throws(() => readFunctionResult('{'), { code: 'invalid_options' });
});

test('request profiles name what they send', () => {
  const verl = requestProfiles().find(({ name }) => name === 'verl');
  assert.deepEqual(
    verl.fields.map(({ name }) => name),
    [
      'compile_timeout',
      'run_timeout',
      'code',
      'stdin',
      'memory_limit_MB',
      'language',
      'files',
      'fetch_files',
    ],
  );
  assert.deepEqual([verl.timeoutMs, verl.maxAttempts, verl.retried], [10_000, 3, 'gateway_timeout']);
});
