import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { pMapIterable } from 'p-map';
import { RunError } from '../error.js';
import { buildFrame, type Frame, fillFrame, isHalfWritten } from '../replayed.js';
import { listPrograms, rerun, type StepProgram } from '../rerun.js';
import { type EntryBytes, MAX_LINE_BYTES, readEntries } from '../rollout-reader.js';
import type { LogFormat, RolloutEntry, RolloutStep, RunResult, Sandbox } from '../types.js';
import { describe, Failure } from './failure.js';
import { readChunks, readSize, readWholeLines } from './input.js';
import { buildRequest, checkProfile, openSandbox, type SandboxOptions } from './options.js';
import { type StepOutcome, writeOutcome } from './outcome.js';
import { isSameFile, LineFile } from './output.js';
import { readFrame } from './replayed.js';
import { ReplayReport } from './report.js';

interface ReplayOptions extends SandboxOptions {
  format?: LogFormat;
  profile?: string;
  limit?: number;
  concurrency?: number;
  retries: number;
  output?: string;
  resume?: boolean;
  verbose?: boolean;
  json?: boolean;
}

/** One entry of a log after its replay. */
export interface ReplayedEntry {
  path: string;
  entry: RolloutEntry;
  /** One for each step of the rollout. */
  outcomes: StepOutcome[];
  /** Whether an earlier replay made the outcomes. */
  isDone: boolean;
}

/** An entry on its way. */
interface Source extends EntryBytes {
  path: string;
  /** What an earlier replay made of it. */
  done: StepOutcome[] | undefined;
  frame: Frame | undefined;
}

/** How many rollouts may wait for a slower one before them, for each program that runs at a time. */
const ROLLOUTS_AHEAD = 16;
/** How many bytes of log they may have together, in bytes: two of the longest lines. */
const MAX_BYTES_AHEAD = 2 * MAX_LINE_BYTES;
/** The wait before a run is tried again, in milliseconds; it doubles each time. */
const RETRY_WAIT_MS = 250;

/** `fencerun replay`: runs the code of recorded rollouts again and compares. */
export async function replayCommand(
  paths: readonly string[],
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<number> {
  checkProfile(options.profile, 'extracts');
  const sandbox = openSandbox(options);
  const sizes = await Promise.all(paths.map(readSize));
  const concurrency = options.concurrency ?? availableParallelism();
  const total = sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const output = await openOutput(paths, options);
  const report = new ReplayReport({
    ...options,
    totalBytes: options.limit === undefined ? total : undefined,
  });
  const room = new Room(MAX_BYTES_AHEAD);
  const replayOne = async (source: Source): Promise<Source & ReplayedEntry> => {
    const outcomes = source.done ?? (await replay(source.entry, sandbox, options, signal));
    return { ...source, outcomes, isDone: source.done !== undefined };
  };
  const logs = readLogs(paths, options, room, (bytes) => report.showBytes(bytes));
  const sources = output && options.resume ? passOverDone(logs, output, options) : logs;
  try {
    const replayed = pMapIterable(sources, replayOne, {
      concurrency,
      backpressure: concurrency * ROLLOUTS_AHEAD,
    });
    for await (const one of replayed) {
      if (output && one.frame && !one.isDone)
        await output.add(fillFrame(one.frame, one.outcomes.map(writeOutcome)));
      report.add(one);
      room.give(sizeOf(one));
    }
    await output?.close();
    return report.finish() ? 0 : 1;
  } catch (thrown) {
    report.finish();
    await output?.close().catch(() => {});
    if (output && !(thrown instanceof Failure)) {
      process.stderr.write(`fencerun: stopped; --resume goes on with ${options.output}\n`);
    }
    throw thrown;
  } finally {
    await sandbox.close?.();
  }
}

async function openOutput(paths: readonly string[], options: ReplayOptions): Promise<LineFile | undefined> {
  const { output, resume = false } = options;
  if (output === undefined) return undefined;
  for (const path of paths) {
    if (await isSameFile(path, output)) throw new Failure(`${output} is one of the logs`);
  }
  return LineFile.open(output, { resumed: resume });
}

async function* readLogs(
  paths: readonly string[],
  options: ReplayOptions,
  room: Room,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Source> {
  let read = 0;
  let count = 0;
  async function* readCounted(path: string): AsyncGenerator<Uint8Array> {
    for await (const chunk of readChunks(path)) {
      read += chunk.length;
      onBytes(read);
      yield chunk;
    }
  }
  const { format, profile, limit } = options;
  const reading = { ...(format && { format }), ...(profile !== undefined && { profile }) };
  for (const path of paths) {
    for await (const one of readEntries(readCounted(path), reading)) {
      await room.take(sizeOf(one));
      const isWritten = options.output !== undefined && !isHalfWritten(one.entry);
      yield { path, ...one, done: undefined, frame: isWritten ? buildFrame(one) : undefined };
      count += 1;
      if (count === limit) return;
    }
  }
}

function sizeOf({ entry: { start, end } }: EntryBytes): number {
  return end - start;
}

/**
 * Adds to the first entries what an earlier replay wrote of them, and cuts off what it wrote of the next one in part.
 *
 * @throws {Failure} when the output was written for other logs.
 */
async function* passOverDone(
  sources: AsyncIterable<Source>,
  output: LineFile,
  { output: path = '', limit }: ReplayOptions,
): AsyncGenerator<Source> {
  const written = readWholeLines(path);
  let bytes = 0;
  let number = 0;
  let isDone = true;
  for await (const source of sources) {
    if (!isDone || source.frame === undefined) {
      yield source;
      continue;
    }
    const lines: Buffer[] = [];
    while (lines.length < source.frame.lines) {
      const next = await written.next();
      if (next.done) break;
      lines.push(next.value);
    }
    if (lines.length < source.frame.lines) {
      await output.cut(bytes);
      isDone = false;
      yield source;
      continue;
    }
    const whole = Buffer.concat(lines);
    const done = readFrame(source.frame, whole, source.entry.rollout?.steps.length ?? 0);
    const place = `its line ${number + 1} is not line ${source.entry.line} of ${source.path}`;
    if (done === undefined) throw new Failure(`cannot go on with ${path}: ${place}`);
    bytes += whole.length;
    number += lines.length;
    yield { ...source, done };
  }
  if (isDone && limit === undefined && !(await written.next()).done) {
    throw new Failure(`cannot go on with ${path}: it has more lines than the logs`);
  }
  if (isDone && limit === undefined) await output.cut(bytes);
  await written.return(undefined);
}

async function replay(
  { rollout }: RolloutEntry,
  sandbox: Sandbox,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const step of rollout?.steps ?? []) {
    outcomes.push(await replayStep(step, sandbox, options, signal));
  }
  return outcomes;
}

async function replayStep(
  step: RolloutStep,
  sandbox: Sandbox,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const [programs, { recorded }] = [listPrograms(step), step];
  if (!programs) return recorded === null ? { kind: 'text' } : { kind: 'no_program' };
  try {
    const run = (program: StepProgram) => runProgram(program, sandbox, options, signal);
    return { kind: 'ran', ...(await rerun(programs, recorded, run)) };
  } catch (thrown) {
    // A sandbox that cannot be reached at all will not be for the next program either.
    if (!isOfOneRun(thrown) || thrown.code === 'network') throw thrown;
    return { kind: 'no_result', message: describe(thrown) };
  }
}

/** Runs one program, again where that may help. */
async function runProgram(
  { code, language }: StepProgram,
  sandbox: Sandbox,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  const request = buildRequest(code, language, options);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await sandbox.runCode(request, { signal });
    } catch (thrown) {
      const mayHelp = isOfOneRun(thrown) && isTransient(thrown) && sandbox.languages.includes(language);
      if (!mayHelp || attempt >= options.retries) throw thrown;
      await wait(RETRY_WAIT_MS * 2 ** attempt, undefined, { signal });
    }
  }
}

/** Whether it tells of one run: any other failure ends the replay. */
function isOfOneRun(thrown: unknown): thrown is RunError {
  return thrown instanceof RunError && thrown.code !== 'invalid_options';
}

/** Whether the same run may give a result another time. */
function isTransient({ code, status = 0 }: RunError): boolean {
  return code === 'http' ? status >= 500 || status === 429 : code !== 'too_large';
}

/** Bounds how many bytes are on their way. One that is larger than the bound goes alone. */
class Room {
  readonly #bytes: number;
  #taken = 0;
  #wake: (() => void) | undefined;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  async take(bytes: number): Promise<void> {
    while (this.#taken > 0 && this.#taken + bytes > this.#bytes) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#taken += bytes;
  }

  give(bytes: number): void {
    this.#taken -= bytes;
    this.#wake?.();
  }
}
