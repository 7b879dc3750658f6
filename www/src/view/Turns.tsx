// What each role wrote, in order; the model's turns as their steps.

import type { Rollout, RolloutCall, RolloutStep, RolloutTurn } from 'fencerun';
import { useMemo } from 'preact/hooks';
import { REPLAY_MEMBER } from '../../../js/src/replayed.js';
import { describeApart } from '../model/pieces.js';
import type { StepRun } from '../model/replay.js';
import { readReplayed } from '../model/replayed.js';
import { StepMarks } from './Annotate.js';
import { CallBody, CallTitle } from './Call.js';
import { useApp } from './context.js';
import { formatValue } from './format.js';
import { Marked } from './Marked.js';
import { Observation } from './Observation.js';
import { Prose } from './Prose.js';
import { Raw } from './Raw.js';
import { Step } from './Step.js';

/** A longer prompt is closed at first. */
const MAX_OPEN_CHARS = 2000;

/** What the model was given. */
export function Prompt({ rollout }: { rollout: Rollout }) {
  const given = rollout.turns.filter((turn) => turn.given);
  if (given.every(({ text }) => text.trim() === '')) return null;
  return (
    <details class="prompt" open={rollout.input.length < MAX_OPEN_CHARS}>
      <summary>prompt</summary>
      {given.map((turn, index) => (
        <Turn key={index} turn={turn} />
      ))}
    </details>
  );
}

export function Turns({ row, rollout }: { row: number; rollout: Rollout }) {
  const { turns, steps } = rollout;
  const earlier = useMemo(() => readReplayed(rollout), [rollout]);
  const ofTurn = (index: number) => steps.flatMap((step, place) => (step.turn === index ? [place] : []));
  const show = (list: ReturnType<typeof ofTurn>) =>
    list.map((place) => (
      <OneStep key={place} row={row} index={place} rollout={rollout} earlier={earlier?.[place]} />
    ));
  return (
    <>
      {turns.map((turn, index) => {
        const own = ofTurn(index);
        if (own.length > 0) {
          return (
            <div key={index} class="turn">
              <Thinking text={turn.thinking} />
              {show(own)}
            </div>
          );
        }
        return turn.given || isRecorded(turn, index, steps) ? null : <Turn key={index} turn={turn} />;
      })}
      {show(steps.flatMap((step, place) => (turns[step.turn] ? [] : [place])))}
    </>
  );
}

/** Whether a turn is shown already, as the observation of the step before it. */
function isRecorded({ role, text }: RolloutTurn, index: number, steps: readonly RolloutStep[]): boolean {
  const before = steps.filter((step) => step.turn < index && step.recorded !== null);
  return before.some(({ recorded }) => role === 'tool' || text.includes(recorded?.trim() || text));
}

function Turn({ turn }: { turn: RolloutTurn }) {
  const { mode } = useApp().settings.value;
  return (
    <div class="turn" data-role={turn.role}>
      <div class="role">{turn.role}</div>
      <Thinking text={turn.thinking} />
      {mode === 'raw' ? (
        <pre class="raw" tabIndex={0}>
          <Marked text={turn.text} />
        </pre>
      ) : (
        <Prose text={turn.text} />
      )}
      {turn.calls.map((call, place) => (
        <GivenCall key={place} call={call} />
      ))}
    </div>
  );
}

function Thinking({ text }: { text: string | null }) {
  if (text === null || text.trim() === '') return null;
  return (
    <details class="thinking">
      <summary>thoughts</summary>
      <Prose text={text} />
    </details>
  );
}

/** A call that nobody runs here: it is part of what the model was given. */
function GivenCall({ call }: { call: RolloutCall }) {
  const shown = useMemo(() => describeApart(call), [call]);
  return (
    <div class="card">
      <CallTitle call={shown} />
      <CallBody call={shown} text="" />
    </div>
  );
}

interface OneStepProps {
  row: number;
  index: number;
  rollout: Rollout;
  earlier: StepRun | undefined;
}

function OneStep({ row, index, rollout, earlier }: OneStepProps) {
  const app = useApp();
  const isChosen = index === app.step.value;
  if (app.settings.value.mode === 'rendered') {
    return <Step row={row} index={index} rollout={rollout} earlier={earlier} isChosen={isChosen} />;
  }
  const recorded = rollout.steps[index]?.recorded ?? null;
  return (
    <section data-step={index + 1} class={`step ${isChosen ? 'chosen' : ''}`}>
      <Raw rollout={rollout} index={index} />
      <Observation row={row} index={index} recorded={recorded} earlier={earlier} />
      <StepMarks row={row} index={index} />
    </section>
  );
}

/** The longest value that is shown of a field, in characters. */
const MAX_VALUE_CHARS = 5000;

/** What the log has beside the texts: ground truth, reward extras, identifiers. */
export function Fields({ rollout }: { rollout: Rollout }) {
  const { format, id, group, extras } = rollout;
  // What the steps show is no field.
  const isShown = (name: string) => name === REPLAY_MEMBER && readReplayed(rollout) !== null;
  const fields = Object.entries({ format, id, task: group, ...extras }).filter(
    ([name, value]) => value !== null && !isShown(name),
  );
  return (
    <details class="fields">
      <summary>fields</summary>
      <table>
        <tbody>
          {fields.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <Marked text={name} />
              </th>
              <td>
                <Marked text={formatValue(value).slice(0, MAX_VALUE_CHARS)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
