// What was recorded of a step, and what came out now.

import type { StepRun } from '../model/replay.js';
import { useApp } from './context.js';
import { Diff } from './Diff.js';
import { Marked } from './Marked.js';

const STATES: Record<StepRun['state'], string> = {
  same: 'the same as recorded',
  differs: 'differs from what was recorded',
  new: 'nothing was recorded',
  failed: 'no result',
};

function describeRun({ exitCode, status, executionTimeMs, edited }: StepRun, isEarlier: boolean): string {
  const isStopped = status === 'time_limit_exceeded';
  const facts = [isEarlier ? 'in an earlier replay' : ''];
  facts.push(isStopped ? 'stopped at the time-out' : exitCode === null ? '' : `exit code ${exitCode}`);
  if (executionTimeMs !== null) facts.push(`${executionTimeMs.toFixed(0)} ms`);
  if (edited !== null) facts.push('edited code');
  return facts.filter((fact) => fact !== '').join(' · ');
}

interface ObservationProps {
  row: number;
  index: number;
  recorded: string | null;
  earlier: StepRun | undefined;
}

/** What was recorded of a step, and what came out now, or when the log was last replayed. */
export function Observation({ row, index, recorded, earlier }: ObservationProps) {
  const app = useApp();
  void app.running.count.value;
  const now = app.running.runs.get(row, index);
  const run = now ?? earlier;
  const isRunning = app.running.steps.value.has(`${row}:${index}`);
  if (recorded === null && !run && !isRunning) return null;
  const isDiff = run !== undefined && recorded !== null && run.state === 'differs';
  return (
    <div class="observations">
      {recorded !== null && !isDiff && (
        <div class="observation recorded">
          <div class="title">recorded observation</div>
          <pre tabIndex={0}>
            <Marked text={recorded} />
          </pre>
        </div>
      )}
      {isRunning && <div class="observation title">running…</div>}
      {run && (
        <div class={`observation ${run.state}`} data-state={run.state}>
          <div class="title">
            <span class={`dot ${run.state}`} /> {STATES[run.state]}
            <span class="facts">{describeRun(run, now === undefined)}</span>
          </div>
          {isDiff && recorded !== null && <Diff recorded={recorded} observed={run.text} />}
          {!isDiff && run.state !== 'same' && (
            <pre tabIndex={0}>
              <Marked text={run.text} />
            </pre>
          )}
        </div>
      )}
    </div>
  );
}
