// A text and a profile in, what that framework would run of it out, laid over the pieces that the text is shown in.

import { type Extracted, extract, profiles, type Span } from 'fencerun';
import { readTurn, type TurnCall } from '../../../js/src/reading.js';

/** The readings that find every block and do not say which of them runs. */
export const BLOCK_PROFILES: readonly string[] = ['llm', 'commonmark'];

let frameworks: string[] | undefined;

/** The profiles of frameworks, which say what runs. */
export function listFrameworks(): readonly string[] {
  frameworks ??= profiles().flatMap(({ name, extracts }) => (extracts ? [name] : []));
  return frameworks;
}

export function isFramework(profile: string): boolean {
  return listFrameworks().includes(profile);
}

/** What a profile reads as code: each program, with where it stands if it stands in the text unchanged. */
export interface Reading {
  programs: { code: string; language: string | null; span: Span | null }[];
  /** What becomes of the text where nothing runs, in words; `null` where something does. */
  nothing: string | null;
}

/** What a profile reads as code in a text with these tool calls. */
export function readAs(text: string, profile: string, calls: readonly TurnCall[]): Reading {
  if (BLOCK_PROFILES.includes(profile)) {
    const blocks = extract(text, { profile: profile as 'llm' | 'commonmark' });
    const programs = blocks.map(({ code, lang, span, codeSpan }) => {
      return { code, language: lang, span: codeSpan ?? span };
    });
    return { programs, nothing: programs.length === 0 ? 'no block' : null };
  }
  const { extracted, reason } = readTurn(text, profile, calls);
  return { programs: extracted.programs, nothing: describeNothing(extracted, reason) };
}

/** What a framework does instead of running something, with the reason if it has one; `null` when it runs something. */
export function describeNothing(
  { programs, reply, raised }: Extracted,
  reason: string | null,
): string | null {
  if (programs.length > 0) return null;
  if (reason !== null) return `nothing: ${reason}`;
  if (raised) return `raises ${raised.type}`;
  return `nothing${reply?.trim() ? `: ${reply.trim()}` : ''}`;
}

/** A piece of the text that has code in it. */
export interface CodePiece {
  at: number;
  end: number;
  code: string;
}

/** What a profile makes of a piece: it runs as the program of that number, from 1; it is part of one; or it is passed over. */
export type Fate = { kind: 'runs'; number: number } | { kind: 'part' } | { kind: 'passed' };

export interface Fates {
  /** One for each piece. */
  pieces: Fate[];
  /** The numbers, from 1, of the programs that are no piece as it stands. */
  others: number[];
}

/** Lays programs over pieces. A program is the first piece with its code that no other one is and that its span is in. */
export function layOver(pieces: readonly CodePiece[], { programs }: Reading): Fates {
  const fates = pieces.map((): Fate => ({ kind: 'passed' }));
  const others: number[] = [];
  for (const [index, { code, span }] of programs.entries()) {
    const isWithin = ({ at, end }: CodePiece) => !span || (span.start < end && span.end > at);
    const place = pieces.findIndex(
      (piece, one) =>
        fates[one]?.kind !== 'runs' && isWithin(piece) && piece.code.trimEnd() === code.trimEnd(),
    );
    if (place >= 0) {
      fates[place] = { kind: 'runs', number: index + 1 };
      continue;
    }
    others.push(index + 1);
    for (const [one, piece] of pieces.entries()) {
      const isPart = span ? isWithin(piece) : code.includes(piece.code.trim());
      if (isPart && fates[one]?.kind === 'passed') fates[one] = { kind: 'part' };
    }
  }
  return { pieces: fates, others };
}
