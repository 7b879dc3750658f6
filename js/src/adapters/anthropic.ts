/** Fencerun for the tool runner of the Anthropic SDK. */

import { createHarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import type { CodeInput, CodeSchema } from './schema.js';

/** A tool of the tool runner: `client.beta.messages.toolRunner({ tools: [codeTool()], … })`. */
export interface AnthropicRunnableTool {
  type: 'custom';
  name: string;
  description: string;
  input_schema: Omit<CodeSchema, '~standard'> & Record<string, unknown>;
  parse(content: unknown): CodeInput;
  run(input: CodeInput, context?: { signal?: AbortSignal | null | undefined }): Promise<string>;
  close(): Promise<void>;
}

/**
 * Makes the tool. A run without result and an input that cannot be used are thrown, which gives the model the message
 * with `is_error`.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): AnthropicRunnableTool {
  const tool = createHarnessTool(options);
  return {
    type: 'custom',
    name: tool.name,
    description: tool.description,
    input_schema: { ...tool.schema },
    parse: tool.parse,
    run: async (input, { signal } = {}) =>
      (await tool.run(input, { signal: signal ?? undefined })).observation.text,
    close: tool.close,
  };
}
