// A text in, its pieces out: prose, blocks of code, and tool calls with their arguments.

import { type Block, extract, parseToolCalls } from 'fencerun';
import type { CallPiece } from './profile.js';

/** A piece of a text: prose, a block of code, or a tool call with its arguments. */
export type Piece =
  | { kind: 'prose'; text: string; at: number }
  | { kind: 'block'; block: Block; at: number }
  | { kind: 'call'; text: string; code: string | null; at: number };

function readCode(json: string): string | null {
  try {
    const { code } = JSON.parse(json) as { code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
}

/** Cuts a text into its pieces, in order and without loss. */
export function cutPieces(text: string): Piece[] {
  const calls = text.includes('<tool_call>') ? parseToolCalls(text, { format: 'hermes' }).calls : [];
  const pieces: Piece[] = [];
  for (const call of calls) {
    const code = 'arguments' in call && typeof call.arguments === 'string' ? readCode(call.arguments) : null;
    if (call.span)
      pieces.push({
        kind: 'call',
        text: text.slice(call.span.start, call.span.end),
        code,
        at: call.span.start,
      });
  }
  for (const block of extract(text)) {
    const isInCall = pieces.some(
      (one) =>
        one.kind === 'call' && block.span.start >= one.at && block.span.start < one.at + one.text.length,
    );
    if (!isInCall) pieces.push({ kind: 'block', block, at: block.span.start });
  }
  pieces.sort((left, right) => left.at - right.at);
  const whole: Piece[] = [];
  let end = 0;
  for (const piece of pieces) {
    if (piece.at > end) whole.push({ kind: 'prose', text: text.slice(end, piece.at), at: end });
    whole.push(piece);
    end = piece.at + lengthOf(piece);
  }
  if (end < text.length) whole.push({ kind: 'prose', text: text.slice(end), at: end });
  return whole;
}

/** The code of a piece; `null` for prose, and for a tool call without code. */
export function codeOf(piece: Piece): string | null {
  if (piece.kind === 'block') return piece.block.code;
  return piece.kind === 'call' ? piece.code : null;
}

export function lengthOf(piece: Piece): number {
  return piece.kind === 'block' ? piece.block.span.end - piece.block.span.start : piece.text.length;
}

/** The tool calls with code among the pieces. */
export function listCalls(pieces: readonly Piece[]): CallPiece[] {
  return pieces.flatMap((piece) => {
    const span = { start: piece.at, end: piece.at + lengthOf(piece) };
    return piece.kind === 'call' && piece.code !== null ? [{ span, code: piece.code }] : [];
  });
}
