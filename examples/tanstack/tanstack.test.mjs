import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chat, maxIterations } from '@tanstack/ai';
import { BaseTextAdapter } from '@tanstack/ai/adapters';
import { codeTool } from 'fencerun/tanstack';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './tanstack.mjs';

/** A model that calls the tool once and then says `done`. */
class ScriptedAdapter extends BaseTextAdapter {
  name = 'scripted';
  requests = [];
  #args;

  constructor(args) {
    super(undefined, 'scripted');
    this.#args = args;
  }

  async *chatStream({ messages, tools, runId = 'r', threadId = 't' }) {
    const isFirst = this.requests.push({ messages: structuredClone(messages), tools }) === 1;
    yield { type: 'RUN_STARTED', runId, threadId };
    if (isFirst) {
      yield { type: 'TOOL_CALL_START', toolCallId: '1', toolCallName: 'run_code', toolName: 'run_code' };
      yield { type: 'TOOL_CALL_ARGS', toolCallId: '1', delta: JSON.stringify(this.#args) };
      yield { type: 'TOOL_CALL_END', toolCallId: '1', toolCallName: 'run_code', toolName: 'run_code' };
    } else {
      yield { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' };
      yield { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'done' };
      yield { type: 'TEXT_MESSAGE_END', messageId: 'm' };
    }
    yield { type: 'RUN_FINISHED', runId, threadId, finishReason: isFirst ? 'tool_calls' : 'stop' };
  }

  async structuredOutput() {
    throw new Error('the scripted model writes text alone');
  }
}

testCodeTool(
  'TanStack AI',
  async ({ args, options, signal }) => {
    const adapter = new ScriptedAdapter(args);
    const abortController = new AbortController();
    signal?.addEventListener('abort', () => abortController.abort(signal.reason));
    const stream = chat({
      adapter,
      messages: [{ role: 'user', content: 'go' }],
      tools: [codeTool(options)],
      agentLoopStrategy: maxIterations(3),
      abortController,
    });
    for await (const _chunk of stream);
    if (signal) return adapter.requests;
    const [{ tools }, { messages }] = adapter.requests;
    const [{ name, inputSchema }] = tools;
    const { content } = messages.findLast(({ role }) => role === 'tool');
    const text = typeof content === 'string' ? content : content[0].content;
    return { text, shown: { name, parameters: inputSchema } };
  },
  // The stream ends, and the model is asked no more.
  { stop: async (ended) => assert.equal((await ended).length, 1) },
);

test('the example answers with what the model says after the run', async () => {
  assert.equal(await solve(new ScriptedAdapter({ code: 'print(1)' }), 'What is one?'), 'done');
});
