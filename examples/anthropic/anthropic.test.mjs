import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { codeTool } from 'fencerun/anthropic';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './anthropic.mjs';

/** A client whose model calls the tool once and then says `done`. */
function script(args) {
  const requests = [];
  const turns = [
    {
      content: [{ type: 'tool_use', id: 'toolu_1', name: 'run_code', input: args }],
      stop_reason: 'tool_use',
    },
    { content: [{ type: 'text', text: 'done' }], stop_reason: 'end_turn' },
  ];
  const fetch = async (_url, { body }) => {
    requests.push(JSON.parse(body));
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'scripted',
      stop_sequence: null,
    };
    return Response.json({ ...message, ...turns.shift(), usage: { input_tokens: 1, output_tokens: 1 } });
  };
  return { client: new Anthropic({ apiKey: 'none', fetch }), requests };
}

testCodeTool('Anthropic SDK', async ({ args, options, signal }) => {
  const { client, requests } = script(args);
  const settings = { model: 'scripted', max_tokens: 100, tools: [codeTool(options)] };
  const runner = client.beta.messages.toolRunner(
    { ...settings, messages: [{ role: 'user', content: 'go' }] },
    { signal },
  );
  const message = await runner;
  assert.equal(message.content[0].text, 'done');
  const [{ tools }, { messages }] = requests;
  const [{ name, input_schema }] = tools;
  const { content, is_error } = messages.at(-1).content[0];
  return { text: content, isError: is_error ?? false, shown: { name, parameters: input_schema } };
});

test('the example answers with what the model says after the run', async () => {
  assert.equal(await solve(script({ code: 'print(1)' }).client, 'What is one?'), 'done');
});
