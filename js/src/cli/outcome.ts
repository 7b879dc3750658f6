import type { WrittenOutcome } from '../replayed.js';
import type { Rerun } from '../rerun.js';
import type { RunResult } from '../types.js';

/** What became of one step of a rollout. */
export type StepOutcome =
  /** The model only wrote, and nothing was recorded. */
  | { kind: 'text' }
  /** An observation was recorded, but the step has no code to run. */
  | { kind: 'no_program' }
  /** The sandbox gave no result. */
  | { kind: 'no_result'; message: string }
  /** The program ran, or its programs did. */
  | Ran;

interface Ran extends Pick<Rerun, 'observed' | 'identical' | 'status' | 'exitCode'> {
  kind: 'ran';
  /** `undefined` for a run that an earlier replay made. */
  result: RunResult | undefined;
}

/** The word for an outcome. */
export function nameOutcome(outcome: StepOutcome): WrittenOutcome['outcome'] {
  if (outcome.kind !== 'ran') return outcome.kind;
  if (outcome.identical === undefined) return 'unrecorded';
  return outcome.identical ? 'identical' : 'different';
}

export function writeOutcome(outcome: StepOutcome): WrittenOutcome {
  if (outcome.kind === 'no_result') return { outcome: outcome.kind, message: outcome.message };
  if (outcome.kind !== 'ran') return { outcome: outcome.kind };
  const { observed, status, exitCode } = outcome;
  const name = nameOutcome(outcome) as 'identical' | 'different' | 'unrecorded';
  return { outcome: name, observed, status, exit_code: exitCode };
}

/** The outcome that was written so. */
export function readOutcome(written: WrittenOutcome): StepOutcome {
  switch (written.outcome) {
    case 'text':
    case 'no_program':
      return { kind: written.outcome };
    case 'no_result':
      return { kind: 'no_result', message: written.message };
    default: {
      const identical = written.outcome === 'unrecorded' ? undefined : written.outcome === 'identical';
      const { observed, status, exit_code: exitCode } = written;
      return { kind: 'ran', observed, identical, status, exitCode, result: undefined };
    }
  }
}
