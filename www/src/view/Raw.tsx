// The text as it is, with what a profile reads as code drawn over it.

import type { Rollout } from 'fencerun';
import { useMemo } from 'preact/hooks';
import { callOfStep, cutPieces, listCalls } from '../model/pieces.js';
import { readAs } from '../model/profile.js';
import { useApp } from './context.js';
import { formatValue } from './format.js';
import { Marked } from './Marked.js';

interface Range {
  start: number;
  end: number;
  title: string;
}

function findRanges(rollout: Rollout, index: number, text: string, profile: string): Range[] {
  const { programs } = readAs(text, profile, listCalls(cutPieces(rollout, index)));
  return programs.flatMap(({ span, language }) => (span ? [{ ...span, title: language ?? 'code' }] : []));
}

/** The text of a step. */
export function Raw({ rollout, index }: { rollout: Rollout; index: number }) {
  const app = useApp();
  const { profile } = app.settings.value;
  const text = rollout.steps[index]?.text ?? '';
  const call = callOfStep(rollout, index);
  const ranges = useMemo(() => findRanges(rollout, index, text, profile), [rollout, index, profile]);
  const parts = [];
  let end = 0;
  for (const range of ranges.sort((left, right) => left.start - right.start)) {
    if (range.start < end) continue;
    parts.push(<Marked key={`t${end}`} text={text.slice(end, range.start)} />);
    parts.push(
      <span key={range.start} class="span" title={range.title}>
        <Marked text={text.slice(range.start, range.end)} />
      </span>,
    );
    end = range.end;
  }
  parts.push(<Marked key="rest" text={text.slice(end)} />);
  return (
    <>
      <pre class="raw" tabIndex={0}>
        {parts}
      </pre>
      {call && (
        <pre class="raw apart" tabIndex={0}>
          <Marked text={`${call.name} ${formatValue(call.arguments)}`} />
        </pre>
      )}
    </>
  );
}
