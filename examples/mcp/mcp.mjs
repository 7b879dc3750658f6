import { McpServer } from '@modelcontextprotocol/server';
import { codeTool } from 'fencerun/mcp';

export function makeServer() {
  const server = new McpServer({ name: 'my-server', version: '1.0.0' });
  const tool = codeTool();
  server.registerTool(tool.name, tool.config, tool.callback);
  return server;
}
