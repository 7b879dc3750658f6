import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent, Model, tool } from '@strands-agents/sdk';
import { codeTool } from 'fencerun/strands';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './strands.mjs';

/** A model that calls the tool once and then says `done`. */
class ScriptedModel extends Model {
  requests = [];
  #args;

  constructor(args) {
    super();
    this.#args = args;
  }

  updateConfig() {}

  getConfig() {
    return { modelId: 'scripted' };
  }

  async *stream(messages, { toolSpecs }) {
    const isFirst = this.requests.push({ messages: [...messages], toolSpecs }) === 1;
    yield { type: 'modelMessageStartEvent', role: 'assistant' };
    if (isFirst) {
      yield {
        type: 'modelContentBlockStartEvent',
        start: { type: 'toolUseStart', name: 'run_code', toolUseId: '1' },
      };
      const input = JSON.stringify(this.#args);
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'toolUseInputDelta', input } };
    } else {
      yield { type: 'modelContentBlockStartEvent' };
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'textDelta', text: 'done' } };
    }
    yield { type: 'modelContentBlockStopEvent' };
    yield { type: 'modelMessageStopEvent', stopReason: isFirst ? 'toolUse' : 'endTurn' };
  }
}

testCodeTool(
  'Strands Agents',
  async ({ args, options, signal }) => {
    const model = new ScriptedModel(args);
    const agent = new Agent({ model, tools: [tool(codeTool(options))], printer: false });
    const result = await agent.invoke('go', { cancelSignal: signal });
    if (signal) return result;
    assert.equal(String(result), 'done');
    const [{ toolSpecs }, { messages }] = model.requests;
    const { status, content } = messages.at(-1).content[0];
    const [{ name, inputSchema }] = toolSpecs;
    return { text: content[0].text, isError: status === 'error', shown: { name, parameters: inputSchema } };
  },
  // The agent ends with the reason that it was cancelled.
  { stop: async (ended) => assert.equal((await ended).stopReason, 'cancelled') },
);

test('the example answers with what the model says after the run', async () => {
  assert.equal(await solve(new ScriptedModel({ code: 'print(1)' }), 'What is one?'), 'done');
});
