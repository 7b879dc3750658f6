// A rollout in, what an earlier replay wrote beside it out: the member `replay` of `fencerun replay -o`.

import type { Rollout } from 'fencerun';
import { REPLAY_MEMBER } from '../../../js/src/replayed.js';
import type { StepRun } from './replay.js';

type Fields = Record<string, unknown>;

const STATES: Readonly<Record<string, StepRun['state']>> = {
  identical: 'same',
  different: 'differs',
  unrecorded: 'new',
  no_result: 'failed',
};
const STATUSES: ReadonlySet<unknown> = new Set(['finished', 'error', 'time_limit_exceeded']);

/** What became of each step that ran; `null` when the rollout has no such member, or one of another shape. */
export function readReplayed({ extras, steps }: Rollout): (StepRun | undefined)[] | null {
  const outcomes = extras[REPLAY_MEMBER];
  if (!Array.isArray(outcomes) || outcomes.length !== steps.length) return null;
  const isOutcome = (one: unknown) => typeof one === 'object' && one !== null && 'outcome' in one;
  return outcomes.every(isOutcome) ? outcomes.map(readRun) : null;
}

function readRun(outcome: Fields): StepRun | undefined {
  const { outcome: name, observed, message, status, exit_code: exitCode, edited_code: edited } = outcome;
  const state = STATES[String(name)];
  const text = state === 'failed' ? message : observed;
  if (!state || typeof text !== 'string') return undefined;
  return {
    state,
    text,
    status: STATUSES.has(status) ? (status as StepRun['status']) : null,
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    executionTimeMs: null,
    edited: typeof edited === 'string' ? edited : null,
  };
}
