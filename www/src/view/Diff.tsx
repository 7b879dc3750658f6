// Two observations, line by line.

import { diffLines } from 'diff';

/** Comparing longer texts would take too long; they stand one above the other. */
const MAX_CHARS = 200_000;
const MAX_EDITS = 4000;

export function Diff({ recorded, observed }: { recorded: string; observed: string }) {
  const isShort = recorded.length + observed.length <= MAX_CHARS;
  const changes = isShort ? diffLines(recorded, observed, { maxEditLength: MAX_EDITS }) : undefined;
  const parts = changes ?? [
    { value: recorded, removed: true, added: false },
    { value: observed, added: true, removed: false },
  ];
  return (
    <pre class="diff" tabIndex={0}>
      {parts.map(({ value, added, removed }, index) => {
        const sign = added ? '+' : removed ? '−' : ' ';
        const lines = value.endsWith('\n') ? value.slice(0, -1).split('\n') : value.split('\n');
        return (
          <span key={index} class={added ? 'added' : removed ? 'removed' : 'kept'}>
            {lines.map((line) => `${sign} ${line}\n`).join('')}
          </span>
        );
      })}
    </pre>
  );
}
