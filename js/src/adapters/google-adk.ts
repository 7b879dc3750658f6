/** Fencerun for Google's Agent Development Kit: as a function tool, and for the code blocks that a model writes. */

import { extract } from '../extract.js';
import { createHarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import { select } from '../select.js';
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
  codeExecutionInput: { code: string; language?: string; inputFiles?: AdkFile[] };
}

interface AdkExecutionResult {
  stdout: string;
  stderr: string;
}

/** What ADK's `BaseCodeExecutor` asks of an executor. */
export interface AdkCodeExecutor {
  /** Takes ADK's parameters; of type `never`, as ADK's types have an enumeration that only its package can name. */
  executeCode(execution: never): Promise<AdkExecutionResult & { outputFiles: never[] }>;
}

/**
 * Makes an executor of ADK's own kind: `codeExecutor(BaseCodeExecutor)`. With {@link codeProcessor} the blocks that a
 * model writes run in it.
 *
 * ADK shows a model one stream, never both: the whole observation is given as `stdout`, or as `stderr` when the
 * program failed. It takes every block for Python, so Python it is. Input files are laid out.
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
    // The first is how ADK writes code that ran into the model's next prompt.
    readonly codeBlockDelimiters = ['python', 'tool_code', 'py'].map((tag) => [`\`\`\`${tag}\n`, '\n```']);

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

/** A part of a content, as far as it is read or written here. */
interface AdkPart {
  text?: string;
  thought?: boolean;
  executableCode?: { code: string; language: 'PYTHON' };
  codeExecutionResult?: { outcome: 'OUTCOME_OK' | 'OUTCOME_FAILED'; output: string };
}

interface AdkInvocation extends AdkContext {
  invocationId: string;
  branch?: string;
  agent: { name?: string };
}

interface AdkResponse {
  partial?: boolean;
  content?: { parts?: AdkPart[] } | undefined;
}

/** A response processor of ADK. */
export interface AdkResponseProcessor<Event> {
  runAsync(invocation: never, response: never): AsyncGenerator<Event, void, void>;
}

/**
 * Makes what runs the code blocks that a model writes, which ADK leaves to a processor that it does not have:
 * `new LlmAgent({ codeExecutor: executor, responseProcessors: [codeProcessor(createEvent, executor)] })`.
 *
 * The first block in Python runs and what stands behind it is dropped, as the model has written it without knowing the
 * result; then the model goes on with the result in its prompt.
 *
 * @param createEvent ADK's function of that name
 */
export function codeProcessor<Event>(
  createEvent: (fields: never) => Event,
  executor: AdkCodeExecutor,
): AdkResponseProcessor<Event> {
  async function* runAsync(
    invocation: AdkInvocation,
    response: AdkResponse,
  ): AsyncGenerator<Event, void, void> {
    if (response.partial) return;
    const text = (response.content?.parts ?? [])
      .map((part) => (part.thought ? '' : (part.text ?? '')))
      .join('');
    const [block] = select(extract(text), { languages: ['python'] }).flatMap(({ blocks }) => blocks);
    if (!block) return;
    const code = block.code.replace(/\n$/, '');
    const { invocationId, branch, agent } = invocation;
    const toEvent = (parts: AdkPart[]): Event =>
      createEvent({ invocationId, branch, author: agent.name, content: { role: 'model', parts } } as never);
    const before = text.slice(0, block.span.start);
    yield toEvent([...(before ? [{ text: before }] : []), { executableCode: { code, language: 'PYTHON' } }]);
    const execution = {
      invocationContext: invocation,
      codeExecutionInput: { code, language: 'python', inputFiles: [] },
    };
    const { stdout, stderr } = await executor.executeCode(execution as never);
    const outcome = stderr ? 'OUTCOME_FAILED' : 'OUTCOME_OK';
    yield toEvent([{ codeExecutionResult: { outcome, output: stdout + stderr } }]);
    response.content = undefined;
  }
  return { runAsync };
}
