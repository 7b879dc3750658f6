import { chat, maxIterations, streamToText } from '@tanstack/ai';
import { codeTool } from 'fencerun/tanstack';

/** @param {import('@tanstack/ai').AnyTextAdapter} adapter */
export function solve(adapter, prompt) {
  const stream = chat({
    adapter,
    messages: [{ role: 'user', content: prompt }],
    tools: [codeTool()],
    agentLoopStrategy: maxIterations(5),
  });
  return streamToText(stream);
}
