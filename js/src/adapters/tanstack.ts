/** Fencerun for TanStack AI. */

import { createHarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import type { CodeInput, CodeSchema } from './schema.js';

interface TanStackContext {
  abortSignal?: AbortSignal;
  emitCustomEvent?: (name: string, value: Record<string, unknown>, options?: { batch?: boolean }) => void;
}

/** A server tool of TanStack AI: `chat({ tools: [codeTool()], … })`. */
export interface TanStackServerTool {
  __toolSide: 'server';
  name: string;
  description: string;
  inputSchema: CodeSchema;
  execute(input: CodeInput, context?: TanStackContext): Promise<{ type: 'text'; content: string }[]>;
}

/**
 * Makes the tool. Output is handed on while the program runs, as the events `process.stdout` and `process.stderr`. A
 * run without result is thrown, which gives the model its message as an error.
 *
 * The result is a part of a message and no string: TanStack AI reads a string that happens to be JSON and writes it
 * anew, so that `1e400` becomes `null`.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): TanStackServerTool {
  const tool = createHarnessTool(options);
  return {
    __toolSide: 'server',
    name: tool.name,
    description: tool.description,
    inputSchema: tool.schema,
    execute: async (input, { abortSignal, emitCustomEvent } = {}) => {
      const onOutput = (stream: string, text: string) => emitCustomEvent?.(`process.${stream}`, { text });
      const { observation } = await tool.run(input, { signal: abortSignal, onOutput });
      return [{ type: 'text', content: observation.text }];
    },
  };
}
