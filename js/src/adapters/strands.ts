/** Fencerun for the Strands Agents SDK. */

import { createHarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import type { CodeSchema } from './schema.js';

/** Pieces of output. An alias and no interface: only so is it JSON to the SDK's types. */
type OutputJson = { stream: string; text: string }[];

/** What Strands' `tool` takes. */
export interface StrandsToolConfig {
  name: string;
  description: string;
  inputSchema: CodeSchema;
  callback(
    input: unknown,
    context?: { cancelSignal?: AbortSignal },
  ): AsyncGenerator<OutputJson, string, unknown>;
}

/**
 * Makes what Strands' own `tool` makes the tool of: `tool(codeTool())`. Output is handed on while the program runs, as
 * stream events. A run without result is thrown, which gives the model its message as an error.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): StrandsToolConfig {
  const tool = createHarnessTool(options);
  return {
    name: tool.name,
    description: tool.description,
    inputSchema: tool.schema,
    async *callback(input, { cancelSignal } = {}) {
      const { observation } = yield* tool.stream(input, { signal: cancelSignal });
      return observation.text;
    },
  };
}
