// One step: what the model wrote, its code with the means to run it, what was recorded and what came out now.

import type { Block, Rollout, RolloutStep } from 'fencerun';
import { useMemo } from 'preact/hooks';
import { listPrograms } from '../../../js/src/rerun.js';
import { codeOf, cutPieces, endOf, listCalls, type Piece, type ShownCall } from '../model/pieces.js';
import { type Fate, layOver, readAs } from '../model/profile.js';
import type { StepRun } from '../model/replay.js';
import { StepMarks } from './Annotate.js';
import { CallArguments, CallBody, CallTitle } from './Call.js';
import { CodeCard, type ShownFate } from './CodeCard.js';
import { useApp } from './context.js';
import { Observation } from './Observation.js';
import { Prose } from './Prose.js';

interface StepProps {
  row: number;
  index: number;
  rollout: Rollout;
  /** What an earlier replay made of it. */
  earlier: StepRun | undefined;
  isChosen: boolean;
}

export function Step({ row, index, rollout, earlier, isChosen }: StepProps) {
  const app = useApp();
  const { profile } = app.settings.value;
  const step = rollout.steps[index];
  const pieces = useMemo(() => cutPieces(rollout, index), [rollout, index]);
  const laid = useMemo(() => layProfile(step?.text ?? '', pieces, profile), [pieces, profile]);
  const isRunning = app.running.steps.value.has(`${row}:${index}`);
  const runs = useMemo(() => findRunning(step, pieces), [step, pieces]);
  const common = { row, index, isRunning, runsBy: app.runsBy.value };
  return (
    <section
      class={`step ${isChosen ? 'chosen' : ''}`}
      data-step={index + 1}
      aria-label={`step ${index + 1}`}
      onFocusCapture={() => void app.choose(row, index)}
    >
      {pieces.map((piece) => {
        if (piece.kind === 'prose') return <Prose key={piece.at} text={piece.text} />;
        const code = codeOf(piece);
        const shared = { ...common, fate: laid?.fates.get(piece), runs: runs.ofPieces.get(piece) ?? null };
        if (piece.kind === 'block') {
          const { block } = piece;
          return (
            <CodeCard
              key={piece.at}
              {...shared}
              title={block.info || 'untagged'}
              facts={describeBlock(block)}
              code={block.code}
              language={block.lang}
            />
          );
        }
        if (code === null) return <PlainCall key={`call ${piece.at}`} text={piece.text} call={piece.call} />;
        return (
          <CodeCard
            key={`call ${piece.at}`}
            {...shared}
            title={piece.call.name || 'tool call'}
            kind={piece.call.format ?? 'tool call'}
            facts={[]}
            code={code}
            language={piece.call.program?.language ?? null}
          >
            <CallArguments call={piece.call} />
          </CodeCard>
        );
      })}
      {listOthers(laid, runs.others).map(({ key, ...other }) => (
        <CodeCard key={`other ${key}`} {...common} {...other} title={other.language ?? 'code'} />
      ))}
      {laid?.nothing && <p class="fate passed">{laid.nothing}</p>}
      <Observation row={row} index={index} recorded={step?.recorded ?? null} earlier={earlier} />
      <StepMarks row={row} index={index} />
    </section>
  );
}

/** A call that has nothing to run. */
function PlainCall({ text, call }: { text: string; call: ShownCall }) {
  return (
    <div class={`card ${call.fault ? 'faulty' : ''}`}>
      <CallTitle call={call} />
      <CallBody call={call} text={text} />
    </div>
  );
}

type Runs = 'first' | 'further';

/** What of a step runs. */
interface Running {
  ofPieces: Map<Piece, Runs>;
  /** The programs that are no piece as it stands. */
  others: { code: string; language: string; runs: Runs }[];
}

/** Lays the programs of a step over its pieces: each is the first with its code that no other one is. */
function findRunning(step: RolloutStep | undefined, pieces: readonly Piece[]): Running {
  const running: Running = { ofPieces: new Map(), others: [] };
  for (const [place, program] of ((step && listPrograms(step)) ?? []).entries()) {
    const runs = place === 0 ? 'first' : 'further';
    const piece = pieces.find((one) => !running.ofPieces.has(one) && codeOf(one) === program.code);
    if (piece) running.ofPieces.set(piece, runs);
    else running.others.push({ ...program, runs });
  }
  return running;
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
    const [code, end] = [codeOf(piece), endOf(piece)];
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
  key: string;
  code: string;
  language: string | null;
  facts: string[];
  fate: ShownFate | undefined;
  runs: Runs | null;
}

/** The code that a step has beside its pieces: what a profile would run, and its programs that are none of them. */
function listOthers(laid: Laid | null, programs: Running['others']): Other[] {
  const left = [...programs];
  const others = (laid?.others ?? []).map(({ code, language, fate }): Other => {
    const place = left.findIndex((program) => program.code === code);
    const [program] = place < 0 ? [] : left.splice(place, 1);
    return { key: fate.text, code, language, fate, facts: ['as it would run'], runs: program?.runs ?? null };
  });
  const ran = left.map((program, place): Other => {
    return { key: `${place}`, ...program, fate: undefined, facts: ['as it ran'] };
  });
  return [...others, ...ran];
}

function describeBlock({ closed, repairs, depth }: Block): string[] {
  const facts = repairs.map((repair) => repair.replaceAll('_', ' '));
  if (!closed) facts.push('not closed');
  if (depth > 0) facts.push(`depth ${depth}`);
  return facts;
}
