// A turn of a model in, what a framework would run of it out: of its text, or of the tool calls in it.

import { type Extracted, extractWith, readsArguments } from './profiles.js';
import { parseToolCalls, readCallProgram } from './tool-calls.js';
import type { Span } from './types.js';

/** A tool call of a turn. */
export interface TurnCall {
  /** Where it stands in the text; `null` for one that a log keeps apart from it. */
  span: Span | null;
  program: { code: string; language: string } | null;
  /** Why it has no program, as a sentence about it; `null` where it has one. */
  fault: string | null;
}

/** What a framework makes of a turn. */
export interface TurnReading {
  /** A program from a tool call has the span of the call. */
  extracted: Extracted;
  /** Why nothing runs, where the framework reads tool calls and no program is in one. */
  reason: string | null;
}

const NOTHING: Extracted = {
  programs: [],
  kind: null,
  kept: null,
  reply: null,
  raised: null,
  needsPython: false,
};

/** The tool calls in the text of a turn, in the format that its marks tell. */
export function listTurnCalls(text: string): TurnCall[] {
  return parseToolCalls(text).calls.map((call): TurnCall => {
    const { span } = call;
    if (call.kind !== 'call') {
      const fault = call.kind === 'unreadable' ? `it cannot be read: ${call.reason}` : 'it is cut short';
      return { span, program: null, fault };
    }
    const program = readCallProgram(String(call.name), call.arguments);
    return { span, program, fault: program === null ? 'it has no code' : null };
  });
}

/** What the framework behind a profile would run of a turn with these tool calls. */
export function readTurn(text: string, profile: string, calls: readonly TurnCall[]): TurnReading {
  if (!readsArguments(profile)) return { extracted: extractWith(text, { profile }), reason: null };
  const read = calls.flatMap(({ span, program }) => {
    if (program === null) return [];
    const extracted = extractWith(program.code, { profile });
    return [{ ...extracted, programs: extracted.programs.map((one) => ({ ...one, span })) }];
  });
  const [first] = read;
  if (first === undefined) return { extracted: NOTHING, reason: describeCalls(calls) };
  const programs = read.flatMap((one) => one.programs);
  const silent = read.find((one) => one.programs.length === 0) ?? first;
  const needsPython = read.some((one) => one.needsPython);
  return { extracted: { ...silent, programs, needsPython }, reason: null };
}

function describeCalls(calls: readonly TurnCall[]): string {
  const faults = calls.flatMap(({ fault }) => fault ?? []);
  const told = faults.find((fault) => fault.startsWith('it cannot be read')) ?? faults[0];
  return `it reads the argument of a tool call${told === undefined ? ', and there is none' : `: ${told}`}`;
}
