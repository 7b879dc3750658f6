// A text in, its pieces out: prose, blocks of code, and tool calls with what they give their tools.

import {
  type Block,
  extract,
  type ParsedToolCall,
  parseToolCalls,
  type Rollout,
  type RolloutCall,
  type RolloutTurn,
  readCallProgram,
  type Span,
} from 'fencerun';
import type { TurnCall } from '../../../js/src/reading.js';
import type { StepProgram } from '../../../js/src/rerun.js';

/** A piece of a text: prose, a block of code, or a tool call. */
export type Piece =
  | { kind: 'prose'; text: string; at: number }
  | { kind: 'block'; block: Block; at: number }
  | { kind: 'call'; text: string; call: ShownCall; at: number };

/** A tool call as it is shown. */
export interface ShownCall {
  /** The name of the tool; empty where the call has none. */
  name: string;
  /** The format that it is written in; `null` for one that the log keeps apart from the text. */
  format: string | null;
  program: StepProgram | null;
  /** What the arguments have besides the program, by name; all of them under no name where they are no object. */
  others: [name: string, value: string][];
  /** Why it is no call; `null` where it is one. */
  fault: { kind: 'unreadable' | 'truncated'; reason: string; reply: string | null } | null;
}

/** A call in the text of a turn. */
interface WrittenCall {
  span: Span;
  call: ShownCall;
}

/** The calls of turns that have been read: the steps of a turn share them. */
const read = new WeakMap<RolloutTurn, WrittenCall[]>();

/** Cuts the text of a step into its pieces, in order and without loss; a call that the log keeps apart stands at the end. */
export function cutPieces(rollout: Rollout, index: number): Piece[] {
  const step = rollout.steps[index];
  if (!step) return [];
  const { text, span } = step;
  const pieces: Piece[] = listWritten(rollout.turns[step.turn]).flatMap(({ span: place, call }) => {
    if (place.start < span.start || place.end > span.end) return [];
    const at = place.start - span.start;
    return [{ kind: 'call', text: text.slice(at, place.end - span.start), call, at }];
  });
  let next = 0;
  for (const block of extract(text)) {
    while (next < pieces.length && endOf(pieces[next]) <= block.span.start) next += 1;
    // A fence in a call is part of it, and a call in a block is a call all the same.
    if (block.span.end > (pieces[next]?.at ?? text.length)) continue;
    pieces.splice(next, 0, { kind: 'block', block, at: block.span.start });
  }
  const whole: Piece[] = [];
  let end = 0;
  for (const piece of pieces) {
    if (piece.at > end) whole.push({ kind: 'prose', text: text.slice(end, piece.at), at: end });
    whole.push(piece);
    end = endOf(piece);
  }
  if (end < text.length) whole.push({ kind: 'prose', text: text.slice(end), at: end });
  const apart = callOfStep(rollout, index);
  if (apart) whole.push({ kind: 'call', text: '', call: describeApart(apart), at: text.length });
  return whole;
}

/** The calls in the text of a turn. They are looked for in all of it: some formats open all calls of a turn together. */
function listWritten(turn: RolloutTurn | undefined): WrittenCall[] {
  if (!turn) return [];
  const calls = read.get(turn) ?? readCalls(turn.text);
  read.set(turn, calls);
  return calls;
}

function readCalls(text: string): WrittenCall[] {
  const { format, calls } = parseToolCalls(text);
  if (format === null) return [];
  const end = calls.at(-1)?.span.end ?? 0;
  // The originals say nothing of a call that the text ends in.
  const cut = parseToolCalls(text, { format, robust: true }).calls.filter(
    ({ kind, span }) => kind === 'truncated' && span.start >= end,
  );
  return [...calls, ...cut].map((parsed) => {
    const { span } = parsed;
    // What is said of a text as a whole is said of what opens the call in it.
    const isWhole = span.start === 0 && span.end === text.length;
    const start = isWhole ? Math.max(0, text.indexOf('<')) : span.start;
    return { span: { start, end: trimEnd(text, span.end) }, call: describeParsed(parsed, format) };
  });
}

/** A step has no white space at its end. */
function trimEnd(text: string, end: number): number {
  return end < text.length ? end : text.trimEnd().length;
}

function describeParsed(parsed: ParsedToolCall, format: string): ShownCall {
  if (parsed.kind === 'call') return describeCall(String(parsed.name), parsed.arguments, format);
  const fault =
    parsed.kind === 'unreadable'
      ? ({ kind: 'unreadable', reason: `it cannot be read: ${parsed.reason}`, reply: parsed.reply } as const)
      : ({ kind: 'truncated', reason: 'the text ends in it', reply: null } as const);
  return { name: '', format, program: null, others: [], fault };
}

function describeCall(name: string, json: string, format: string | null): ShownCall {
  const program = readCallProgram(name, json);
  return { name, format, program, others: listOthers(json, program), fault: null };
}

/** A call that the log keeps apart from the text, as it is shown. */
export function describeApart({ name, arguments: given }: RolloutCall): ShownCall {
  return describeCall(name, writeArguments(given), null);
}

/** The arguments of a call that the log keeps apart, as JSON text: where they are a text, it is one of JSON, or code alone. */
function writeArguments(given: unknown): string {
  return JSON.stringify(given, (_, value) => (typeof value === 'bigint' ? Number(value) : value)) ?? 'null';
}

/** What arguments have besides a program. */
function listOthers(json: string, program: StepProgram | null): ShownCall['others'] {
  const given = parse(parse(json));
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return program === null ? [['', typeof given === 'string' ? given : json]] : [];
  }
  const isCode = (value: unknown) => program !== null && value === program.code;
  return Object.entries(given)
    .filter(([, value]) => !isCode(value))
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value, null, 1)]);
}

/** The value of a JSON text; anything else as it is. */
function parse(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The call that a step is for, where the log keeps calls apart from the text: there is a step for each. */
export function callOfStep({ turns, steps }: Rollout, index: number): RolloutCall | null {
  const turn = steps[index]?.turn;
  if (turn === undefined) return null;
  const first = steps.findIndex((step) => step.turn === turn);
  return turns[turn]?.calls[index - first] ?? null;
}

/** The code of a piece; `null` for prose, and for a tool call without code. */
export function codeOf(piece: Piece): string | null {
  if (piece.kind === 'block') return piece.block.code;
  return piece.kind === 'call' ? (piece.call.program?.code ?? null) : null;
}

/** Where a piece ends in the text. */
export function endOf(piece: Piece | undefined): number {
  if (piece?.kind === 'block') return piece.block.span.end;
  return piece ? piece.at + piece.text.length : 0;
}

/** The tool calls among the pieces, as a profile of arguments takes them. */
export function listCalls(pieces: readonly Piece[]): TurnCall[] {
  return pieces.flatMap((piece) => {
    if (piece.kind !== 'call') return [];
    const { format, program, fault } = piece.call;
    const span = format === null ? null : { start: piece.at, end: endOf(piece) };
    return [{ span, program, fault: program ? null : (fault?.reason ?? 'it has no code') }];
  });
}
