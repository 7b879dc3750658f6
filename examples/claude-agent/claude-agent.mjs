import { query } from '@anthropic-ai/claude-agent-sdk';
import { codeServer } from 'fencerun/claude-agent';

export async function solve(prompt, options = {}) {
  const messages = query({
    prompt,
    options: {
      mcpServers: { fencerun: codeServer() },
      allowedTools: ['mcp__fencerun__run_code'],
      ...options,
    },
  });
  for await (const message of messages) {
    if (message.type === 'result' && message.subtype === 'success') return message.result;
  }
}
