import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { codeTool } from 'fencerun/mastra';

export async function solve(model, prompt) {
  const agent = new Agent({
    id: 'solver',
    name: 'Solver',
    instructions: 'Compute with code.',
    model,
    tools: { run_code: createTool(codeTool()) },
  });
  const { text } = await agent.generate(prompt);
  return text;
}
