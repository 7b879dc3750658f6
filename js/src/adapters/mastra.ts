/** Fencerun for Mastra. */

import {
  type CodeOutput,
  createHarnessTool,
  type HarnessToolOptions,
  toCodeOutput,
} from '../harness-tool.js';
import type { CodeInput, CodeSchema } from './schema.js';

/** What is used of Mastra's context, whose own type names none of it. */
interface MastraContext {
  abortSignal?: AbortSignal | undefined;
  writer?: { write(chunk: unknown): Promise<void> } | undefined;
}

/** What Mastra gives in place of an output for an input that the schema refuses. */
interface MastraRefusal {
  message: string;
}

/** What Mastra's `createTool` takes. */
export interface MastraToolOptions {
  id: string;
  description: string;
  inputSchema: CodeSchema;
  execute(input: CodeInput, context: object): Promise<CodeOutput>;
  toModelOutput(output: unknown): { type: 'text'; value: string };
}

/**
 * Makes what Mastra's own `createTool` makes the tool of: `createTool(codeTool())`. Output is handed to the stream of
 * the agent while the program runs. A run without result is thrown, which gives the model its message.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): MastraToolOptions {
  const tool = createHarnessTool(options);
  return {
    id: tool.name,
    description: tool.description,
    inputSchema: tool.schema,
    execute: async (input, context) => {
      const { abortSignal, writer } = context as MastraContext;
      const stream = tool.stream(input, { signal: abortSignal });
      for (let next = await stream.next(); ; next = await stream.next()) {
        if (next.done) return toCodeOutput(next.value);
        for (const chunk of next.value) await writer?.write(chunk);
      }
    },
    toModelOutput: (output) => {
      const { observation, message } = output as Partial<CodeOutput & MastraRefusal>;
      return { type: 'text', value: observation ?? message ?? '' };
    },
  };
}
