// The main job: a model's text in, a sandboxed run, its raw output back.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CodeTool, EmbeddedClient, RunError } from '../../pkg/dist/index.js';
import { exchanges, sendJson, withServer } from './exchanges.mjs';

const tool = new CodeTool();
after(() => tool.close());

test('the first block runs in the embedded sandbox and the observation is what it printed', async () => {
  const text = 'Let me see:\n```python\nimport sys\nprint("é 😀")\nsys.stderr.write("warn")\n```\n';
  const { block, language, result, observation } = await tool.execute(text);
  assert.equal(block.lang, 'python');
  assert.equal(language, 'python');
  assert.equal(result.status, 'success');
  assert.deepEqual(observation, { text: 'é 😀\nwarn', truncated: false });
});

test('an untagged block counts as Python and an output block never runs', async () => {
  const { observation } = await tool.execute('```output\n9\n```\n```\nprint(6 * 7)\n```');
  assert.equal(observation.text, '42\n');
});

test('a program that fails is a result', async () => {
  const { result, observation } = await tool.execute('```python\nprint("before")\n1/0\n```');
  assert.equal(result.status, 'failed');
  assert.equal(result.run.exitCode, 1);
  assert.match(
    observation.text,
    /^before\nTraceback \(most recent call last\):\n[\s\S]*ZeroDivisionError: division by zero\n$/,
  );
});

test('JavaScript runs too', async () => {
  const { language, observation } = await tool.execute('```js\nconsole.log([1, 2].map((x) => x * 2))\n```');
  assert.equal(language, 'nodejs');
  assert.equal(observation.text, '[ 2, 4 ]\n');
});

test('a text without code that can run gives nothing and is no error', async () => {
  const nothing = { block: null, language: null, result: null, observation: null };
  assert.deepEqual(await tool.execute('just prose'), nothing);
  assert.deepEqual(await tool.execute('```ruby\nputs 1\n```'), nothing);
});

test('limits, standard input and files of the request reach the program', async () => {
  const request = {
    stdin: 'in',
    files: { 'a.txt': 'file', 'b.bin': new Uint8Array([255]) },
    fetchFiles: ['out'],
  };
  const own = new CodeTool({ request });
  const code =
    'print(input(), open("a.txt").read(), open("b.bin", "rb").read())\nopen("out", "wb").write(bytes([0, 254]))';
  const { result, observation } = await own.execute(`\`\`\`python\n${code}\n\`\`\``);
  await own.close();
  assert.equal(observation.text, "in file b'\\xff'\n");
  assert.deepEqual([...result.files.out], [0, 254]);
});

test('a run that is stopped at its time-out keeps what was printed', async () => {
  const own = new CodeTool({ request: { runTimeoutMs: 500 } });
  const { result, observation } = await own.execute(
    '```python\nprint("part", flush=True)\nwhile True: pass\n```',
  );
  await own.close();
  assert.equal(result.run.status, 'time_limit_exceeded');
  assert.equal(result.run.exitCode, null);
  assert.equal(observation.text, 'part\n');
});

test('an abort rejects with the reason itself', async () => {
  const controller = new AbortController();
  const reason = new Error('mine');
  const run = tool.execute('```python\nwhile True: pass\n```', { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(run, (thrown) => thrown === reason);
  await assert.rejects(
    tool.execute('```\n1\n```', { signal: controller.signal }),
    (thrown) => thrown === reason,
  );
});

test('with a url the program goes to that server', async () => {
  const recorded = exchanges.find(({ note }) => note === 'both streams');
  let sent;
  const answer = ({ body, response }) => {
    sent = JSON.parse(body);
    sendJson(response, 200, recorded.response);
  };
  const execution = await withServer(answer, (url) =>
    new CodeTool({ url }).execute(`\`\`\`bash\nls\n\`\`\``),
  );
  assert.deepEqual([sent.language, sent.code], ['bash', 'ls\n']);
  assert.equal(execution.observation.text, '1\n2\ne\n');
});

test('a sandbox that fails is an error with its own words', async () => {
  const engine = {
    languages: ['python'],
    runCode: async () => ({
      status: 'SandboxError',
      message: 'no room',
      compile_result: null,
      run_result: null,
    }),
    close: async () => {},
  };
  const own = new CodeTool({ sandbox: new EmbeddedClient(engine) });
  await assert.rejects(own.execute('```\n1\n```'), (error) => {
    assert.ok(error instanceof RunError);
    assert.equal(error.code, 'sandbox');
    assert.equal(error.message, 'the sandbox failed: no room');
    return true;
  });
});
