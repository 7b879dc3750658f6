// The loop of a rollout without tool calls, with models that say what they are told to.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { EmbeddedClient, RunError, readRolloutLine, runTextAgent } from '../../pkg/dist/index.js';

const sandbox = new EmbeddedClient();
after(() => sandbox.close());
const tool = { sandbox };

/** A model that says one text after the other and keeps what it was asked. */
function script(...turns) {
  const asked = [];
  const generate = (text, options) => {
    asked.push({ text, stop: options.stop });
    return turns.shift();
  };
  return { generate, asked };
}

/** A text in chunks of `size`; keeps how much of it was taken and whether it was ended. */
function stream(text, size) {
  const state = { taken: '', ended: false };
  async function* chunks() {
    try {
      for (let at = 0; at < text.length; at += size) {
        const chunk = text.slice(at, at + size);
        state.taken += chunk;
        yield chunk;
      }
    } finally {
      state.ended = true;
    }
  }
  return { chunks: chunks(), state };
}

test('the model reads what its program printed, and ends with a turn without a program', async () => {
  const { generate, asked } = script('Let me see:\n```python\nprint(6 * 7)\n```\nIt is 41.', 'So it is 42.');
  const rollout = await runTextAgent({
    prompt: 'Q: ',
    generate,
    tool,
    gts: '42',
    step: 3,
    score: (text) => Number(text.includes('42.')),
  });
  const first = 'Let me see:\n```python\nprint(6 * 7)\n```\n';
  assert.equal(rollout.output, `${first}\`\`\`output\n42\n\`\`\`\nSo it is 42.`);
  assert.deepEqual(
    asked.map(({ text }) => text),
    ['Q: ', `Q: ${first}\`\`\`output\n42\n\`\`\`\n`],
  );
  const { input, gts, score, step, finish, error, turns } = rollout;
  assert.deepEqual([input, gts, score, step, finish, error], ['Q: ', '42', 1, 3, 'done', null]);
  assert.deepEqual(
    turns.map(({ programs }) => programs),
    [[{ code: 'print(6 * 7)\n', language: 'python' }], []],
  );
});

test('the record is a line of a log that is read back', async () => {
  const { generate } = script('```python\nprint(1)\n```\n', 'end');
  const rollout = await runTextAgent({ prompt: 'Q', generate, tool, step: 7 });
  const { format, input, trainingStep, steps } = readRolloutLine(JSON.stringify(rollout));
  assert.deepEqual([format, input, trainingStep], ['verl', 'Q', 7]);
  assert.deepEqual(
    steps.map(({ program, recorded }) => [program?.code ?? null, recorded]),
    [
      ['print(1)\n', '1\n'],
      [null, null],
    ],
  );
});

test('an output cannot end the block that it is shown in', async () => {
  const { generate } = script('```python\nprint("`" * 4)\n```\n', 'end');
  const { turns } = await runTextAgent({ prompt: '', generate, tool });
  assert.equal(turns[0].observation, '\n`````output\n````\n`````\n');
});

for (const size of [1, 2, 3, 7, 1000]) {
  test(`a stream in chunks of ${size} is ended with the first program`, async () => {
    const text = 'Hm: ```js is not it.\n```python\nprint("😀")\n```\nand then';
    const { chunks, state } = stream(text, size);
    const turns = [chunks, 'end'];
    const rollout = await runTextAgent({ prompt: '', generate: () => turns.shift(), tool });
    const kept = text.slice(0, text.indexOf('\nand then'));
    assert.equal(rollout.turns[0].text, kept);
    assert.equal(rollout.turns[0].observation, '\n```output\n😀\n```\n');
    assert.ok(state.ended);
    // The line end that makes the closing fence certain, and the rest of its chunk.
    assert.ok(state.taken.length <= kept.length + size, state.taken);
  });
}

test('a model is told when enough was written', async () => {
  let told;
  async function* write(signal) {
    signal.addEventListener('abort', () => {
      told = true;
    });
    yield '```python\nprint(1)\n```\n';
    yield 'never read';
  }
  let turn = 0;
  await runTextAgent({
    prompt: '',
    generate: (_, { signal }) => (turn++ === 0 ? write(signal) : 'end'),
    tool,
  });
  assert.equal(told, true);
});

test('ToRL stops at an output block and runs only where generation has stopped there', async () => {
  const { generate, asked } = script('A\n```python\nprint(6 * 7)\n```\n```output\n41\n```\n', {
    text: '```python\n1\n```',
    stop: null,
  });
  const { output, finish, turns } = await runTextAgent({ prompt: '', generate, tool, profile: 'torl' });
  assert.deepEqual(asked[0].stop, ['```output']);
  assert.equal(output, 'A\n```python\nprint(6 * 7)\n```\n```output\n42\n```\n```python\n1\n```');
  assert.equal(finish, 'done');
  assert.equal(turns[1].result, null);
});

test('a server that leaves the stop string out and one that names it are read alike', async () => {
  const turn = 'A\n```python\nprint(1)\n```\n';
  const outputs = [];
  for (const first of [
    turn,
    { text: turn, stop: '```output' },
    `${turn}\`\`\`output\nmore`,
    stream(`${turn}\`\`\`output\nmore`, 3).chunks,
  ]) {
    const { generate } = script(first, { text: 'end', stop: null });
    const { output } = await runTextAgent({ prompt: '', generate, tool, profile: 'torl' });
    outputs.push(output);
  }
  assert.deepEqual(new Set(outputs), new Set([`${turn}\`\`\`output\n1\n\`\`\`\nend`]));
});

test('slime answers in interpreter tags, tells of a void turn and ends with an answer', async () => {
  const { generate } = script('<code>print(6 * 7)</code>', 'Hm.', 'Answer: \\boxed{42}');
  const { turns, finish } = await runTextAgent({ prompt: '', generate, tool, profile: 'slime' });
  assert.deepEqual(
    turns.map(({ observation }) => observation),
    [
      '\n\n<interpreter>\nOutput:\n42\n</interpreter>\n\n',
      "\nMy previous action is invalid. If I want to execute code, I should put the code between <code> and </code>. If I want to give the final answer, I should use the format 'Answer: \\boxed{answer}'. Let me try again.\n",
      null,
    ],
  );
  assert.equal(finish, 'done');
});

test('SimpleTIR drops what stands behind the block and the white space before it, and ends with an answer that was printed', async () => {
  const { chunks, state } = stream('Hm:\n\n```python\nfinal_answer(42)\n```\nThen \\boxed{41}.', 4);
  const { output, finish } = await runTextAgent({
    prompt: '',
    generate: () => chunks,
    tool,
    profile: 'simpletir',
  });
  assert.equal(output, 'Hm:```python\nfinal_answer(42)\n```\nCode execution result: \\boxed{42}\n\n');
  assert.equal(finish, 'done');
  assert.ok(!state.taken.includes('41'));
});

test('AReaL stops at a start marker and again at an end marker', async () => {
  const { generate, asked } = script('So ```python and more', '\nprint(6 * 7)\n``` and more', {
    text: 'It is 42.',
    stop: null,
  });
  const { output, turns } = await runTextAgent({ prompt: '', generate, tool, profile: 'areal' });
  assert.deepEqual(
    asked.map(({ stop }) => stop),
    [
      ['```python', '<python>'],
      ['```', '</python>'],
      ['```python', '<python>'],
    ],
  );
  assert.equal(output, 'So ```python\nprint(6 * 7)\n```\n```output\n42\n```\nIt is 42.');
  assert.equal(turns.length, 2);
});

test('GEM cuts the turn behind the program that ends first, in a stream too', async () => {
  for (const size of [1, 5, 1000]) {
    const { chunks } = stream('A <python>print(1)</python> B ```python\nprint(2)\n```', size);
    const turns = [chunks, 'end'];
    const { output } = await runTextAgent({
      prompt: '',
      generate: () => turns.shift(),
      tool,
      profile: 'gem',
    });
    assert.equal(output, 'A <python>print(1)</python>Code execution result: 1\n\nend');
  }
});

test('smolagents closes the tag that generation stopped at', async () => {
  const { generate, asked } = script({ text: 'T\n<code>\nprint(1)\n', stop: '</code>' });
  const options = { prompt: '', generate, tool, profile: 'smolagents', maxTurns: 1 };
  const { output, finish } = await runTextAgent(options);
  assert.deepEqual(asked[0].stop, ['Observation:', 'Calling tools:', '</code>']);
  assert.ok(output.startsWith('T\n<code>\nprint(1)\n</code>Observation:\nExecution logs:\n1\n'), output);
  assert.equal(finish, 'max_turns');
});

test('AutoGen runs every block in order until one fails', async () => {
  const { generate } = script('```python\nprint(1)\n```\n```python\n1/0\n```\n```python\nprint(3)\n```\n');
  const { turns } = await runTextAgent({ prompt: '', generate, tool, profile: 'autogen', maxTurns: 1 });
  assert.equal(turns[0].programs.length, 2);
  assert.match(
    turns[0].observation,
    /^The script ran, then exited with an error \(POSIX exit code: 1\)\nIts output was:\n/,
  );
  assert.match(turns[0].observation, /1\n/);
});

test('an observation can be wrapped as a chat template does', async () => {
  const { generate } = script('```python\nprint(1)\n```\n', 'end');
  const wrap = (text) => `<|im_end|>\n<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;
  const { turns } = await runTextAgent({ prompt: '', generate, tool, profile: 'rllm', wrap });
  assert.equal(turns[0].observation, wrap('<tool_response>\n1\n\n</tool_response>'));
});

test('a rollout ends after its last turn, when it is long enough, and when the caller says so', async () => {
  const program = '```python\nprint(1)\n```\n';
  const turns = await runTextAgent({ prompt: '', generate: () => program, tool, maxTurns: 3 });
  assert.deepEqual([turns.finish, turns.turns.length], ['max_turns', 3]);
  const long = await runTextAgent({ prompt: '', generate: () => 'x'.repeat(100), tool, maxLength: 10 });
  assert.deepEqual([long.finish, long.output.length], ['length', 10]);
  const cut = await runTextAgent({ prompt: '', generate: () => ({ text: program, truncated: true }), tool });
  assert.deepEqual([cut.finish, cut.turns[0].result], ['length', null]);
  const done = await runTextAgent({
    prompt: '',
    generate: () => program,
    tool,
    isDone: ({ observation }) => observation.includes('1'),
  });
  assert.deepEqual([done.finish, done.turns.length], ['done', 1]);
});

test('a sandbox that gives no result ends the rollout and loses nothing', async () => {
  const broken = {
    languages: ['python'],
    runCode: async () => {
      throw new RunError('sandbox', 'the sandbox failed: no room');
    },
  };
  const { generate } = script('```python\nprint(1)\n```\n');
  const rollout = await runTextAgent({ prompt: '', generate, tool: { sandbox: broken } });
  assert.deepEqual([rollout.finish, rollout.error], ['error', 'the sandbox failed: no room']);
  assert.equal(rollout.output, '```python\nprint(1)\n```');
});

test('an abort rejects with the reason itself, while the model writes and while its program runs', async () => {
  const reason = new Error('enough');
  const never = new AbortController();
  const writing = runTextAgent({
    prompt: '',
    tool,
    signal: never.signal,
    generate: () => new Promise(() => {}),
  });
  never.abort(reason);
  await assert.rejects(writing, (thrown) => thrown === reason);

  const controller = new AbortController();
  const watched = {
    languages: ['python'],
    runCode: (request, options) =>
      sandbox.runCode(request, { ...options, onOutput: () => controller.abort(reason) }),
  };
  const { generate } = script('```python\nprint(1, flush=True)\nwhile True: pass\n```\n');
  const running = runTextAgent({
    prompt: '',
    generate,
    tool: { sandbox: watched },
    signal: controller.signal,
  });
  await assert.rejects(running, (thrown) => thrown === reason);
});

test('a tool call in the text runs as in the recipe of ReTool, and the dump is as verl decodes it', async () => {
  const call = (args) =>
    `<tool_call>\n${JSON.stringify({ name: 'code_interpreter', arguments: args })}\n</tool_call>`;
  const { generate, asked } = script(`Hm.\n${call({ code: 'x = 6 * 7\nx' })}<|im_end|>\n`, 'It is 42.');
  const prompt = '<|im_start|>user\n6 * 7?<|im_end|>\n<|im_start|>assistant\n';
  const { output, turns } = await runTextAgent({ prompt, generate, tool, profile: 'verl/retool' });
  assert.equal(turns[0].programs[0].code, 'x = 6 * 7\nprint(x)');
  const first = `Hm.\n${call({ code: 'x = 6 * 7\nx' })}`;
  const answered =
    '<|im_end|>\n<|im_start|>user\n<tool_response>\n42\n\n</tool_response><|im_end|>\n<|im_start|>assistant\n';
  assert.deepEqual([asked[0].stop, asked[1].text], [['<|im_end|>'], prompt + first + answered]);
  assert.equal(output, `${first}\nuser\n<tool_response>\n42\n\n</tool_response>\nassistant\nIt is 42.`);
  const { steps } = readRolloutLine(JSON.stringify({ input: prompt, output, gts: null, score: 1, step: 0 }));
  assert.deepEqual(
    steps.map(({ recorded }) => recorded),
    ['42\n\n', null],
  );
});

test("what is wrong with a tool call reaches the model in verl's words, old and new", async () => {
  const seen = async (text, toolCalls, profile = 'verl/retool') => {
    const wrap = (observation) => observation;
    const options = { prompt: '', generate: () => text, tool, profile, toolCalls, wrap, maxTurns: 1 };
    return (await runTextAgent(options)).turns[0].observation;
  };
  const call = (body) => `<tool_call>${body}</tool_call>`;
  const unknown = call('{"name": "search", "arguments": {}}');
  assert.equal(await seen(unknown), "Error when executing tool: 'search'");
  assert.equal(
    await seen(unknown, { wording: 'new' }),
    "Unknown function 'search'. Available tools: ['code_interpreter']",
  );
  const empty = call('{"name": "code_interpreter", "arguments": {}}');
  assert.equal(await seen(empty, { wording: 'new' }), "Error executing tool 'code_interpreter': 'code'");
  assert.equal(await seen(empty, {}, 'verl/tool'), '');
  const number = call('{"name": "code_interpreter", "arguments": {"code": 1}}');
  assert.match(await seen(number), /^Error when executing tool: expected string or bytes-like object/);
  const text = call('{"name": "code_interpreter", "arguments": "x"}');
  assert.equal(await seen(text), "Error when executing tool: 'str' object has no attribute 'get'");
  const long = call('{"name": "code_interpreter", "arguments": {"code": "print(\'x\' * 300)"}}');
  assert.equal(await seen(long), `${'x'.repeat(128)}...(truncated)...${'x'.repeat(127)}\n`);
  assert.equal(await seen(call('{"name": ')), null);
});

for (const profile of ['gem', 'roll', 'simpletir']) {
  test(`${profile}: a long turn is watched in one pass, and cut behind its program`, async () => {
    // Were the turn read again at each of these, it would take a minute and more.
    const prose = 'a > b, `c`; '.repeat(40);
    const chunks = Array(3_000).fill(`${prose}\n${prose}\`\`\`js x\`\`\` y\n`);
    let isEnded = false;
    async function* generate() {
      yield* chunks;
      yield '```python\nprint(6 * 7)\n``';
      yield '`\n';
      // Behind so much that ends no program it need not be seen at once.
      yield* Array(10_000).fill(prose);
      isEnded = true;
    }
    const maxLength = 100_000_000;
    const { turns } = await runTextAgent({ prompt: '', generate, tool, profile, maxLength, maxTurns: 1 });
    assert.equal(isEnded, false);
    assert.equal(turns[0].result.run.stdout, '42\n');
    assert.ok(turns[0].text.trimEnd().endsWith('print(6 * 7)\n```'));
  });
}

test('a profile that has no loop over texts is refused', async () => {
  for (const profile of ['skyrl/agent', 'qwen-agent', 'none', 'open-r1']) {
    await assert.rejects(runTextAgent({ prompt: '', generate: () => '', tool, profile }), (error) => {
      assert.equal(error.code, 'invalid_options');
      assert.match(error.message, /^profile: expected one of llm, .*torl.*, found `/);
      return true;
    });
  }
});

test('what the model throws comes through', async () => {
  const failure = new Error('no model');
  const generate = () => {
    throw failure;
  };
  await assert.rejects(runTextAgent({ prompt: '', generate, tool }), (thrown) => thrown === failure);
});
