import { codeTool } from 'fencerun/anthropic';

/** @param {import('@anthropic-ai/sdk').default} client */
export async function solve(client, prompt) {
  const message = await client.beta.messages.toolRunner({
    model: 'claude-sonnet-5-5',
    max_tokens: 4096,
    messages: [{ role: 'user', content: prompt }],
    tools: [codeTool()],
  });
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
