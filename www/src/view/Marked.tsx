// A text with what is searched for marked, and with what would hide or reorder it made visible.

import { buildExpression } from '../work/match.js';
import { useApp } from './context.js';

const MAX_MARKS = 2000;
/** Control characters, and those that turn the direction of writing: they are shown, never obeyed. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\ufeff]/gu;
const MEANT = /[\t\n\r]/;

function nameUnseen(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // The pictures of control characters stand in a block of their own, in the same order.
  return code < 0x20
    ? String.fromCodePoint(0x2400 + code)
    : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** A text with what would hide or reorder it made visible. */
export function Visible({ text }: { text: string }) {
  if (text.search(UNSEEN) < 0) return <>{text}</>;
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (MEANT.test(match[0])) continue;
    parts.push(text.slice(end, match.index));
    parts.push(
      <span key={match.index} class="unseen">
        {nameUnseen(match[0])}
      </span>,
    );
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return <>{parts}</>;
}

export function Marked({ text }: { text: string }) {
  const { search } = useApp();
  const { pattern, isRegex, error } = search.value;
  if (pattern === '' || error !== null) return <Visible text={text} />;
  const expression = buildExpression(pattern, isRegex, 'giu');
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(expression)) {
    if (match[0] === '') continue;
    if (parts.length > 2 * MAX_MARKS) break;
    parts.push(<Visible key={end} text={text.slice(end, match.index)} />);
    end = match.index + match[0].length;
    parts.push(
      <mark key={-end}>
        <Visible text={match[0]} />
      </mark>,
    );
  }
  if (parts.length === 0) return <Visible text={text} />;
  return (
    <>
      {parts}
      <Visible text={text.slice(end)} />
    </>
  );
}
