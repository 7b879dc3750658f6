import { buildCodeSchema, type CodeInput, type CodeSchema } from './adapters/schema.js';
import { SandboxClient } from './client.js';
import type { CodeToolOptions } from './code-tool.js';
import { EmbeddedClient } from './embedded.js';
import { RunError } from './error.js';
import { extract } from './extract.js';
import { observe } from './observe.js';
import { extractWith, profiles, readsArguments } from './profiles.js';
import type {
  Observation,
  OutputChunk,
  RunOptions,
  RunRequest,
  RunResult,
  Sandbox,
  WaitOptions,
} from './types.js';

/** Options of the code tool in every agent harness. */
export interface HarnessToolOptions extends Pick<CodeToolOptions, 'sandbox' | 'url' | 'client' | 'request'> {
  /**
   * The framework whose tool the model was trained with: one of {@link profiles}. It words the observation, and where
   * the framework changes the tool's argument before it runs (verl, SkyRL, Qwen-Agent) the argument is changed alike.
   * Default: `stdout` and `stderr`, nothing added.
   */
  profile?: string;
  /** The languages that the model may use, by SandboxFusion's names. Default: `python` alone. */
  languages?: readonly string[];
  /** The name by which the model calls the tool. Default `run_code`. */
  name?: string;
  /** What the model reads about the tool. Default: a few sentences about what runs and what comes back. */
  description?: string;
}

/** What came of one call of the tool. */
export interface ToolRun {
  /** What the model gets to read. */
  observation: Observation;
  /** `null` when the profile answers a call without running anything. */
  result: RunResult | null;
}

/** What came of one call, with what gave no result worded for the model. */
export interface ToolAnswer {
  /** What the model gets to read. */
  text: string;
  result: RunResult | null;
  /** Why there is no result: a bad input or a sandbox that failed. A program that failed is none of these. */
  error: RunError | null;
}

/** What an application sees of a run, where it sees more than the model, which reads `observation` alone. */
export interface CodeOutput {
  /** While the program runs the end of what it has written so far, then what the model reads. */
  observation: string;
  /** `running` in what comes before the end; `failed` when the program did not exit with 0. */
  status: 'running' | 'success' | 'failed';
  /** `null` while the program runs and when it did not come to its end. */
  exitCode: number | null;
  /** Whether the sandbox cut one of the streams at its bound. */
  truncated: boolean;
}

/** A run as an application sees it. */
export function toCodeOutput({ observation, result }: ToolRun): CodeOutput {
  const { text, truncated } = observation;
  const exitCode = (result?.run ?? result?.compile)?.exitCode ?? null;
  return { observation: text, status: result?.status ?? 'failed', exitCode, truncated };
}

/** Options of one call. */
export interface ToolRunOptions extends RunOptions {
  /** Files to lay out besides those of the tool's `request`. */
  files?: RunRequest['files'];
}

/** The code tool before a harness gives it its own shape. */
export interface HarnessTool {
  readonly name: string;
  readonly description: string;
  readonly languages: readonly string[];
  readonly schema: CodeSchema;
  /** Checks what a model sent. @throws {RunError} with `invalid_options` and a sentence for the model. */
  parse(input: unknown): CodeInput;
  /**
   * Checks the input and runs the program.
   *
   * @throws {RunError} when there is no result; its message can be shown to the model.
   * @throws `signal.reason` itself when the signal is aborted.
   */
  run(input: unknown, options?: ToolRunOptions): Promise<ToolRun>;
  /** The same for a harness where an error that is thrown would not reach the model. Rejects only for an abort. */
  answer(input: unknown, options?: ToolRunOptions): Promise<ToolAnswer>;
  /** {@link run} that yields output as it is written, as far as the sandbox tells, and returns the run. */
  stream(input: unknown, options?: WaitOptions): AsyncGenerator<OutputChunk[], ToolRun, unknown>;
  /** Gives up what the sandbox holds. May be called more than once. An idle sandbox keeps no process alive. */
  close(): Promise<void>;
}

/**
 * Makes the tool that all adapters are made of.
 *
 * @throws {RunError} with `invalid_options` for a profile, a language or an address that cannot be used.
 */
export function createHarnessTool(options: HarnessToolOptions = {}): HarnessTool {
  const { url, client, request, name = 'run_code', languages = ['python'] } = options;
  const sandbox: Sandbox =
    options.sandbox ?? (url === undefined ? new EmbeddedClient() : new SandboxClient({ ...client, url }));
  checkLanguages(languages, sandbox.languages);
  const profile = findProfile(options.profile);
  const schema = buildCodeSchema(languages);
  const description = options.description ?? describe(languages);

  const parse = (input: unknown): CodeInput => {
    const checked = schema['~standard'].validate(input);
    if (!checked.issues) return checked.value;
    throw new RunError('invalid_options', checked.issues.map(({ message }) => message).join('; '));
  };
  const run: HarnessTool['run'] = async (input, { signal, onOutput, files } = {}) => {
    signal?.throwIfAborted();
    const { code: argument, language = languages[0] ?? 'python' } = parse(input);
    const { code, reply } = readArgument(argument, profile);
    if (reply !== undefined) return { observation: { text: reply, truncated: false }, result: null };
    const program = { ...request, ...(files && { files: { ...request?.files, ...files } }), code, language };
    const result = await sandbox.runCode(program, { signal, onOutput });
    return {
      observation: observe(result, profile?.observes ? { profile: profile.name } : undefined),
      result,
    };
  };
  const answer: HarnessTool['answer'] = async (input, runOptions) => {
    try {
      const { observation, result } = await run(input, runOptions);
      return { text: observation.text, result, error: null };
    } catch (thrown) {
      if (runOptions?.signal?.aborted || !(thrown instanceof RunError)) throw thrown;
      return { text: thrown.message, result: null, error: thrown };
    }
  };
  const stream: HarnessTool['stream'] = (input, { signal } = {}) =>
    streamRun((runOptions) => run(input, runOptions), signal);
  const close = async (): Promise<void> => {
    await sandbox.close?.();
  };
  return { name, description, languages, schema, parse, run, answer, stream, close };
}

function checkLanguages(wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.find((language) => !known.includes(language));
  if (wanted.length > 0 && unknown === undefined) return;
  const found = unknown === undefined ? 'none' : `\`${unknown}\``;
  throw new RunError('invalid_options', `languages: expected some of ${known.join(', ')}, found ${found}`);
}

interface KnownProfile {
  name: string;
  observes: boolean;
}

function findProfile(name: string | undefined): KnownProfile | undefined {
  if (name === undefined) return undefined;
  const profile = profiles().find((known) => known.name === name);
  if (profile) return profile;
  throw new RunError(
    'invalid_options',
    `profile: expected the name of a framework's profile, found \`${name}\``,
  );
}

/** The program in the tool's argument, or what the model reads where the framework runs none. */
function readArgument(argument: string, profile: KnownProfile | undefined): { code: string; reply?: string } {
  if (profile === undefined || !readsArguments(profile.name)) return { code: unwrap(argument) };
  const { programs, reply, raised } = extractWith(argument, { profile: profile.name });
  const [program] = programs;
  if (program) return { code: program.code };
  return { code: '', reply: reply ?? (raised ? `${raised.type}: ${raised.message}` : '') };
}

/** Models fence the argument too: where all of it is one block, its code is meant. */
function unwrap(argument: string): string {
  const text = argument.trim();
  if (!text.startsWith('```') && !text.startsWith('~~~')) return argument;
  const [block] = extract(text);
  const isWhole = block?.closed && block.span.start === 0 && text.slice(block.span.end).trim() === '';
  return isWhole ? block.code : argument;
}

function describe(languages: readonly string[]): string {
  const [language] = languages;
  const names: Record<string, string> = { python: 'Python', nodejs: 'JavaScript' };
  const what = languages.length > 1 ? 'a program' : `a ${names[language ?? ''] ?? language} program`;
  return (
    `Runs ${what} in a sandbox and returns what it wrote to stdout and stderr. ` +
    'Every call starts anew: nothing of an earlier program is left. Print whatever you want to see.'
  );
}

/** Turns a run that calls back into one that yields. To give up the generator is to abort the run. */
async function* streamRun(
  run: (options: RunOptions) => Promise<ToolRun>,
  signal: AbortSignal | undefined,
): AsyncGenerator<OutputChunk[], ToolRun, unknown> {
  const abandon = new AbortController();
  let chunks: OutputChunk[] = [];
  let isOver = false;
  let wake = (): void => {};
  const running = run({
    signal: signal ? AbortSignal.any([signal, abandon.signal]) : abandon.signal,
    onOutput: (stream, text) => {
      chunks.push({ stream, text });
      wake();
    },
  });
  const end = (): void => {
    isOver = true;
    wake();
  };
  running.then(end, end);
  try {
    while (!isOver) {
      if (chunks.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const written = chunks;
      chunks = [];
      if (written.length > 0 && !isOver) yield written;
    }
    return await running;
  } finally {
    abandon.abort();
  }
}
