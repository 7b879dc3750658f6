import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { codeServer } from 'fencerun/claude-agent';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './claude-agent.mjs';

// The server alone, with the official client: every path of the tool.
testCodeTool('Claude Agent SDK', async ({ args, options, signal }) => {
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'c', version: '1' });
  await Promise.all([codeServer(options).instance.connect(theirs), client.connect(mine)]);
  const { tools } = await client.listTools();
  const { content, isError } = await client.callTool({ name: 'run_code', arguments: args }, undefined, {
    signal,
  });
  await client.close();
  return {
    text: content[0].text,
    isError: isError ?? false,
    shown: { name: tools[0].name, parameters: tools[0].inputSchema },
  };
});

/** A model that calls the tool once and then says `done`, behind the address of an API. */
function startModel() {
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (!request.url.startsWith('/v1/messages') || request.url.includes('count_tokens')) {
      response.writeHead(404).end('{}');
      return;
    }
    const asked = JSON.parse(body);
    const hasTool = asked.tools?.some(({ name }) => name === 'mcp__fencerun__run_code');
    if (hasTool) requests.push(asked);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const isFirst = hasTool && requests.length === 1;
    for (const event of isFirst ? writeCall() : writeText('done')) {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    response.end();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ requests, server, url: `http://127.0.0.1:${server.address().port}` });
    });
  });
}

function* writeMessage(block, delta, reason) {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [],
    stop_reason: null,
  };
  yield { type: 'message_start', message: { ...message, usage: { input_tokens: 1, output_tokens: 1 } } };
  yield { type: 'content_block_start', index: 0, content_block: block };
  yield { type: 'content_block_delta', index: 0, delta };
  yield { type: 'content_block_stop', index: 0 };
  yield {
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 1 },
  };
  yield { type: 'message_stop' };
}

function writeCall() {
  const block = { type: 'tool_use', id: 'toolu_1', name: 'mcp__fencerun__run_code', input: {} };
  const partial_json = JSON.stringify({ code: 'print(2**61 - 1)' });
  return writeMessage(block, { type: 'input_json_delta', partial_json }, 'tool_use');
}

const writeText = (text) =>
  writeMessage({ type: 'text', text: '' }, { type: 'text_delta', text }, 'end_turn');

const home = mkdtempSync(join(tmpdir(), 'fencerun-claude-'));
after(() => rmSync(home, { recursive: true, force: true }));

test('the example runs code in the real agent and answers with what the model says', async () => {
  const { requests, server, url } = await startModel();
  // Nothing of this machine's own set-up: another home, no settings, no key that works anywhere.
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    CLAUDE_CONFIG_DIR: home,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
  const answer = await solve('What is 2**61 - 1?', { env, cwd: home, settingSources: [], model: 'scripted' });
  server.close();
  assert.equal(answer, 'done');
  const { content } = requests[1].messages.at(-1).content.find(({ type }) => type === 'tool_result');
  assert.equal(typeof content === 'string' ? content : content[0].text, '2305843009213693951\n');
});
