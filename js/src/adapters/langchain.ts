/** Fencerun for LangChain and LangGraph. */

import type { RunError } from '../error.js';
import { createHarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import type { RunResult } from '../types.js';
import type { CodeInput, CodeSchema } from './schema.js';

/** What LangChain's `tool(function, fields)` takes beside the function. */
export interface LangChainFields {
  name: string;
  description: string;
  schema: CodeSchema;
  responseFormat: 'content_and_artifact';
}

/** What the application finds in the tool message's `artifact`. */
export interface CodeArtifact {
  /** `null` when there is none. */
  result: RunResult | null;
  /** Why there is no result. */
  error: RunError | null;
}

interface LangChainRuntime {
  signal?: AbortSignal | undefined;
  writer?: ((chunk: unknown) => unknown) | null | undefined;
}

type LangChainFunction = (input: CodeInput, runtime?: LangChainRuntime) => Promise<[string, CodeArtifact]>;

/**
 * Makes what LangChain's own `tool` makes the tool of: `tool(...codeTool())`. Output is handed on while the program
 * runs to graphs that stream in the mode `custom`. What would be an error reaches the model as text, since an agent
 * ends at an error that a tool throws.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): [LangChainFunction, LangChainFields] {
  const tool = createHarnessTool(options);
  const run: LangChainFunction = async (input, { signal, writer } = {}) => {
    const onOutput = writer ? (stream: string, text: string) => void writer({ stream, text }) : undefined;
    const { text, result, error } = await tool.answer(input, { signal, onOutput });
    return [text, { result, error }];
  };
  const { name, description, schema } = tool;
  return [run, { name, description, schema, responseFormat: 'content_and_artifact' }];
}
