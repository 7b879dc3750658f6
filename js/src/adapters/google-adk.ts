/** Fencerun for Google's Agent Development Kit: as a function tool, and as the executor of code blocks. */

import { createHarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import type { CodeSchema } from './schema.js';

interface AdkContext {
  readonly abortSignal?: AbortSignal | undefined;
}

/** What the constructor of ADK's `FunctionTool` takes. */
export interface AdkToolOptions {
  name: string;
  description: string;
  /** Of type `never`, as the types of ADK's schema are an enumeration that only its package can name. */
  parameters: never;
  execute(input: unknown, context?: AdkContext): Promise<{ output: string } | { error: string }>;
}

/**
 * Makes what ADK's own `FunctionTool` is made of: `new FunctionTool(codeTool())`. The model reads `{ output }`, or
 * `{ error }` where there is no result.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): AdkToolOptions {
  const tool = createHarnessTool(options);
  // ADK sends the parameters as they are, and Gemini's own schema has no `additionalProperties`.
  const { type, properties, required } = tool.schema;
  return {
    name: tool.name,
    description: tool.description,
    parameters: { type: type.toUpperCase(), properties: upperCaseTypes(properties), required } as never,
    execute: async (input, { abortSignal } = {}) => {
      const { text, error } = await tool.answer(input, { signal: abortSignal });
      return error ? { error: text } : { output: text };
    },
  };
}

/** Gemini's schema has the names of types in capitals. */
function upperCaseTypes(properties: CodeSchema['properties']): unknown {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      { ...property, type: property.type.toUpperCase() },
    ]),
  );
}

interface AdkFile {
  name: string;
  content: string;
  contentEncoding?: string;
  mimeType: string;
}

interface AdkExecution {
  invocationContext?: AdkContext;
  codeExecutionInput: { code: string; inputFiles?: AdkFile[] };
}

/** What ADK's `BaseCodeExecutor` asks of an executor. */
export interface AdkCodeExecutor {
  executeCode(execution: never): Promise<{ stdout: string; stderr: string; outputFiles: never[] }>;
}

/**
 * Makes an executor of the code blocks that a model writes: `new LlmAgent({ codeExecutor: codeExecutor(BaseCodeExecutor) })`.
 *
 * ADK shows the model either stream, never both: the whole observation is given as `stdout`, or as `stderr` when the
 * program failed. It takes every block for Python, so only Python's are left to it. Input files are laid out.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeExecutor<Executor extends object>(
  BaseCodeExecutor: abstract new () => Executor,
  options: Omit<HarnessToolOptions, 'languages' | 'name' | 'description'> = {},
): Executor & AdkCodeExecutor {
  const tool = createHarnessTool(options);
  // @ts-expect-error the abstract method is the one below
  class CodeExecutor extends BaseCodeExecutor {
    readonly codeBlockDelimiters = ['tool_code', 'python', 'py'].map((tag) => [`\`\`\`${tag}\n`, '\n```']);

    async executeCode({ invocationContext, codeExecutionInput: { code, inputFiles = [] } }: AdkExecution) {
      const signal = invocationContext?.abortSignal;
      const { text, result, error } = await tool.answer({ code }, { signal, files: readFiles(inputFiles) });
      const failed = error !== null || result?.status === 'failed';
      return { stdout: failed ? '' : text, stderr: failed ? text : '', outputFiles: [] };
    }
  }
  return new CodeExecutor() as unknown as Executor & AdkCodeExecutor;
}

function readFiles(files: readonly AdkFile[]): Record<string, string | Uint8Array> {
  return Object.fromEntries(
    files.map(({ name, content, contentEncoding }) => [
      name,
      contentEncoding === 'base64' ? Uint8Array.from(atob(content), (char) => char.charCodeAt(0)) : content,
    ]),
  );
}
