import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BaseCodeExecutor, BaseLlm, FunctionTool, InMemoryRunner, LlmAgent } from '@google/adk';
import { codeExecutor, codeTool } from 'fencerun/google-adk';
import { testCodeTool } from '../shared/suite.mjs';
import { makeAgent, makeCodingAgent } from './google-adk.mjs';

/** A model whose turns are given. */
class ScriptedModel extends BaseLlm {
  requests = [];
  #turns;

  constructor(...turns) {
    super({ model: 'scripted' });
    this.#turns = turns;
  }

  async *generateContentAsync({ contents, config }) {
    this.requests.push(structuredClone({ contents, tools: config?.tools }));
    yield { content: { role: 'model', parts: [this.#turns.shift()] } };
  }

  connect() {
    throw new Error('the scripted model has no live connection');
  }
}

const call = (args) => ({ functionCall: { id: '1', name: 'run_code', args } });
const done = { text: 'done' };

/** Runs an agent to its end; answers the text of its last event. */
async function run(agent, signal) {
  const runner = new InMemoryRunner({ agent, appName: 'test' });
  const { id } = await runner.sessionService.createSession({ appName: 'test', userId: 'u' });
  const events = [];
  const newMessage = { role: 'user', parts: [{ text: 'go' }] };
  for await (const event of runner.runAsync({
    userId: 'u',
    sessionId: id,
    newMessage,
    abortSignal: signal,
  })) {
    events.push(event);
  }
  return events.at(-1);
}

testCodeTool(
  'Google ADK',
  async ({ args, options, signal }) => {
    const model = new ScriptedModel(call(args), done);
    const tools = [new FunctionTool(codeTool(options))];
    const last = await run(new LlmAgent({ name: 'solver', model, tools }), signal);
    if (signal) return last;
    assert.equal(last.content.parts[0].text, 'done');
    const [{ tools: shown }, { contents }] = model.requests;
    const [{ name, parameters }] = shown[0].functionDeclarations;
    const { response } = contents.at(-1).parts[0].functionResponse;
    return {
      text: response.output ?? response.error,
      isError: 'error' in response,
      shown: { name, parameters },
    };
  },
  // ADK ends an aborted run without a word and asks the model no more.
  { stop: async (ended) => assert.notEqual((await ended)?.content?.parts?.[0]?.text, 'done') },
);

test('the code blocks of a model run, and what they print reaches the model', async () => {
  const text = 'So:\n```python\nimport sys\nprint(6 * 7)\nsys.stderr.write("warn\\n")\n```\nIt is 41.\n';
  const model = new ScriptedModel({ text }, done);
  const last = await run(makeCodingAgent(model));
  assert.equal(last.content.parts[0].text, 'done');
  const [, code, result] = model.requests[1].contents;
  const ran = 'So:\n```python\nimport sys\nprint(6 * 7)\nsys.stderr.write("warn\\n")\n```';
  assert.deepEqual([code.role, code.parts.map((part) => part.text).join('')], ['model', ran]);
  assert.deepEqual([result.role, result.parts[0].text], ['user', '```tool_output\n42\nwarn\n\n```']);
});

test('a block that fails shows the model its output and its traceback', async () => {
  const model = new ScriptedModel({ text: '```python\nprint("before")\n1/0\n```' }, done);
  await run(makeCodingAgent(model));
  const { text } = model.requests[1].contents.at(-1).parts[0];
  assert.match(text, /^```tool_output\nbefore\nTraceback [\s\S]*ZeroDivisionError: division by zero\n\n```$/);
});

test('input files are laid out for the block', async () => {
  const executor = codeExecutor(BaseCodeExecutor);
  const inputFiles = [
    { name: 'a.txt', content: 'é', mimeType: 'text/plain' },
    { name: 'b.bin', content: 'AP8=', contentEncoding: 'base64', mimeType: 'application/octet-stream' },
  ];
  const code = 'print(open("a.txt").read(), open("b.bin", "rb").read())';
  const { stdout } = await executor.executeCode({ codeExecutionInput: { code, inputFiles } });
  assert.equal(stdout, "é b'\\x00\\xff'\n");
});

test('the example answers with what the model says after the run', async () => {
  const last = await run(makeAgent(new ScriptedModel(call({ code: 'print(1)' }), done)));
  assert.equal(last.content.parts[0].text, 'done');
});
