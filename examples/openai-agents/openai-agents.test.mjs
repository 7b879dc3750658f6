import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent, Runner, Usage } from '@openai/agents';
import { codeTool } from 'fencerun/openai-agents';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './openai-agents.mjs';

/** A model that calls the tool once and then says `done`. */
class ScriptedModel {
  requests = [];
  #turns;

  constructor(args) {
    const call = {
      type: 'function_call',
      callId: '1',
      name: 'run_code',
      arguments: JSON.stringify(args),
      status: 'completed',
    };
    const content = [{ type: 'output_text', text: 'done' }];
    this.#turns = [call, { type: 'message', role: 'assistant', status: 'completed', content }];
  }

  async getResponse(request) {
    this.requests.push(structuredClone({ input: request.input, tools: request.tools }));
    return { usage: new Usage(), output: [this.#turns.shift()] };
  }
}

testCodeTool('OpenAI Agents SDK', async ({ args, options, signal }) => {
  const model = new ScriptedModel(args);
  const agent = new Agent({ name: 'Solver', model, tools: [codeTool(options)] });
  const { finalOutput } = await new Runner({ tracingDisabled: true }).run(agent, 'go', { signal });
  assert.equal(finalOutput, 'done');
  const [{ tools }, { input }] = model.requests;
  const [{ name, parameters, strict }] = tools;
  assert.equal(strict, true);
  const { output } = input.find(({ type }) => type === 'function_call_result');
  return { text: output.text ?? output, shown: { name, parameters } };
});

test('arguments that are not JSON are told to the model', async () => {
  assert.equal(await codeTool().invoke({}, '{"code": '), 'expected an object with `code`, found a string');
});

test('the example answers with what the model says after the run', async () => {
  assert.equal(await solve(new ScriptedModel({ code: 'print(1)' }), 'What is one?'), 'done');
});
