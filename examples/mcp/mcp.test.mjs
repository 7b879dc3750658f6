import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v2Client from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport as V1Transport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import * as v2Server from '@modelcontextprotocol/server';
import { codeTool } from 'fencerun/mcp';
import { testCodeTool } from '../shared/suite.mjs';
import { makeServer } from './mcp.mjs';
import { makeServer as makeServerOfV1 } from './mcp-v1.mjs';

const versions = [
  {
    name: 'MCP SDK 1',
    make(options) {
      const server = new Server({ name: 's', version: '1' }, { capabilities: { tools: {} } });
      const tool = codeTool(options);
      server.setRequestHandler(ListToolsRequestSchema, tool.listTools);
      server.setRequestHandler(CallToolRequestSchema, tool.callTool);
      return server;
    },
    async connect(server) {
      const [mine, theirs] = V1Transport.createLinkedPair();
      const client = new V1Client({ name: 'c', version: '1' });
      await Promise.all([server.connect(theirs), client.connect(mine)]);
      return client;
    },
    call: (client, request, options) => client.callTool(request, undefined, options),
  },
  {
    name: 'MCP SDK 2',
    make(options) {
      const server = new v2Server.McpServer({ name: 's', version: '1' });
      const tool = codeTool(options);
      server.registerTool(tool.name, tool.config, tool.callback);
      return server;
    },
    async connect(server) {
      const [mine, theirs] = v2Client.InMemoryTransport.createLinkedPair();
      const client = new v2Client.Client({ name: 'c', version: '1' });
      await Promise.all([server.connect(theirs), client.connect(mine)]);
      return client;
    },
    call: (client, request, options) => client.callTool(request, options),
  },
];

for (const { name, make, connect, call } of versions) {
  testCodeTool(name, async ({ args, options, signal }) => {
    const client = await connect(make(options));
    const { tools } = await client.listTools();
    const { content, isError } = await call(client, { name: 'run_code', arguments: args }, { signal });
    await client.close();
    return {
      text: content[0].text,
      isError: isError ?? false,
      shown: { name: tools[0].name, parameters: tools[0].inputSchema },
    };
  });

  test(`${name}: output reaches a client that asks for progress`, async () => {
    const sandbox = {
      languages: ['python'],
      async runCode(_request, { onOutput }) {
        onOutput('stdout', 'one\n');
        onOutput('stderr', 'two\n');
        const phase = {
          status: 'finished',
          executionTimeMs: 1,
          exitCode: 0,
          stdout: 'one\n',
          stderr: 'two\n',
        };
        const run = { ...phase, stdoutTruncated: false, stderrTruncated: false };
        return { status: 'success', message: '', compile: null, run, executorPodName: null, files: {} };
      },
    };
    const client = await connect(make({ sandbox }));
    const seen = [];
    const onprogress = ({ progress, message }) => seen.push([progress, message]);
    await call(client, { name: 'run_code', arguments: { code: '' } }, { onprogress });
    await client.close();
    assert.deepEqual(seen, [
      [4, 'one\n'],
      [8, 'two\n'],
    ]);
  });
}

for (const [index, server] of [makeServerOfV1(), makeServer()].entries()) {
  test(`the example for version ${index + 1} serves the tool`, async () => {
    const client = await versions[index].connect(server);
    const { content } = await versions[index].call(client, {
      name: 'run_code',
      arguments: { code: 'print(1)' },
    });
    await client.close();
    assert.deepEqual(content, [{ type: 'text', text: '1\n' }]);
  });
}
