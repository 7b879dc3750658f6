import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { MockLanguageModelV2 } from 'ai-5/test';
import { codeTool } from 'fencerun/mastra';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './mastra.mjs';

const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };

/** A model that calls the tool once and then says `done`. */
function script(args) {
  const turns = [
    [{ type: 'tool-call', toolCallId: '1', toolName: 'run_code', input: JSON.stringify(args) }],
    [
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'done' },
      { type: 'text-end', id: 't' },
    ],
  ];
  const doStream = turns.map((parts, index) => ({
    stream: ReadableStream.from([
      { type: 'stream-start', warnings: [] },
      ...parts,
      { type: 'finish', finishReason: index === 0 ? 'tool-calls' : 'stop', usage },
    ]),
  }));
  const doGenerate = turns.map((parts, index) => ({
    content: index === 0 ? parts : [{ type: 'text', text: 'done' }],
    finishReason: index === 0 ? 'tool-calls' : 'stop',
    usage,
    warnings: [],
  }));
  return new MockLanguageModelV2({ doGenerate, doStream });
}

testCodeTool(
  'Mastra',
  async ({ args, options, signal }) => {
    const model = script(args);
    const tools = { run_code: createTool(codeTool(options)) };
    const agent = new Agent({ id: 'solver', name: 'Solver', instructions: 'none', model, tools });
    const { text } = await agent.generate('go', { abortSignal: signal });
    if (signal) return text;
    assert.equal(text, 'done');
    const calls = [...model.doGenerateCalls, ...model.doStreamCalls];
    const [{ name, inputSchema }] = calls[0].tools;
    const { output } = calls[1].prompt.at(-1).content[0];
    const answer = typeof output.value === 'string' ? output.value : JSON.stringify(output.value);
    return { text: answer, shown: { name, parameters: inputSchema } };
  },
  {
    // An aborted agent ends without a word.
    stop: async (ended) => assert.equal(await ended, ''),
  },
);

test('the example answers with what the model says after the run', async () => {
  assert.equal(await solve(script({ code: 'print(1)' }), 'What is one?'), 'done');
});
