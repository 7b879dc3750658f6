// The programs of a step in, what they print now out, beside what was recorded. The command line and the viewer run alike.

import { observe } from './observe.js';
import { isIdentical } from './rollout.js';
import type { PhaseResult, RolloutStep, RunResult } from './types.js';

/** A program of a step. */
export type StepProgram = NonNullable<RolloutStep['program']>;

/** What became of the programs of a step. */
export interface Rerun {
  /** What they print together. */
  observed: string;
  /** Whether that is what was recorded; `undefined` where nothing was. */
  identical: boolean | undefined;
  /** How the last phase of the last one ended, running or compiling; `null` when the sandbox does not say. */
  status: PhaseResult['status'] | null;
  exitCode: number | null;
  /** Of all together. */
  executionTimeMs: number | null;
  /** Of the last one that ran. */
  result: RunResult;
}

/** The programs of a step, in the order in which they run; `null` for a step without any. */
export function listPrograms({ program, further }: RolloutStep): [StepProgram, ...StepProgram[]] | null {
  return program && [program, ...further];
}

/** Runs the programs of a step one after the other, until one fails. */
export async function rerun(
  programs: readonly [StepProgram, ...StepProgram[]],
  recorded: string | null,
  run: (program: StepProgram) => Promise<RunResult>,
): Promise<Rerun> {
  const [first, ...further] = programs;
  let result = await run(first);
  let observed = observe(result).text;
  let executionTimeMs = timeOf(result);
  for (const program of further) {
    if (result.status !== 'success') break;
    result = await run(program);
    observed += observe(result).text;
    const time = timeOf(result);
    executionTimeMs = executionTimeMs === null || time === null ? null : executionTimeMs + time;
  }
  const phase = result.run ?? result.compile;
  const identical = recorded === null ? undefined : isIdentical(recorded, observed);
  const [status, exitCode] = [phase?.status ?? null, phase?.exitCode ?? null];
  return { observed, identical, status, exitCode, executionTimeMs, result };
}

function timeOf({ run, compile }: RunResult): number | null {
  return (run ?? compile)?.executionTimeMs ?? null;
}
