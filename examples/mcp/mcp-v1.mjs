import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { codeTool } from 'fencerun/mcp';

export function makeServer() {
  const server = new Server({ name: 'my-server', version: '1.0.0' }, { capabilities: { tools: {} } });
  const tool = codeTool();
  server.setRequestHandler(ListToolsRequestSchema, tool.listTools);
  server.setRequestHandler(CallToolRequestSchema, tool.callTool);
  return server;
}
