// Compiled with `strict`, never run: what the adapters give fits what the harnesses take, with no cast where none is shown.

import { query } from '@anthropic-ai/claude-agent-sdk';
import type Anthropic from '@anthropic-ai/sdk';
import { BaseCodeExecutor, type BaseLlm, createEvent, FunctionTool, LlmAgent } from '@google/adk';
import { Agent as MastraAgent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { McpServer } from '@modelcontextprotocol/server';
import { type Model, Agent as OpenAiAgent } from '@openai/agents';
import { Agent as StrandsAgent, tool as strandsTool } from '@strands-agents/sdk';
import { type AnyTextAdapter, chat } from '@tanstack/ai';
import { generateText, type LanguageModel } from 'ai';
import {
  generateText as generateText5,
  type LanguageModel as LanguageModel5,
  type Tool as Tool5,
} from 'ai-5';
import { generateText as generateText6, type LanguageModel as LanguageModel6 } from 'ai-6';
import { codeTool as aiTool } from 'fencerun/ai';
import { codeTool as anthropicTool } from 'fencerun/anthropic';
import { codeServer } from 'fencerun/claude-agent';
import { codeTool as adkTool, codeExecutor, codeProcessor } from 'fencerun/google-adk';
import { codeTool as langChainTool } from 'fencerun/langchain';
import { codeTool as mastraTool } from 'fencerun/mastra';
import { codeTool as mcpTool } from 'fencerun/mcp';
import { codeTool as openAiTool } from 'fencerun/openai-agents';
import { codeTool as strandsCodeTool } from 'fencerun/strands';
import { codeTool as tanStackTool } from 'fencerun/tanstack';
import { createAgent, tool } from 'langchain';

declare const models: {
  ai5: LanguageModel5;
  ai6: LanguageModel6;
  ai7: LanguageModel;
  openAi: Model;
  adk: BaseLlm;
  tanStack: AnyTextAdapter;
};
declare const client: Anthropic;
const prompt = 'go';

// Version 5 of the AI SDK knows a schema of its own only by a symbol that no other package can declare.
generateText5({ model: models.ai5, prompt, tools: { run_code: aiTool() as unknown as Tool5 } });
generateText6({ model: models.ai6, prompt, tools: { run_code: aiTool() } });
generateText({ model: models.ai7, prompt, tools: { run_code: aiTool() } });
new OpenAiAgent({ name: 'a', model: models.openAi, tools: [openAiTool()] });
createAgent({ model: 'openai:gpt-5', tools: [tool(...langChainTool())] });
new MastraAgent({
  id: 'a',
  name: 'a',
  instructions: '',
  model: 'openai/gpt-5',
  tools: { run_code: createTool(mastraTool()) },
});
client.beta.messages.toolRunner({ model: 'm', max_tokens: 1, messages: [], tools: [anthropicTool()] });
query({ prompt, options: { mcpServers: { fencerun: codeServer() } } });
new LlmAgent({ name: 'a', model: models.adk, tools: [new FunctionTool(adkTool())] });
const executor = codeExecutor(BaseCodeExecutor);
const responseProcessors = [codeProcessor(createEvent, executor)];
new LlmAgent({ name: 'a', model: models.adk, codeExecutor: executor, responseProcessors });
new StrandsAgent({ tools: [strandsTool(strandsCodeTool())] });
chat({ adapter: models.tanStack, messages: [], tools: [tanStackTool()] });

const { name, config, callback, listTools, callTool } = mcpTool();
new McpServer({ name: 's', version: '1' }).registerTool(name, config, callback);
const server = new Server({ name: 's', version: '1' });
server.setRequestHandler(ListToolsRequestSchema, listTools);
server.setRequestHandler(CallToolRequestSchema, callTool);
