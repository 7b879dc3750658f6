import { Agent, run } from '@openai/agents';
import { codeTool } from 'fencerun/openai-agents';

export async function solve(model, prompt) {
  const agent = new Agent({ name: 'Solver', model, tools: [codeTool()] });
  const { finalOutput } = await run(agent, prompt);
  return finalOutput;
}
