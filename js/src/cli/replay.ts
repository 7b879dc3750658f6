import { availableParallelism } from 'node:os';
import { pMapIterable } from 'p-map';
import { RunError } from '../error.js';
import { observe } from '../observe.js';
import { isIdentical, readRolloutLine } from '../rollout.js';
import type { Rollout, RolloutStep, RunResult, Sandbox } from '../types.js';
import { describe } from './failure.js';
import { type Line, readLines, readSize } from './input.js';
import { buildRequest, openSandbox, type SandboxOptions } from './options.js';
import { ReplayReport } from './report.js';

interface ReplayOptions extends SandboxOptions {
  limit?: number;
  concurrency?: number;
  verbose?: boolean;
  json?: boolean;
}

/** What became of one step of a rollout. */
export type StepOutcome =
  /** The model only wrote, and nothing was recorded. */
  | { kind: 'text' }
  /** An observation was recorded, but the step has no code to run. */
  | { kind: 'no_program' }
  /** The sandbox gave no result. */
  | { kind: 'no_result'; message: string }
  /** The program ran; `identical` is `undefined` when the log has nothing to compare with. */
  | { kind: 'ran'; observed: string; identical: boolean | undefined; result: RunResult };

/** One line of a log after its replay. */
export interface ReplayedLine {
  path: string;
  line: Line;
  /** `undefined` when the line could not be read, and `fault` says why. */
  rollout: Rollout | undefined;
  fault: string | undefined;
  outcomes: StepOutcome[];
}

/** How many lines may wait for a slower one before them, for each program that runs at a time. */
const LINES_AHEAD = 16;

/** `fencerun replay`: runs the code of recorded rollouts again and compares. */
export async function replayCommand(
  paths: readonly string[],
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<number> {
  const sizes = await Promise.all(paths.map(readSize));
  const concurrency = options.concurrency ?? availableParallelism();
  const total = sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const report = new ReplayReport({
    ...options,
    totalBytes: options.limit === undefined ? total : undefined,
  });
  const sandbox = openSandbox(options);
  const replayLine = ({ path, line }: Source): Promise<ReplayedLine> =>
    replay(path, line, sandbox, options, signal);
  const lines = readLogs(paths, options.limit, (bytes) => report.showBytes(bytes));
  try {
    const replayed = pMapIterable(lines, replayLine, {
      concurrency,
      backpressure: concurrency * LINES_AHEAD,
    });
    for await (const line of replayed) report.add(line);
    return report.finish() ? 0 : 1;
  } catch (thrown) {
    report.finish();
    throw thrown;
  } finally {
    await sandbox.close?.();
  }
}

interface Source {
  path: string;
  line: Line;
}

async function* readLogs(
  paths: readonly string[],
  limit: number | undefined,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Source> {
  let before = 0;
  let count = 0;
  for (const path of paths) {
    let read = 0;
    const lines = readLines(path, (bytes) => {
      read = bytes;
      onBytes(before + bytes);
    });
    for await (const line of lines) {
      if (line.text?.trim() === '') continue;
      yield { path, line };
      count += 1;
      if (count === limit) return;
    }
    before += read;
  }
}

async function replay(
  path: string,
  line: Line,
  sandbox: Sandbox,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<ReplayedLine> {
  const unreadable = (fault: string): ReplayedLine => ({
    path,
    line,
    rollout: undefined,
    fault,
    outcomes: [],
  });
  if (line.text === undefined) return unreadable(line.fault ?? 'it cannot be read');
  let rollout: Rollout;
  try {
    rollout = readRolloutLine(line.text);
  } catch (thrown) {
    return unreadable(thrown instanceof Error ? thrown.message : String(thrown));
  }
  const outcomes: StepOutcome[] = [];
  for (const step of rollout.steps) {
    outcomes.push(await replayStep(step, sandbox, options, signal));
  }
  return { path, line, rollout, fault: undefined, outcomes };
}

async function replayStep(
  { program, recorded }: RolloutStep,
  sandbox: Sandbox,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<StepOutcome> {
  if (!program) return recorded === null ? { kind: 'text' } : { kind: 'no_program' };
  try {
    const request = buildRequest(program.code, program.language, options);
    const result = await sandbox.runCode(request, { signal });
    const { text } = observe(result);
    const identical = recorded === null ? undefined : isIdentical(recorded, text);
    return { kind: 'ran', observed: text, identical, result };
  } catch (thrown) {
    // A sandbox that cannot be reached or used at all will not be so for the next program either.
    const isFatal =
      !(thrown instanceof RunError) || thrown.code === 'network' || thrown.code === 'invalid_options';
    if (isFatal) throw thrown;
    return { kind: 'no_result', message: describe(thrown) };
  }
}
