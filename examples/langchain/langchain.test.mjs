import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeTool } from 'fencerun/langchain';
import { AIMessage, createAgent, fakeModel, tool } from 'langchain';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './langchain.mjs';

/** A model that calls the tool once and then says `done`. */
function script(args) {
  return fakeModel()
    .respondWithTools([{ name: 'run_code', args, id: '1' }])
    .respond(new AIMessage('done'));
}

testCodeTool(
  'LangChain',
  async ({ args, options, signal }) => {
    const model = script(args);
    const run = tool(...codeTool(options));
    const agent = createAgent({ model, tools: [run] });
    const { messages } = await agent.invoke({ messages: [{ role: 'user', content: 'go' }] }, { signal });
    assert.equal(messages.at(-1).content, 'done');
    const { content } = model.calls[1].messages.at(-1);
    return { text: content, shown: { name: run.name, parameters: run.schema } };
  },
  { refusal: /did not match expected schema/ },
);

test('the artifact of the tool message is the result', async () => {
  const call = { type: 'tool_call', id: '1', name: 'run_code', args: { code: 'print(1)' } };
  const { artifact } = await tool(...codeTool()).invoke(call);
  assert.equal(artifact.result.run.stdout, '1\n');
  assert.equal(artifact.error, null);
});

test('the example answers with what the model says after the run', async () => {
  assert.equal(await solve(script({ code: 'print(1)' }), 'What is one?'), 'done');
});
