import { BaseCodeExecutor, createEvent, FunctionTool, LlmAgent } from '@google/adk';
import { codeExecutor, codeProcessor, codeTool } from 'fencerun/google-adk';

/** An agent that calls a tool. */
export function makeAgent(model) {
  return new LlmAgent({ name: 'solver', model, tools: [new FunctionTool(codeTool())] });
}

/** An agent whose code blocks run. */
export function makeCodingAgent(model) {
  const executor = codeExecutor(BaseCodeExecutor);
  const responseProcessors = [codeProcessor(createEvent, executor)];
  return new LlmAgent({ name: 'coder', model, codeExecutor: executor, responseProcessors });
}
