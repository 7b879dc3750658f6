// What the adapters of all harnesses are made of. The harnesses themselves are in examples/.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { codeServer } from '../../pkg/dist/claude-agent.js';
import { createHarnessTool, EmbeddedClient, RunError } from '../../pkg/dist/index.js';
import { buildCodeSchema } from '../../pkg/dist/schema.js';

const sandbox = new EmbeddedClient();
after(() => sandbox.close());

const validate = (value, languages = ['python', 'nodejs']) =>
  buildCodeSchema(languages)['~standard'].validate(value);

test('the schema is plain JSON Schema to whoever writes it out', () => {
  const schema = buildCodeSchema(['python']);
  assert.deepEqual(Object.keys(schema), ['type', 'properties', 'required', 'additionalProperties']);
  assert.deepEqual([schema.type, schema.required, schema.additionalProperties], ['object', ['code'], false]);
  const { jsonSchema } = schema['~standard'];
  for (const target of ['draft-07', 'draft-2020-12']) {
    assert.deepEqual(jsonSchema.input({ target }), JSON.parse(JSON.stringify(schema)));
  }
});

test('strict modes find every property required', () => {
  const { properties, required } = buildCodeSchema(['python', 'nodejs']);
  assert.deepEqual(required, Object.keys(properties));
  assert.deepEqual(properties.language.enum, ['python', 'nodejs']);
});

test('an input is read at once, languages as people write them', () => {
  assert.deepEqual(validate({ code: '1' }), { value: { code: '1' } });
  assert.deepEqual(validate({ code: '1', language: 'JS' }), { value: { code: '1', language: 'nodejs' } });
  assert.deepEqual(validate({ code: '1', language: null, more: 2 }), { value: { code: '1' } });
});

test('an input that cannot be used is refused with a sentence', () => {
  const refusal = (value, languages) => validate(value, languages).issues.map(({ message }) => message);
  assert.deepEqual(refusal(undefined), ['expected an object with `code`, found nothing']);
  assert.deepEqual(refusal(null), ['expected an object with `code`, found null']);
  assert.deepEqual(refusal(['1']), ['expected an object with `code`, found an array']);
  assert.deepEqual(refusal('print(1)'), ['expected an object with `code`, found a string']);
  assert.deepEqual(refusal({}), ['code: expected a string, found nothing']);
  assert.deepEqual(refusal({ code: {} }), ['code: expected a string, found an object']);
  assert.deepEqual(refusal({ code: '', language: 1 }), [
    'language: expected python or nodejs, found a number',
  ]);
  assert.deepEqual(refusal({ code: '', language: 'ruby' }, ['python']), [
    'language: expected python, found `ruby`',
  ]);
});

test('options that cannot be used are refused before the first call', () => {
  const refusal = (options) => {
    try {
      createHarnessTool({ sandbox, ...options });
    } catch (thrown) {
      assert.ok(thrown instanceof RunError);
      assert.equal(thrown.code, 'invalid_options');
      return thrown.message;
    }
    return undefined;
  };
  assert.equal(refusal({}), undefined);
  assert.equal(refusal({ languages: [] }), 'languages: expected some of python, nodejs, found none');
  assert.equal(
    refusal({ languages: ['python', 'ruby'] }),
    'languages: expected some of python, nodejs, found `ruby`',
  );
  assert.equal(
    refusal({ profile: 'none' }),
    "profile: expected the name of a framework's profile, found `none`",
  );
});

test('an argument that is one fenced block is its code', async () => {
  const tool = createHarnessTool({ sandbox });
  const seen = async (code) => (await tool.run({ code })).observation.text;
  assert.equal(await seen('```python\nprint(1)\n```'), '1\n');
  assert.equal(await seen('\n~~~\nprint(2)\n~~~\n'), '2\n');
  assert.match(await seen('```python\nprint(1)\n```\nand prose'), /SyntaxError/);
});

test('a profile of arguments changes the argument as the framework does', async () => {
  const seen = async (profile, code) =>
    (await createHarnessTool({ sandbox, profile }).run({ code })).observation.text;
  // verl's recipe prints the last line, and its tool's wording has nothing for a program that is stopped.
  assert.equal(await seen('verl/retool', '```python\nx = 6 * 7\nx\n```'), '42\n');
  assert.equal(await seen('verl/tool', 'x = 6 * 7\nx'), '');
  const slow = createHarnessTool({ sandbox, profile: 'verl/tool', request: { runTimeoutMs: 300 } });
  assert.equal((await slow.run({ code: 'while True: pass' })).observation.text, 'no stdout here');
});

test('what gives no result is text in an answer and thrown by a run', async () => {
  const broken = {
    languages: ['python'],
    runCode: async () => {
      throw new RunError('network', 'cannot reach the sandbox');
    },
  };
  const tool = createHarnessTool({ sandbox: broken });
  await assert.rejects(tool.run({ code: '' }), { code: 'network' });
  const { text, result, error } = await tool.answer({ code: '' });
  assert.deepEqual([text, result, error.code], ['cannot reach the sandbox', null, 'network']);
});

test('a mistake of the sandbox itself is thrown and never shown to the model', async () => {
  const mistaken = {
    languages: ['python'],
    runCode: async () => {
      throw new TypeError('of ours');
    },
  };
  await assert.rejects(createHarnessTool({ sandbox: mistaken }).answer({ code: '' }), TypeError);
});

test('a mistake of the sandbox itself leaves no call of the Claude Agent SDK without an answer', async () => {
  const mistaken = {
    languages: ['python'],
    runCode: async () => {
      throw new TypeError('of ours');
    },
  };
  const transport = { start: async () => {} };
  const answered = new Promise((resolve) => {
    transport.send = async (message) => resolve(message);
  });
  await codeServer({ sandbox: mistaken }).instance.connect(transport);
  const params = { name: 'run_code', arguments: { code: '' } };
  transport.onmessage({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
  // The code of JSON-RPC 2.0, section 5.1.
  assert.deepEqual(await answered, {
    jsonrpc: '2.0',
    id: 7,
    error: { code: -32603, message: 'internal error' },
  });
});

test('output of the embedded sandbox is streamed while the program runs', async () => {
  const controller = new AbortController();
  const tool = createHarnessTool({ sandbox });
  const stream = tool.stream(
    { code: 'print("é", flush=True)\nwhile True: pass' },
    { signal: controller.signal },
  );
  const { value } = await stream.next();
  assert.deepEqual(value, [{ stream: 'stdout', text: 'é\n' }]);
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(stream.next(), (thrown) => thrown === reason);
});

test('output is streamed as far as the sandbox tells, and to stop reading stops the run', async () => {
  let stopped;
  const talking = {
    languages: ['python'],
    runCode: (_request, { signal, onOutput }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(signal.reason);
        });
        onOutput('stdout', 'a');
        onOutput('stderr', 'b');
      }),
  };
  for await (const chunks of createHarnessTool({ sandbox: talking }).stream({ code: '' })) {
    assert.deepEqual(chunks, [
      { stream: 'stdout', text: 'a' },
      { stream: 'stderr', text: 'b' },
    ]);
    break;
  }
  assert.equal(stopped, true);
});
