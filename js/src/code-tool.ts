import { replyToToolCall } from './agent-loop.js';
import { SandboxClient, type SandboxClientOptions } from './client.js';
import { EmbeddedClient } from './embedded.js';
import { RunError } from './error.js';
import { extract } from './extract.js';
import { observe } from './observe.js';
import { extractWith } from './profiles.js';
import { languageOf, type SelectOptions, select } from './select.js';
import { openSession } from './session.js';
import { type ParsedToolCall, parseToolCalls, type ToolCallOptions, type ToolSchema } from './tool-calls.js';
import type {
  Block,
  CellRun,
  Observation,
  RunRequest,
  RunResult,
  Sandbox,
  Session,
  WaitOptions,
} from './types.js';

/** Options of {@link CodeTool}. */
export interface CodeToolOptions {
  /** Where programs run. Default: at `url`, or without one in the embedded sandbox. */
  sandbox?: Sandbox;
  /** The address of a SandboxFusion server. */
  url?: string;
  /** How to talk to the server at `url`. */
  client?: Omit<SandboxClientOptions, 'url'>;
  /** What every request has besides its code and language: time-outs, memory limit, files. */
  request?: Omit<RunRequest, 'code' | 'language'>;
  /** The languages that may run. Default: all that the sandbox runs. */
  languages?: readonly string[];
  /** Which block of a text runs: see {@link SelectOptions}. Default `first`. */
  choice?: Exclude<SelectOptions['choice'], 'all' | undefined>;
  /**
   * How tool calls in a text are read: a format of `parseToolCalls`, or all its options; `null` to read none. Where a
   * text has calls of this tool they run, and its blocks do not. Default `hermes`.
   */
  toolCalls?: string | ToolCallOptions | null;
  /** The framework whose rules find the code in a text and word the observation: see `profiles`. Default: none. */
  profile?: string;
  /** The name by which the model calls the tool. Default `code_interpreter`, as in verl. */
  name?: string;
  /** What the model reads about the tool. */
  description?: string;
  /** A longer `timeout` of a tool call is shortened to this, in milliseconds. Default 30,000, as in verl. */
  maxRunTimeoutMs?: number;
  /** Whether the programs of one instance share an interpreter, each finding what those before it left. Default: no. */
  stateful?: boolean;
  /** Rates an instance, for {@link CodeTool.calcReward}. Default: 0, as in verl. */
  reward?: (instance: ToolInstance) => number | Promise<number>;
}

/** What a model sends when it calls the tool. */
export interface CodeParameters {
  code: string;
  /** One of the languages that may run, or an alias. Default `python`. */
  language?: string;
  /** How long the program may run, in seconds. Default: as `request` has it. */
  timeout?: number;
}

/** One use of the tool by a model, from `create` to `release`. */
export interface ToolInstance {
  instanceId: string;
  /** What `create` was given. */
  groundTruth: unknown;
  /** What the model had run, oldest first. Kept when the tool has a `reward`. */
  executions: readonly Execution[];
}

/** Options of one execution. */
export interface ExecuteOptions extends WaitOptions {
  /** The instance that it belongs to. Default: none. */
  instanceId?: string;
}

/** What became of one program of a model. */
export interface Execution {
  /** The block that ran; `null` when the text has none that can, or when the program came by a tool call. */
  block: Block | null;
  /** The language it ran as. */
  language: string | null;
  result: RunResult | null;
  /** What to append to the conversation; `null` when there is nothing to say. */
  observation: Observation | null;
  /** The tool call that brought the program. */
  call?: ParsedToolCall;
}

/** Something to execute: a program, or what the model is to read in its place. */
type Task =
  | {
      program: { code: string; language: string; runTimeoutMs?: number };
      block?: Block;
      call?: ParsedToolCall;
    }
  | { refusal: string; call?: ParsedToolCall };

interface OpenInstance {
  groundTruth: unknown;
  executions: Execution[];
  session: Promise<Session> | undefined;
  isReleased: boolean;
}

const NOTHING = { block: null, language: null, result: null, observation: null };

/**
 * The code tool: finds the code in a model's output, runs it, gives back what it printed. Used alone, or with the
 * life cycle of a tool of verl: {@link create}, {@link execute}, {@link calcReward}, {@link release}.
 */
export class CodeTool {
  /** The tool as the chat completions interface describes it. */
  readonly schema: ToolSchema;
  readonly #sandbox: Sandbox;
  readonly #options: CodeToolOptions;
  readonly #languages: readonly string[];
  readonly #toolCalls: ToolCallOptions | null;
  readonly #instances = new Map<string, OpenInstance>();
  #created = 0;

  /** @throws {RunError} with `invalid_options` for a language that the sandbox does not run. */
  constructor(options: CodeToolOptions = {}) {
    const { sandbox, url, client, toolCalls = 'hermes', name = 'code_interpreter' } = options;
    this.#options = options;
    this.#sandbox =
      sandbox ?? (url === undefined ? new EmbeddedClient() : new SandboxClient({ ...client, url }));
    this.#languages = readLanguages(options.languages, this.#sandbox.languages);
    this.schema = describeTool(name, options.description ?? 'A tool for executing code.');
    const tools = [this.schema];
    this.#toolCalls = typeof toolCalls === 'string' ? { format: toolCalls, tools } : toolCalls;
  }

  /**
   * Begins an instance: one use of the tool by one model.
   *
   * @returns its identifier, `instanceId` if one is given.
   * @throws {RunError} with `invalid_options` for an identifier that is in use.
   */
  async create(options: { instanceId?: string; groundTruth?: unknown } = {}): Promise<string> {
    const instanceId = options.instanceId ?? this.#nextId();
    if (this.#instances.has(instanceId)) {
      throw new RunError('invalid_options', `instanceId: \`${instanceId}\` is in use`);
    }
    const { groundTruth = null } = options;
    this.#instances.set(instanceId, { groundTruth, executions: [], session: undefined, isReleased: false });
    return instanceId;
  }

  /**
   * Executes what a model wrote, or the parameters of a call. Of a text runs the first tool call, or else the first
   * block (see `choice`) in a language that may run; an untagged block counts as Python, an `output` block never
   * runs. What cannot be run as the model wrote it is told to the model in the observation.
   *
   * @throws {RunError} when there was something to run and its run gave no result.
   * @throws `signal.reason` itself when the signal is aborted.
   */
  async execute(input: string | CodeParameters, options: ExecuteOptions = {}): Promise<Execution> {
    options.signal?.throwIfAborted();
    const instance = this.#find(options.instanceId);
    const tasks = typeof input === 'string' ? this.#readText(input, false) : [this.#readParameters(input)];
    const task = this.#options.choice === 'last' ? tasks.at(-1) : tasks[0];
    return task ? this.#run(task, instance, options) : { ...NOTHING };
  }

  /**
   * Executes everything that a model wrote, one after the other: all tool calls, or else all blocks that can run. A
   * program that fails does not keep the next from running.
   *
   * @throws as {@link execute}.
   */
  async executeAll(modelOutput: string, options: ExecuteOptions = {}): Promise<Execution[]> {
    const instance = this.#find(options.instanceId);
    const executions: Execution[] = [];
    for (const task of this.#readText(modelOutput, true)) {
      options.signal?.throwIfAborted();
      executions.push(await this.#run(task, instance, options));
    }
    return executions;
  }

  /**
   * The reward of an instance.
   *
   * @throws {RunError} with `invalid_options` for an instance that there is not.
   */
  async calcReward(instanceId: string): Promise<number> {
    const { groundTruth, executions } = this.#find(instanceId) as OpenInstance;
    return (await this.#options.reward?.({ instanceId, groundTruth, executions })) ?? 0;
  }

  /** Ends an instance and gives up its interpreter. Releasing again does nothing. */
  async release(instanceId: string): Promise<void> {
    const instance = this.#instances.get(instanceId);
    this.#instances.delete(instanceId);
    if (instance) instance.isReleased = true;
    // A session that could not be opened holds nothing.
    const session = await instance?.session?.catch(() => undefined);
    await session?.close();
  }

  /** Releases all instances and gives up what the sandbox holds. May be called more than once. */
  async close(): Promise<void> {
    await Promise.all([...this.#instances.keys()].map((instanceId) => this.release(instanceId)));
    await this.#sandbox.close?.();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    void this.close();
  }

  #nextId(): string {
    do this.#created += 1;
    while (this.#instances.has(`instance-${this.#created}`));
    return `instance-${this.#created}`;
  }

  #find(instanceId: string | undefined): OpenInstance | undefined {
    if (instanceId === undefined) return undefined;
    const instance = this.#instances.get(instanceId);
    if (instance) return instance;
    const message = `instanceId: expected one that was created, found \`${instanceId}\``;
    throw new RunError('invalid_options', message);
  }

  #readText(text: string, all: boolean): Task[] {
    const calls = this.#readCalls(text);
    if (calls.length > 0) return calls;
    const { profile, choice = 'first' } = this.#options;
    if (profile !== undefined) {
      return extractWith(text, { profile }).programs.map(({ code, language }) => {
        return this.#check({ code, language: language ?? 'python' });
      });
    }
    const chosen = select(extract(text), { languages: this.#languages, choice: all ? 'all' : choice });
    return chosen.map(({ code, language, blocks: [block] }) => ({
      program: { code, language },
      ...(block && { block }),
    }));
  }

  /** The calls of this tool, and what looks like a call and cannot be read. Calls of other tools are theirs. */
  #readCalls(text: string): Task[] {
    if (!this.#toolCalls) return [];
    // The usual format alone is looked for here: who uses no other needs no core for a plain text with blocks.
    if (this.#toolCalls.format === 'hermes' && !text.includes('<tool_call>')) return [];
    const { name } = this.schema.function;
    return parseToolCalls(text, this.#toolCalls).calls.flatMap((call): Task[] => {
      if (call.kind === 'unreadable') return [{ refusal: call.reply ?? call.reason, call }];
      if (call.kind !== 'call' || call.name !== name) return [];
      const { arguments: json } = call;
      const reply = replyToToolCall({ name, arguments: json, text: '' }, { tools: [name], wording: 'new' });
      // Without a fault the reply is the tool's text, none here.
      if ('text' in reply && reply.text !== '') return [{ refusal: reply.text, call }];
      return [{ ...this.#readParameters(parse(json)), call }];
    });
  }

  #readParameters(parameters: unknown): Task {
    const {
      code,
      language = 'python',
      timeout,
    } = (parameters ?? {}) as Record<keyof CodeParameters, unknown>;
    if (typeof code !== 'string') return { refusal: 'code: expected a text' };
    const runTimeoutMs = readTimeout(timeout, this.#options.maxRunTimeoutMs ?? 30_000);
    const program = { code, language: String(language ?? 'python') };
    return this.#check(runTimeoutMs === undefined ? program : { ...program, runTimeoutMs });
  }

  /** A program in a language that may run, or what is wrong with it. */
  #check(program: { code: string; language: string; runTimeoutMs?: number }): Task {
    const language = languageOf(program.language);
    if (language !== undefined && this.#languages.includes(language)) {
      return { program: { ...program, language } };
    }
    const known = this.#languages.join(', ');
    return { refusal: `language: expected one of ${known}, found \`${program.language}\`` };
  }

  async #run(task: Task, instance: OpenInstance | undefined, options: WaitOptions): Promise<Execution> {
    const execution = await this.#execute(task, instance, options);
    if (this.#options.reward) instance?.executions.push(execution);
    return execution;
  }

  async #execute(
    task: Task,
    instance: OpenInstance | undefined,
    { signal }: WaitOptions,
  ): Promise<Execution> {
    const call = task.call && { call: task.call };
    if ('refusal' in task) {
      return { ...NOTHING, observation: { text: task.refusal, truncated: false }, ...call };
    }
    const { program, block = null } = task;
    const { stateful, profile } = this.#options;
    const result =
      stateful && instance && program.language === 'python'
        ? await this.#runCell(program, instance, signal)
        : await this.#sandbox.runCode({ ...this.#options.request, ...program }, { signal });
    const observation = observe(result, profile === undefined ? undefined : { profile });
    return { block, language: program.language, result, observation, ...call };
  }

  async #runCell(
    { code, runTimeoutMs }: { code: string; runTimeoutMs?: number },
    instance: OpenInstance,
    signal: AbortSignal | undefined,
  ): Promise<RunResult> {
    const { request: { files, memoryLimitMb, runTimeoutMs: usual } = {} } = this.#options;
    // Nobody would close what is opened now.
    if (instance.isReleased) throw new RunError('invalid_options', 'the instance was released');
    instance.session ??= openSession(this.#sandbox, {
      ...(files && { files }),
      ...(memoryLimitMb !== undefined && { memoryLimitMb }),
    });
    const opening = instance.session;
    const session = await opening.catch((thrown) => {
      // The next execution may find room where this one found none.
      if (instance.session === opening) instance.session = undefined;
      throw thrown;
    });
    const timeoutMs = runTimeoutMs ?? usual;
    const cell = await session.runCell(code, { signal, ...(timeoutMs !== undefined && { timeoutMs }) });
    return describeCell(cell);
  }
}

/**
 * A cell as the run of a program: on standard output what it printed and then what it showed as text, on standard
 * error what it wrote there and then the traceback, without its colours.
 */
function describeCell(cell: CellRun): RunResult {
  const shown = cell.displays
    .map((display) => display['text/plain'])
    .filter((text) => typeof text === 'string');
  const raised = cell.errors.map(({ traceback }) => traceback.join('\n').replaceAll(COLOUR, ''));
  const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');
  const isDone = cell.status === 'finished';
  const exitCode = isDone ? Number(raised.length > 0) : null;
  return {
    status: exitCode === 0 ? 'success' : 'failed',
    message: '',
    compile: null,
    run: {
      status: cell.status,
      executionTimeMs: cell.executionTimeMs,
      exitCode,
      stdout: cell.stdout + lines(shown),
      stderr: cell.stderr + lines(raised),
      stdoutTruncated: false,
      stderrTruncated: false,
    },
    executorPodName: null,
    files: {},
  };
}

/** How a terminal is told of colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins them
const COLOUR = /\u001b\[[0-9;]*m/g;

function describeTool(name: string, description: string): ToolSchema {
  const code = { type: 'string', description: 'The code to execute.' };
  const parameters = { type: 'object', properties: { code }, required: ['code'] };
  return { type: 'function', function: { name, description, parameters } };
}

function readLanguages(wanted: readonly string[] | undefined, known: readonly string[]): readonly string[] {
  return (
    wanted?.map((name) => {
      const language = languageOf(name);
      if (language !== undefined && known.includes(language)) return language;
      const message = `languages: expected ${known.join(', ')}, found \`${name}\``;
      throw new RunError('invalid_options', message);
    }) ?? known
  );
}

/** A time-out in seconds, as models give it, in milliseconds; `undefined` for what is none. */
function readTimeout(timeout: unknown, mostMs: number): number | undefined {
  const seconds = typeof timeout === 'string' ? Number.parseFloat(timeout) : timeout;
  if (typeof seconds !== 'number' || !(seconds > 0)) return undefined;
  return Math.max(1, Math.min(seconds * 1000, mostMs));
}

/** Arguments that verl reads, though JSON has no `NaN`, are no parameters here. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
