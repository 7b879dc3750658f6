/** Fencerun for the Vercel AI SDK, versions 5 to 7. */

import {
  type CodeOutput,
  createHarnessTool,
  type HarnessToolOptions,
  toCodeOutput,
} from '../harness-tool.js';
import { type SandboxSession, sessionSandbox } from '../session-sandbox.js';
import type { CodeInput, CodeSchema } from './schema.js';

export { type SandboxSession, sessionSandbox };

/** How much of the output a preliminary result shows at most, in UTF-16 units: each has all that came before. */
const MAX_PRELIMINARY = 4096;
/** What the cut leaves of a character of two units. */
const HALF_PAIR = /^[\udc00-\udfff]/;

/** Options of {@link codeTool}. */
export interface AiToolOptions extends HarnessToolOptions {
  /**
   * Whether programs run in the sandbox session that a call brings (`experimental_sandbox`, since version 7), where
   * there is one. See {@link sessionSandbox}. Default `false`.
   */
  session?: boolean;
}

/** What a call brings. */
interface AiCall {
  abortSignal?: AbortSignal | undefined;
  experimental_sandbox?: SandboxSession | undefined;
}

/** A tool of the AI SDK: `tools: { run_code: codeTool() }`. */
export interface AiTool {
  description: string;
  /** A schema of all three versions: that of version 5 is known by its symbol, to 6 and 7 it is a Standard Schema. */
  inputSchema: Pick<CodeSchema, '~standard'>;
  execute(input: CodeInput, call: AiCall): AsyncGenerator<CodeOutput, void, void>;
  toModelOutput(given: unknown): { type: 'text'; value: string };
}

/**
 * Makes the tool. Output is handed on while the program runs, as preliminary results. A run without result is thrown,
 * which gives the model its message as a tool error.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool({ session = false, ...options }: AiToolOptions = {}): AiTool {
  const tool = createHarnessTool(options);
  return {
    description: tool.description,
    inputSchema: toAiSchema(tool.schema),
    async *execute(input, { abortSignal, experimental_sandbox } = {}) {
      const own =
        session && experimental_sandbox
          ? createHarnessTool({ ...options, sandbox: sessionSandbox(experimental_sandbox) })
          : tool;
      const stream = own.stream(input, { signal: abortSignal });
      let written = '';
      try {
        for (let next = await stream.next(); ; next = await stream.next()) {
          if (next.done) {
            yield toCodeOutput(next.value);
            return;
          }
          for (const { text } of next.value) written += text;
          written = written.slice(-MAX_PRELIMINARY).replace(HALF_PAIR, '');
          yield { observation: written, status: 'running', exitCode: null, truncated: false };
        }
      } finally {
        // Whoever stops reading stops the run.
        await stream.return(undefined as never);
      }
    },
    toModelOutput: (given) => ({ type: 'text', value: readOutput(given).observation }),
  };
}

/** Version 5 gives the output itself, later ones an object with it. */
function readOutput(given: unknown): CodeOutput {
  return (given as { output?: CodeOutput }).output ?? (given as CodeOutput);
}

/** Adds what makes a schema one of the AI SDK's own, by the name that all its copies know it by. */
function toAiSchema(schema: CodeSchema): AiTool['inputSchema'] {
  const standard = schema['~standard'];
  const validate = (value: unknown) => {
    const checked = standard.validate(value);
    if (!checked.issues) return { success: true, value: checked.value };
    return { success: false, error: new Error(checked.issues.map(({ message }) => message).join('; ')) };
  };
  return {
    [Symbol.for('vercel.ai.schema')]: true,
    jsonSchema: standard.jsonSchema.input({ target: 'draft-07' }),
    validate,
    '~standard': standard,
  } as AiTool['inputSchema'];
}
