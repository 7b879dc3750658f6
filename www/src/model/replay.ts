// The programs of rollouts, run again one after the other, and what became of each.

import type { PhaseResult, RolloutStep } from 'fencerun';
import { listPrograms, type StepProgram } from '../../../js/src/rerun.js';

/** What became of the programs of a step. */
export interface StepRun {
  /** `same`: the observation is the recorded one. `new`: nothing was recorded. `failed`: the run gave no result. */
  state: 'same' | 'differs' | 'new' | 'failed';
  /** The new observation; of a `failed` run the reason. */
  text: string;
  /** The exit code; `null` for a program that was stopped. */
  exitCode: number | null;
  /** How its last phase ended; `null` when the sandbox does not say, and for a `failed` run. */
  status: PhaseResult['status'] | null;
  /** In milliseconds. */
  executionTimeMs: number | null;
  /** The code that ran, when it is not the recorded one. */
  edited: string | null;
}

/** Runs the programs of a step. Rejects when the signal is aborted, and when no program can run at all. */
export type RunStep = (
  programs: readonly [StepProgram, ...StepProgram[]],
  recorded: string | null,
  signal: AbortSignal,
) => Promise<StepRun>;

export interface Summary {
  rollouts: number;
  programs: number;
  same: number;
  differs: number;
  new: number;
  failed: number;
  unreadable: number;
}

export const NO_SUMMARY: Summary = {
  rollouts: 0,
  programs: 0,
  same: 0,
  differs: 0,
  new: 0,
  failed: 0,
  unreadable: 0,
};

/** All runs of the page, by row and step. */
export class Runs {
  readonly #byRow = new Map<number, Map<number, StepRun>>();

  get(row: number, step: number): StepRun | undefined {
    return this.#byRow.get(row)?.get(step);
  }

  set(row: number, step: number, run: StepRun) {
    const runs = this.#byRow.get(row) ?? new Map<number, StepRun>();
    runs.set(step, run);
    this.#byRow.set(row, runs);
  }

  differs(row: number): boolean {
    return [...(this.#byRow.get(row)?.values() ?? [])].some(
      ({ state }) => state === 'differs' || state === 'failed',
    );
  }

  /** The worst of a row's runs; `undefined` when none ran. */
  state(row: number): StepRun['state'] | undefined {
    const states = new Set([...(this.#byRow.get(row)?.values() ?? [])].map(({ state }) => state));
    return (['failed', 'differs', 'new', 'same'] as const).find((state) => states.has(state));
  }

  /** The runs of a row by step; `null` when it was not run. */
  ofRow(row: number): ReadonlyMap<number, StepRun> | null {
    return this.#byRow.get(row) ?? null;
  }

  /** Takes note that a row was run whole, also where there was nothing to run. */
  finish(row: number) {
    if (!this.#byRow.has(row)) this.#byRow.set(row, new Map());
  }

  *entries(): Generator<[row: number, step: number, run: StepRun]> {
    for (const [row, runs] of [...this.#byRow].sort((left, right) => left[0] - right[0])) {
      for (const [step, run] of [...runs].sort((left, right) => left[0] - right[0])) yield [row, step, run];
    }
  }

  get size() {
    return this.#byRow.size;
  }

  /** Forgets the runs of a row, but for those of the steps that are still what they were. */
  forget(row: number, isSame: (step: number) => boolean = () => false) {
    const runs = this.#byRow.get(row);
    for (const step of [...(runs?.keys() ?? [])]) if (!isSame(step)) runs?.delete(step);
    if (runs?.size === 0) this.#byRow.delete(row);
  }

  clear() {
    this.#byRow.clear();
  }
}

export interface ReplayOptions {
  rows: ArrayLike<number>;
  /** The steps of a row; rejects when its line cannot be read. */
  readSteps(row: number): Promise<RolloutStep[]>;
  runStep: RunStep;
  concurrency: number;
  signal: AbortSignal;
  /** Waits while the replay is paused. */
  whenGoing(): Promise<void>;
  onRun(row: number, step: number, run: StepRun): void;
  /** Hears of a row that was read and all of whose programs ran. */
  onFinished(row: number): void;
  onSummary(summary: Summary): void;
}

/** Runs every program of the rows, several rows at a time, the steps of a row in their order. What rejects ends it. */
export async function replay(options: ReplayOptions): Promise<Summary> {
  const { rows, readSteps, runStep, concurrency, signal, whenGoing, onRun, onFinished, onSummary } = options;
  const summary = { ...NO_SUMMARY };
  let next = 0;
  const work = async () => {
    while (next < rows.length) {
      const row = rows[next++] as number;
      await whenGoing();
      signal.throwIfAborted();
      const steps = await readSteps(row).catch(() => null);
      if (steps === null) summary.unreadable += 1;
      for (const [index, step] of (steps ?? []).entries()) {
        const programs = listPrograms(step);
        if (!programs) continue;
        const run = await runStep(programs, step.recorded, signal);
        summary.programs += programs.length;
        summary[run.state] += 1;
        onRun(row, index, run);
      }
      if (steps) onFinished(row);
      summary.rollouts += 1;
      onSummary({ ...summary });
    }
  };
  const workUntilFailed = () =>
    work().catch((thrown) => {
      next = rows.length;
      throw thrown;
    });
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, workUntilFailed));
  return summary;
}
