import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  parseToolCalls,
  RunError,
  readCallProgram,
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

/** The recorded inputs and outputs of verl's parsers, by the format that each reads. */
const PARSERS = {
  hermes: ['verl_hermes', 'verl_new_hermes'],
  'gpt-oss': ['verl_gpt_oss'],
  qwen3_coder: ['verl_new_qwen3_coder'],
  glm: ['verl_new_glm'],
  seed: ['verl_new_seed'],
  minimax: ['verl_new_minimax'],
  kimi: ['verl_new_kimi'],
  deepseek_v4: ['verl_new_deepseek_v4'],
  gemma4: ['verl_new_gemma4'],
};

test('the marks of calls tell the format that an original finds them in', () => {
  for (const [format, names] of Object.entries(PARSERS)) {
    const lines = names.flatMap((name) => {
      const text = readFileSync(new URL(`../vectors/semantics/${name}.jsonl`, import.meta.url), 'utf8');
      return text.trimEnd().split('\n').map(JSON.parse);
    });
    const called = lines.filter(({ output }) =>
      output?.tool_calls?.some(({ name, arguments: given }) => name.trim() !== '' && given !== '{}'),
    );
    assert.ok(called.length > 5, format);
    for (const { input } of called) assert.equal(parseToolCalls(input).format, format, input);
  }
});

test('a text without a mark has no calls', () => {
  assert.deepEqual(parseToolCalls('x < y'), { format: null, content: 'x < y', calls: [], raised: null });
});

test('a call has its program under any of the usual names', () => {
  const read = (name, given) => readCallProgram(name, JSON.stringify(given));
  assert.deepEqual(read('f', { code: '1' }), { code: '1', language: 'python' });
  assert.deepEqual(read('f', { code: '1', language: 'js' }), { code: '1', language: 'nodejs' });
  assert.deepEqual(read('python', { script: '1' }), { code: '1', language: 'python' });
  // gpt-oss writes its code bare.
  assert.deepEqual(read('python', '1'), { code: '1', language: 'python' });
  assert.equal(read('search', { script: '1' }), null);
  assert.equal(read('search', '1'), null);
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
