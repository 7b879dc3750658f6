// The life cycle of verl's tool (verl/tools/sandbox_fusion_tools.py, commit b178a3cd56f5), tool calls, several blocks
// and sessions.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CodeTool, EmbeddedClient, observe, SandboxClient } from '../../pkg/dist/index.js';
import { allExchanges, sendJson, withServer } from './exchanges.mjs';

const embedded = new EmbeddedClient();
after(() => embedded.close());

const tool = new CodeTool({ sandbox: embedded });

const call = (code, rest = {}) =>
  `<tool_call>\n${JSON.stringify({ name: 'code_interpreter', arguments: { code, ...rest } })}\n</tool_call>`;

/** A sandbox that says what it was asked to run. */
function makeEcho(more = {}) {
  const requests = [];
  const runCode = async (request) => {
    requests.push(request);
    const run = { status: 'finished', executionTimeMs: 1, exitCode: 0, stdout: request.code, stderr: '' };
    const phase = { ...run, stdoutTruncated: false, stderrTruncated: false };
    return { status: 'success', message: '', compile: null, run: phase, executorPodName: null, files: {} };
  };
  return { sandbox: { languages: ['python', 'bash', 'nodejs'], runCode, ...more }, requests };
}

test("the schema is that of verl's tool", () => {
  const { type, function: described } = tool.schema;
  assert.equal(type, 'function');
  assert.equal(described.name, 'code_interpreter');
  assert.deepEqual(described.parameters.required, ['code']);
  assert.equal(described.parameters.properties.code.type, 'string');
});

test('an instance is created, executes, is rated and released', async () => {
  const reward = ({ groundTruth, executions }) =>
    executions.some(({ observation }) => observation.text.trim() === groundTruth) ? 1 : 0;
  const rated = new CodeTool({ sandbox: embedded, reward });
  const instanceId = await rated.create({ groundTruth: '42' });
  assert.equal(await rated.calcReward(instanceId), 0);
  const { observation, result } = await rated.execute({ code: 'print(6 * 7)' }, { instanceId });
  assert.equal(observation.text, '42\n');
  assert.equal(result.status, 'success');
  assert.equal(await rated.calcReward(instanceId), 1);
  await rated.release(instanceId);
  await rated.release(instanceId);
  await assert.rejects(rated.execute({ code: '1' }, { instanceId }), { code: 'invalid_options' });
});

test('without a way to rate the reward is 0', async () => {
  const instanceId = await tool.create({ instanceId: 'mine' });
  assert.equal(instanceId, 'mine');
  await assert.rejects(tool.create({ instanceId: 'mine' }), {
    name: 'RunError',
    message: 'instanceId: `mine` is in use',
  });
  assert.equal(await tool.calcReward('mine'), 0);
  await tool.release('mine');
  await assert.rejects(tool.calcReward('mine'), {
    message: 'instanceId: expected one that was created, found `mine`',
  });
});

test('a tool call in the text runs, and its blocks do not', async () => {
  const execution = await tool.execute(`Try:\n\`\`\`python\nprint(1)\n\`\`\`\n${call('print(2)')}`);
  assert.equal(execution.observation.text, '2\n');
  assert.equal(execution.block, null);
  assert.equal(execution.call.name, 'code_interpreter');
});

test('calls of other tools are theirs, and the block runs', async () => {
  const other = '<tool_call>\n{"name": "search", "arguments": {"code": "x"}}\n</tool_call>';
  const { observation } = await tool.execute(`${other}\n\`\`\`python\nprint(3)\n\`\`\``);
  assert.equal(observation.text, '3\n');
});

test('a call that cannot be read is told to the model', async () => {
  const cases = [
    ['<tool_call>{bad</tool_call>', /^Expecting property name enclosed in double quotes/],
    [
      '<tool_call>{"name": "code_interpreter", "arguments": "print(1)"}</tool_call>',
      /^Error executing tool 'code_interpreter': 'str' object has no attribute 'get'$/,
    ],
    ['<tool_call>{"name": "code_interpreter", "arguments": {}}</tool_call>', /^code: expected a text$/],
    [
      '<tool_call>{"name": "code_interpreter", "arguments": {"code": NaN}}</tool_call>',
      /^code: expected a text$/,
    ],
    [call('1', { language: 'cobol' }), /^language: expected one of python, nodejs, found `cobol`$/],
  ];
  for (const [text, expected] of cases) {
    const { observation, result } = await tool.execute(text);
    assert.match(observation.text, expected);
    assert.equal(result, null);
  }
});

test('other formats of tool calls are read, or none', async () => {
  const { sandbox, requests } = makeEcho();
  const text =
    '<tool_call>\n<function=code_interpreter>\n<parameter=code>\nprint(5)\n</parameter>\n</function>\n</tool_call>';
  const qwen = new CodeTool({ sandbox, toolCalls: 'qwen3_coder' });
  assert.equal((await qwen.execute(text)).observation.text, 'print(5)');
  const blind = new CodeTool({ sandbox, toolCalls: null });
  assert.equal((await blind.execute(call('print(6)'))).observation, null);
  assert.equal(requests.length, 1);
});

test('time-out and language of a call are clamped to what is allowed', async () => {
  const { sandbox, requests } = makeEcho();
  const own = new CodeTool({ sandbox, languages: ['py', 'bash'], maxRunTimeoutMs: 5_000 });
  for (const [timeout, expected] of [
    [2, 2_000],
    ['1.5', 1_500],
    [9_999, 5_000],
    [Number.MIN_VALUE, 1],
    [-1, undefined],
    ['soon', undefined],
    [null, undefined],
  ]) {
    await own.execute({ code: 'x', timeout });
    assert.equal(requests.at(-1).runTimeoutMs, expected, String(timeout));
  }
  await own.execute({ code: 'x', language: 'SH' });
  assert.equal(requests.at(-1).language, 'bash');
  const before = requests.length;
  const { observation } = await own.execute({ code: 'x', language: 'js' });
  assert.equal(observation.text, 'language: expected one of python, bash, found `js`');
  assert.equal(requests.length, before);
  assert.throws(() => new CodeTool({ sandbox, languages: ['ruby'] }), {
    name: 'RunError',
    message: 'languages: expected python, bash, nodejs, found `ruby`',
  });
});

test('all blocks of a text run, one after the other, whatever becomes of them', async () => {
  const text = '```python\nprint(1)\n```\n```output\n1\n```\n```js\nthrow 1\n```\n```python\nprint(3)\n```\n';
  const executions = await tool.executeAll(text);
  assert.deepEqual(
    executions.map(({ language, result }) => [language, result.status]),
    [
      ['python', 'success'],
      ['nodejs', 'failed'],
      ['python', 'success'],
    ],
  );
  assert.equal(executions[2].observation.text, '3\n');
});

test('all tool calls of a text run, and what cannot be read keeps its place', async () => {
  const executions = await tool.executeAll(`${call('print(1)')}<tool_call>{</tool_call>${call('print(2)')}`);
  assert.deepEqual(
    executions.map(({ result, observation }) => (result ? observation.text : null)),
    ['1\n', null, '2\n'],
  );
});

test('the last block or all of them joined can be chosen', async () => {
  const text = '```python\na = 1\n```\n```python\nprint("b")\n```\n';
  const { sandbox } = makeEcho();
  const last = await new CodeTool({ sandbox, choice: 'last' }).execute(text);
  assert.equal(last.observation.text, 'print("b")\n');
  const joined = await new CodeTool({ sandbox, choice: 'joined' }).execute(text);
  assert.equal(joined.observation.text, 'a = 1\n\nprint("b")\n');
});

test('a profile finds the code and words the observation as its framework does', async () => {
  // verl's retool wraps the last line in print.
  const retool = new CodeTool({ sandbox: embedded, profile: 'verl/retool' });
  const { observation } = await retool.execute('```python\nx = 6 * 7\nx\n```');
  assert.equal(
    observation.text,
    observe(await embedded.runCode({ code: 'print(42)' }), { profile: 'verl/retool' }).text,
  );
});

// Sessions.

const recorded = allExchanges.find(({ note }) => note === 'jupyter state after error');
const basics = allExchanges.find(({ note }) => note === 'jupyter basics');

/** Answers as the recorded server did, with as many cells as were sent. */
function answerCells({ response: whole }, sent) {
  return ({ body, request, response }) => {
    assert.equal(request.url, '/run_jupyter');
    const { cells } = JSON.parse(body);
    sent.push(cells);
    sendJson(response, 200, { ...whole, cells: whole.cells.slice(0, cells.length) });
  };
}

test('at a server the cells of an instance are sent again, and only the new one is shown', async () => {
  const sent = [];
  await withServer(answerCells(recorded, sent), async (url) => {
    const own = new CodeTool({ url, stateful: true });
    const instanceId = await own.create();
    const texts = [];
    for (const code of recorded.request.cells) {
      const { observation, result } = await own.execute({ code }, { instanceId });
      texts.push([observation.text, result.run.exitCode]);
    }
    assert.deepEqual(sent, [['x=1'], ['x=1', '1/0'], ['x=1', '1/0', 'x+1']]);
    assert.deepEqual(texts[0], ['', 0]);
    // The recorded traceback, without the colours of a terminal.
    assert.match(texts[1][0], /^-{75}\nZeroDivisionError {25}Traceback \(most recent call last\)\n/);
    assert.match(texts[1][0], /\nZeroDivisionError: division by zero\n$/);
    assert.equal(texts[1][1], 1);
    assert.deepEqual(texts[2], ['2\n', 0]);
  });
});

test('what a cell prints, shows and writes to standard error is in its observation', async () => {
  await withServer(answerCells(basics, []), async (url) => {
    const own = new CodeTool({ url, stateful: true });
    const instanceId = await own.create();
    const texts = [];
    for (const code of basics.request.cells) {
      texts.push((await own.execute({ code }, { instanceId })).observation.text);
    }
    assert.deepEqual(texts.slice(0, 4), ['', '123\n', '123\n', '3\nmsg']);
    assert.equal(texts[5], '124\n');
  });
});

test('a cell that is stopped is not sent again', async () => {
  const sent = [];
  // As SandboxFusion answers when the cells run out of time: without any of them.
  const stopped = {
    ...recorded.response,
    status: 'Failed',
    cells: [],
    driver: { ...recorded.response.driver, status: 'TimeLimitExceeded', return_code: null },
  };
  const answer = (exchange) => {
    if (!exchange.body.includes('while')) return answerCells(recorded, sent)(exchange);
    sendJson(exchange.response, 200, stopped);
  };
  await withServer(answer, async (url) => {
    const own = new CodeTool({ url, stateful: true });
    const instanceId = await own.create();
    await own.execute({ code: 'x=1' }, { instanceId });
    const { result } = await own.execute({ code: 'while True: pass' }, { instanceId });
    assert.equal(result.run.status, 'time_limit_exceeded');
    assert.equal(result.run.exitCode, null);
    await own.execute({ code: '1/0' }, { instanceId });
    assert.deepEqual(sent.at(-1), ['x=1', '1/0']);
  });
});

test('two instances have two sessions, and programs without one have none', async () => {
  const sent = [];
  const { sandbox, requests } = makeEcho({
    runJupyter: async ({ cells }) => {
      sent.push(cells);
      const cell = { stdout: '', stderr: '', displays: [], errors: [] };
      const driver = null;
      return {
        status: 'success',
        message: '',
        driver,
        cells: cells.map(() => cell),
        executorPodName: null,
        files: {},
      };
    },
  });
  const own = new CodeTool({ sandbox, stateful: true });
  const [one, two] = [await own.create(), await own.create()];
  await Promise.all([
    own.execute({ code: 'a' }, { instanceId: one }),
    own.execute({ code: 'b' }, { instanceId: one }),
    own.execute({ code: 'c' }, { instanceId: two }),
  ]);
  assert.deepEqual(sent.filter((cells) => cells[0] === 'a').at(-1), ['a', 'b']);
  assert.deepEqual(
    sent.filter((cells) => cells[0] === 'c'),
    [['c']],
  );
  await own.execute({ code: 'd' });
  await own.execute({ code: 'e', language: 'bash' }, { instanceId: one });
  assert.deepEqual(
    requests.map(({ code }) => code),
    ['d', 'e'],
  );
});

test("a session of the sandbox's own is used where it has one, and closed at the end", async () => {
  const events = [];
  const createSession = async () => ({
    runCell: async (code, { timeoutMs }) => {
      events.push(['run', code, timeoutMs]);
      return { stdout: 'own', stderr: '', displays: [], errors: [], status: 'finished', executionTimeMs: 1 };
    },
    close: async () => events.push(['close']),
  });
  const { sandbox } = makeEcho({ createSession });
  const own = new CodeTool({ sandbox, stateful: true, request: { runTimeoutMs: 700 } });
  const instanceId = await own.create();
  assert.equal((await own.execute({ code: 'a' }, { instanceId })).observation.text, 'own');
  await own.close();
  assert.deepEqual(events, [['run', 'a', 700], ['close']]);
});

test('an instance that found no room for its session finds it later', async () => {
  let isFull = true;
  const createSession = () => {
    if (isFull) throw new RangeError('there are 8 sessions already, which is the most at a time');
    const cell = { stdout: '1\n', stderr: '', display: [], error: [] };
    return {
      runCell: async () => ({ ...cell, status: 'Finished', execution_time: 0 }),
      close: async () => {},
    };
  };
  const engine = { runCode: async () => assert.fail(), createSession, close: async () => {} };
  const own = new CodeTool({ sandbox: new EmbeddedClient(engine), stateful: true });
  const instanceId = await own.create();
  await assert.rejects(own.execute({ code: '1' }, { instanceId }), {
    name: 'RunError',
    code: 'sandbox',
    message: 'there are 8 sessions already, which is the most at a time',
  });
  isFull = false;
  assert.equal((await own.execute({ code: '1' }, { instanceId })).observation.text, '1\n');
});

test('a released instance opens no session, whatever is left to execute', async () => {
  let opened = 0;
  const own = new CodeTool({
    sandbox: makeEcho({
      runCode: async () => {
        await own.release('one');
        return makeEcho().sandbox.runCode({ code: '' });
      },
      createSession: async () => {
        opened += 1;
        return { runCell: async () => assert.fail(), close: async () => {} };
      },
    }).sandbox,
    stateful: true,
  });
  await own.create({ instanceId: 'one' });
  const text = '```bash\nls\n```\n```python\n1\n```\n';
  await assert.rejects(own.executeAll(text, { instanceId: 'one' }), { message: 'the instance was released' });
  assert.equal(opened, 0);
});

test('an engine that could not be loaded is closed without a word', async () => {
  const client = new EmbeddedClient(() => Promise.reject(new Error('not there')));
  await assert.rejects(client.runCode({ code: '1' }), { message: 'not there' });
  await client.close();
});

test('in the embedded sandbox the programs of an instance share an interpreter, and no other', async () => {
  const stateful = new CodeTool({ sandbox: embedded, stateful: true });
  const first = await stateful.create();
  const second = await stateful.create();
  const read = async (code, instanceId) =>
    (await stateful.execute({ code }, { instanceId })).observation.text;
  assert.equal(await read('x = 6\nopen("kept", "w").write("7")', first), '1\n');
  assert.equal(await read('x * int(open("kept").read())', first), '42\n');
  assert.match(await read('1 / 0', first), /ZeroDivisionError: division by zero\n$/);
  assert.equal(await read('print(x)', first), '6\n');
  assert.match(await read('x', second), /NameError: name 'x' is not defined\n$/);
  await stateful.release(first);
  await stateful.release(second);
});

test('in the embedded sandbox a cell that is stopped keeps its output, and the next one has an interpreter', async () => {
  const stateful = new CodeTool({ sandbox: embedded, stateful: true });
  const instanceId = await stateful.create();
  const stopped = await stateful.execute(
    { code: 'print("part", flush=True)\nwhile True: pass', timeout: 1 },
    { instanceId },
  );
  assert.equal(stopped.result.run.status, 'time_limit_exceeded');
  assert.equal(stopped.result.run.stdout, 'part\n');
  const next = await stateful.execute({ code: 'print(1)' }, { instanceId });
  assert.equal(next.observation.text, '1\n');
  await stateful.release(instanceId);
});

test('an abort stops a cell of the embedded sandbox and rejects with the reason', async () => {
  const stateful = new CodeTool({ sandbox: embedded, stateful: true });
  const instanceId = await stateful.create();
  await stateful.execute({ code: 'x = 1' }, { instanceId });
  const controller = new AbortController();
  const running = stateful.execute({ code: 'while True: pass' }, { instanceId, signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(running, { message: 'enough' });
  await stateful.release(instanceId);
});

test('a sandbox without cells has no sessions', async () => {
  const { sandbox } = makeEcho();
  const own = new CodeTool({ sandbox, stateful: true });
  const instanceId = await own.create();
  await assert.rejects(own.execute({ code: '1' }, { instanceId }), {
    name: 'RunError',
    code: 'invalid_options',
    message: 'the sandbox runs no cells, so it has no sessions',
  });
});

test('the cells of an embedded engine are run with the fields of the wire', async () => {
  let asked;
  const engine = {
    languages: ['python'],
    runCode: async () => assert.fail(),
    runJupyter: async (request) => {
      asked = request;
      return basics.response;
    },
    close: async () => {},
  };
  const client = new EmbeddedClient(engine);
  const result = await client.runJupyter({ cells: basics.request.cells, totalTimeoutMs: 2_000 });
  assert.deepEqual(asked, { cells: basics.request.cells, total_timeout: 2 });
  assert.equal(result.cells[1].displays[0]['text/plain'], '123');
  assert.equal(result.cells[4].errors[0].name, 'RuntimeError');
});

test('a client of a server runs cells', async () => {
  await withServer(answerCells(basics, []), async (url) => {
    const { cells } = await new SandboxClient({ url }).runJupyter({ cells: basics.request.cells });
    assert.equal(cells.length, 6);
  });
});
