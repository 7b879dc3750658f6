/** Fencerun for the OpenAI Agents SDK. */

import { createHarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import type { CodeSchema } from './schema.js';

/** A function tool of the OpenAI Agents SDK: `new Agent({ tools: [codeTool()] })`. */
export interface OpenAiFunctionTool {
  type: 'function';
  name: string;
  description: string;
  parameters: CodeSchema;
  strict: true;
  invoke(context: unknown, input: string, details?: { signal?: AbortSignal }): Promise<string>;
  needsApproval(): Promise<boolean>;
  isEnabled(): Promise<boolean>;
}

/**
 * Makes the tool. What would be an error reaches the model as text: the SDK's own words for an error that a tool
 * throws leave out its message.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): OpenAiFunctionTool {
  const tool = createHarnessTool(options);
  return {
    type: 'function',
    name: tool.name,
    description: tool.description,
    parameters: tool.schema,
    strict: true,
    invoke: async (_context, input, { signal } = {}) => (await tool.answer(readJson(input), { signal })).text,
    needsApproval: async () => false,
    isEnabled: async () => true,
  };
}

/** What is not JSON stays a string, which the schema then refuses in words. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
