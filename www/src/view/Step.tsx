// One step: what the model wrote, its code with the means to run it, what was recorded and what came out now.

import type { Block, RolloutStep } from 'fencerun';
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { codeOf, cutPieces, lengthOf, listCalls, type Piece } from '../model/pieces.js';
import { type Fate, layOver, readAs } from '../model/profile.js';
import type { StepRun } from '../model/replay.js';
import { StepMarks } from './Annotate.js';
import { Code } from './Code.js';
import { useApp } from './context.js';
import { Diff } from './Diff.js';
import { Marked } from './Marked.js';
import { Prose } from './Prose.js';

const Editor = lazy(() => import('./Editor.js'));

interface StepProps {
  row: number;
  index: number;
  step: RolloutStep;
  /** What an earlier replay made of it. */
  earlier: StepRun | undefined;
  isChosen: boolean;
}

export function Step({ row, index, step, earlier, isChosen }: StepProps) {
  const app = useApp();
  const { profile } = app.settings.value;
  const pieces = useMemo(() => cutPieces(step.text), [step.text]);
  const laid = useMemo(() => layProfile(step.text, pieces, profile), [pieces, profile]);
  const isRunning = app.running.steps.value.has(`${row}:${index}`);
  const { program } = step;
  // The last piece whose code is the program: frameworks that run one of several run the first or the last, and equal ones are one.
  const runs = pieces.findIndex((piece) => codeOf(piece) !== null && codeOf(piece) === program?.code);
  const common = { row, index, isRunning, runsBy: app.runsBy.value };
  return (
    <section
      class={`step ${isChosen ? 'chosen' : ''}`}
      id={`step-${index + 1}`}
      aria-label={`step ${index + 1}`}
      onFocusCapture={() => void app.choose(row, index)}
    >
      {pieces.map((piece, place) =>
        piece.kind === 'prose' ? (
          <Prose key={piece.at} text={piece.text} />
        ) : (
          <CodeCard
            key={piece.at}
            {...common}
            title={piece.kind === 'block' ? piece.block.info || 'untagged' : 'tool call'}
            facts={piece.kind === 'block' ? describeBlock(piece.block) : []}
            fate={laid?.fates.get(piece)}
            code={codeOf(piece) ?? (piece.kind === 'call' ? piece.text : '')}
            language={piece.kind === 'block' ? piece.block.lang : 'python'}
            runs={place === runs}
          />
        ),
      )}
      {listOthers(laid, runs < 0 ? program : null).map((other) => (
        <CodeCard key={`other ${other.fate?.text}`} {...common} {...other} title={other.language ?? 'code'} />
      ))}
      {laid?.nothing && <p class="fate passed">{laid.nothing}</p>}
      <Observation row={row} index={index} recorded={step.recorded} earlier={earlier} />
      <StepMarks row={row} index={index} />
    </section>
  );
}

/** What a profile makes of a piece of code, in words. */
interface ShownFate {
  kind: Fate['kind'];
  text: string;
}

/** What a profile makes of a step. */
interface Laid {
  fates: Map<Piece, ShownFate>;
  /** The programs that are no piece of the step as it stands. */
  others: { code: string; language: string | null; fate: ShownFate }[];
  nothing: string | null;
}

/** What a profile makes of the pieces of a text; `null` for the one that they were cut by. */
function layProfile(text: string, pieces: readonly Piece[], profile: string): Laid | null {
  if (profile === 'llm') return null;
  const reading = readAs(text, profile, listCalls(pieces));
  const coded = pieces.flatMap((piece) => {
    const [code, end] = [codeOf(piece), piece.at + lengthOf(piece)];
    return code === null ? [] : [{ piece, at: piece.at, end, code }];
  });
  const { pieces: fates, others } = layOver(coded, reading);
  const describe = (fate: Fate): ShownFate => {
    return { kind: fate.kind, text: describeFate(fate, profile, reading.programs.length) };
  };
  return {
    fates: new Map(coded.map(({ piece }, place) => [piece, describe(fates[place] ?? { kind: 'passed' })])),
    others: others.flatMap((number) => {
      const program = reading.programs[number - 1];
      const fate = describe({ kind: 'runs', number });
      return program ? [{ code: program.code, language: program.language, fate }] : [];
    }),
    nothing: reading.nothing && `${profile} would run ${reading.nothing}`,
  };
}

function describeFate(fate: Fate, profile: string, count: number): string {
  if (profile === 'commonmark') {
    const words = { runs: 'a block of commonmark', part: 'another block in commonmark' };
    return fate.kind === 'passed' ? 'no block of commonmark' : words[fate.kind];
  }
  if (fate.kind === 'passed') return `${profile} would not run this`;
  if (fate.kind === 'part') return `part of what ${profile} would run`;
  return `${profile} would run this${count > 1 ? `, ${fate.number} of ${count}` : ''}`;
}

interface Other {
  code: string;
  language: string | null;
  facts: string[];
  fate: ShownFate | undefined;
  runs: boolean;
}

/** The code that a step has beside its pieces: what a profile would run, and the program of the step where it is none of them. */
function listOthers(laid: Laid | null, program: RolloutStep['program']): Other[] {
  const others = (laid?.others ?? []).map(({ code, language, fate }) => {
    return { code, language, fate, facts: ['as it would run'], runs: code === program?.code };
  });
  if (!program || others.some(({ runs }) => runs)) return others;
  return [...others, { ...program, fate: undefined, facts: ['as it ran'], runs: true }];
}

function describeBlock({ closed, repairs, depth }: Block): string[] {
  const facts = repairs.map((repair) => repair.replaceAll('_', ' '));
  if (!closed) facts.push('not closed');
  if (depth > 0) facts.push(`depth ${depth}`);
  return facts;
}

interface CodeCardProps {
  row: number;
  index: number;
  title: string;
  facts: string[];
  /** What the chosen profile makes of it. */
  fate: ShownFate | undefined;
  code: string;
  language: string | null;
  /** Whether it is the program of the step. */
  runs: boolean;
  /** The profile that says so; `null` when the log's own rules do. */
  runsBy: string | null;
  /** Whether the program of the step is running. */
  isRunning: boolean;
}

function CodeCard({
  row,
  index,
  title,
  facts,
  fate,
  code,
  language,
  runs,
  runsBy,
  isRunning,
}: CodeCardProps) {
  const app = useApp();
  const isEdited = runs && app.editing.value && app.selectedRow === row && app.step.value === index;
  const edited = useRef(app.running.runs.get(row, index)?.edited ?? code);
  const editButton = useRef<HTMLButtonElement>(null);
  const wasEdited = useRef(false);
  useEffect(() => {
    // The editor had the focus and is gone.
    if (wasEdited.current && !isEdited && document.activeElement === document.body)
      editButton.current?.focus();
    wasEdited.current = isEdited;
  }, [isEdited]);
  return (
    <div class={`card ${runs ? 'runs' : ''} ${fate?.kind === 'passed' ? 'passed' : ''}`}>
      <div class="title">
        <strong>{title}</strong>
        {facts.map((fact) => (
          <span key={fact} class="fact">
            {fact}
          </span>
        ))}
        {fate && <span class={`fate ${fate.kind}`}>{fate.text}</span>}
        {runs && (
          <span class="actions">
            <span class="facts">{runsBy === null ? 'as logged' : `by ${runsBy}`}</span>
            <button
              ref={editButton}
              type="button"
              title={isEdited ? 'close the editor (Esc)' : 'edit the code (e)'}
              onClick={async () => {
                await app.choose(row, index);
                app.editing.value = !isEdited;
              }}
            >
              {isEdited ? 'close' : 'edit'}
            </button>
            <button
              type="button"
              class="primary"
              disabled={isRunning}
              title={`run what ${runsBy ?? 'the log'} runs (r)`}
              onClick={async () => {
                await app.choose(row, index);
                await app.running.runStep(isEdited ? edited.current : null);
              }}
            >
              {isRunning ? 'running…' : 'run'}
            </button>
          </span>
        )}
      </div>
      {isEdited ? (
        <Suspense fallback={<Code code={code} language={language} />}>
          <Editor
            code={edited.current}
            language={language ?? 'python'}
            onChange={(text) => {
              edited.current = text;
            }}
            onRun={() => void app.running.runStep(edited.current)}
            onClose={() => {
              app.editing.value = false;
            }}
          />
        </Suspense>
      ) : (
        <Code code={code} language={language} />
      )}
    </div>
  );
}

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
