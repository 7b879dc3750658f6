import { SandboxClient } from './client.js';
import type { CodeToolOptions } from './code-tool.js';
import { EmbeddedClient } from './embedded.js';
import { RunError } from './error.js';
import { profiles, readsArguments } from './profiles.js';
import { languageOf } from './select.js';
import { findLoop, type Loop } from './text-agent/loops.js';
import {
  type Found,
  makeReader,
  NOTHING,
  type TextToolCallOptions,
  type TurnReader,
} from './text-agent/readers.js';
import { endTurn, type Generate, readStretch } from './text-agent/turn.js';
import type { PhaseResult, RunResult, Sandbox } from './types.js';

export type { TextToolCallOptions } from './text-agent/readers.js';
export type { Generate, Generated, GeneratedText, GenerateOptions } from './text-agent/turn.js';

/** Options of {@link runTextAgent}. */
export interface TextAgentOptions {
  /** What the model is given. */
  prompt: string;
  /** Continues a text as the model. */
  generate: Generate;
  /** Where programs run, as for a `CodeTool`. Default: in the embedded sandbox. */
  tool?: Pick<CodeToolOptions, 'sandbox' | 'url' | 'client' | 'request'>;
  /**
   * Whose loop it is: one of {@link profiles} that both extracts and observes. Those of verl read tool calls that the
   * model writes in its text. Default `llm`, Fencerun's own: the first block that can run ends the turn, and what it
   * wrote to `stdout` and `stderr` follows in an `output` block.
   */
  profile?: string;
  /** The strings at which generation stops, in place of the profile's. */
  stop?: readonly string[];
  /** How many turns the model has. Default 16. */
  maxTurns?: number;
  /** How long `output` may become, in UTF-16 units. Default 1,048,576. */
  maxLength?: number;
  /**
   * What an observation becomes before it is appended, as where a chat template puts roles around it. Default: itself,
   * and with verl's profiles what Qwen's chat template makes of a tool's answer.
   */
  wrap?: (observation: string) => string;
  /** How tool calls are written and answered, with verl's profiles. */
  toolCalls?: TextToolCallOptions;
  /** The right answer, kept in the record and given to `score`. Default `null`. */
  gts?: unknown;
  /** Whether the rollout is done after a turn, beyond what the framework itself says. Default: never. */
  isDone?: (turn: TextTurn) => boolean;
  /** Scores the output. Default: the score is `null`. */
  score?: (output: string, gts: unknown) => number | Promise<number>;
  /** The training step, kept in the record. Default `null`. */
  step?: number | null;
  /** Aborting rejects with `signal.reason` itself. */
  signal?: AbortSignal | undefined;
}

/** One turn of a rollout. */
export interface TextTurn {
  /** What the model wrote, as it stands in the output. */
  text: string;
  /** The programs that ran, in order. */
  programs: { code: string; language: string }[];
  /** What came of them; `null` when none ran. Of several, what they wrote one after the other. */
  result: RunResult | null;
  /** What was appended; `null` for nothing. */
  observation: string | null;
}

/** A rollout as verl dumps it, one object a line (`input`, `output`, `gts`, `score`, `step`), and what is known besides. */
export interface TextRollout {
  /** What the model was given. With verl's profiles this and `output` are without the special tokens, as in its dumps. */
  input: string;
  /** Everything after the input, observations included. */
  output: string;
  gts: unknown;
  score: number | null;
  step: number | null;
  profile: string;
  /**
   * Why it ended: `done`, the model wrote no program or its answer; `max_turns`; `length`, at a bound on the length;
   * `error`, the sandbox gave no result.
   */
  finish: 'done' | 'max_turns' | 'length' | 'error';
  /** The message of the error that ended it. */
  error: string | null;
  turns: TextTurn[];
}

/**
 * Lets a model without tool calls use the code tool: it writes until a turn ends, its program runs, what the framework
 * would let it read is appended, and it goes on, until it writes no program.
 *
 * A stream of chunks is ended as soon as nothing behind could count: at a stop string, and, where the framework drops
 * what follows the first program, with the end of that.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used. A sandbox that gives no result ends the
 *   rollout, which is then returned with `error`.
 * @throws `signal.reason` itself when the signal is aborted, and whatever `generate` throws.
 */
export async function runTextAgent(options: TextAgentOptions): Promise<TextRollout> {
  const {
    prompt,
    generate,
    profile = 'llm',
    maxTurns = 16,
    maxLength = 1 << 20,
    isDone = () => false,
  } = options;
  const { tool: { sandbox: given, url, client, request } = {}, signal = new AbortController().signal } =
    options;
  checkProfile(profile);
  const loop = withStop(findLoop(profile), options.stop);
  const { wrap = loop.wrap } = options;
  const sandbox: Sandbox =
    given ?? (url === undefined ? new EmbeddedClient() : new SandboxClient({ ...client, url }));
  const reader = makeReader(profile, loop, sandbox.languages, options.toolCalls ?? {});
  const turns: TextTurn[] = [];
  let output = '';
  let finish: TextRollout['finish'] = 'max_turns';
  let error: string | null = null;

  try {
    while (turns.length < maxTurns) {
      signal.throwIfAborted();
      const written = await writeTurn(generate, prompt + output, loop, reader, {
        signal,
        turn: turns.length,
        maxLength: maxLength - output.length,
      });
      const turn: TextTurn = { text: written.text, programs: [], result: null, observation: null };
      turns.push(turn);
      output += written.text;
      if (written.truncated) {
        finish = 'length';
        break;
      }
      const found = written.mayRun
        ? reader.read(loop.readsAll ? output : written.text, written.text)
        : NOTHING;
      error = await runPrograms(found.programs, turn, (program) =>
        sandbox.runCode({ ...request, ...program }, { signal }),
      );
      if (error !== null) {
        finish = 'error';
        break;
      }
      const reply = turn.result ? found.observe(turn.result) : found.reply;
      if (reply !== null) {
        turn.observation = wrap(reply);
        output += turn.observation;
      }
      if (reply === null || loop.ends?.(turn.text, turn.result?.run?.stdout) || isDone(turn)) {
        finish = 'done';
        break;
      }
    }
  } finally {
    // A sandbox of the caller's own is the caller's to close.
    if (!given) await sandbox.close?.();
  }

  const { gts = null, step = null } = options;
  const dumped = loop.dump(output);
  const score = options.score ? await options.score(dumped, gts) : null;
  return { input: loop.dump(prompt), output: dumped, gts, score, step, profile, finish, error, turns };
}

function checkProfile(name: string): void {
  if (name === 'llm') return;
  const usable = profiles()
    .filter((one) => one.extracts && one.observes)
    .map((one) => one.name)
    .filter((one) => !readsArguments(one) || findLoop(one).callsTools);
  if (usable.includes(name)) return;
  const known = ['llm', ...usable].join(', ');
  throw new RunError('invalid_options', `profile: expected one of ${known}, found \`${name}\``);
}

function withStop(loop: Loop, stop: readonly string[] | undefined): Loop {
  return stop === undefined ? loop : { ...loop, stop: [stop] };
}

interface WrittenTurn {
  text: string;
  truncated: boolean;
  mayRun: boolean;
}

/** Lets the model write one turn, through all the stops of the loop. */
async function writeTurn(
  generate: Generate,
  before: string,
  loop: Loop,
  reader: TurnReader,
  { signal, turn, maxLength }: { signal: AbortSignal; turn: number; maxLength: number },
): Promise<WrittenTurn> {
  const sets = loop.stop.length === 0 ? [[]] : loop.stop;
  let text = '';
  for (let index = 0; ; ) {
    const stop = sets[index] ?? [];
    const isLast = index === sets.length - 1;
    const watcher = loop.cuts ? reader.watch() : undefined;
    const stretch = await readStretch(generate, before + text, {
      stop,
      signal,
      turn,
      maxLength: maxLength - text.length,
      watcher,
    }).finally(() => watcher?.free());
    text += endTurn(stretch, loop);
    const { truncated, cut } = stretch;
    const stopped = typeof stretch.stop === 'string';
    if (!truncated && stopped && !isLast) {
      index += 1;
      continue;
    }
    // A marker inside the program is not its end: the model goes on to the next.
    if (!truncated && stopped && sets.length > 1 && reader.read(text, text).programs.length === 0) continue;
    const mayRun = cut || !(loop.needsStop || sets.length > 1) || stretch.stop !== null;
    return { text: loop.rewrite?.(text) ?? text, truncated, mayRun };
  }
}

/**
 * Runs the programs of a turn in order until one fails, and adds what comes of them to the turn. Answers why there is
 * no result, or `null`.
 */
async function runPrograms(
  found: Found['programs'],
  turn: TextTurn,
  run: (program: { code: string; language: string }) => Promise<RunResult>,
): Promise<string | null> {
  for (const { code, language } of found) {
    const program = { code, language: languageOf(language ?? 'python') ?? language ?? 'python' };
    turn.programs.push(program);
    let result: RunResult;
    try {
      result = await run(program);
    } catch (thrown) {
      if (thrown instanceof RunError) return thrown.message;
      throw thrown;
    }
    turn.result = turn.result ? joinResults(turn.result, result) : result;
    if (result.status === 'failed') break;
  }
  return null;
}

/** What programs that ran one after the other come to as one. */
function joinResults(first: RunResult, second: RunResult): RunResult {
  return { ...second, run: joinPhases(first.run, second.run), files: { ...first.files, ...second.files } };
}

function joinPhases(first: PhaseResult | null, second: PhaseResult | null): PhaseResult | null {
  if (!first || !second) return second ?? first;
  return {
    ...second,
    stdout: first.stdout + second.stdout,
    stderr: first.stderr + second.stderr,
    stdoutTruncated: first.stdoutTruncated || second.stdoutTruncated,
    stderrTruncated: first.stderrTruncated || second.stderrTruncated,
  };
}
