import { codeTool } from 'fencerun/langchain';
import { createAgent, tool } from 'langchain';

export async function solve(model, prompt) {
  const agent = createAgent({ model, tools: [tool(...codeTool())] });
  const { messages } = await agent.invoke({ messages: [{ role: 'user', content: prompt }] });
  return messages.at(-1).content;
}
