import { Agent, tool } from '@strands-agents/sdk';
import { codeTool } from 'fencerun/strands';

export async function solve(model, prompt) {
  const agent = new Agent({ model, tools: [tool(codeTool())], printer: false });
  return String(await agent.invoke(prompt));
}
