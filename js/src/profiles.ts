import { callCore } from './call.js';
import { core } from './core.js';
import { RunError } from './error.js';
import * as catalogue from './generated/catalogue.js';
import { Answer, giveText, releaseText } from './machine.js';
import type { PythonException } from './tool-calls.js';
import type { Observation, RunResult, Span } from './types.js';

/** A named set of rules, proven against the framework it is named after. */
export interface Profile {
  /** The framework, and where that has several rules a word for each. */
  name: string;
  /** The repository and files of the original. */
  source: string;
  /** The commit of the original that was compared with. */
  version: string;
  /** What it does, in one line. */
  description: string;
  /** Whether {@link extractWith} takes it. */
  extracts: boolean;
  /** Whether {@link observeWith} takes it. */
  observes: boolean;
}

/** One piece of code that a framework would run. */
export interface ExtractedProgram {
  /** The code, as the framework would send it. */
  code: string;
  /** The language by the framework's own word; `null` where it does not say. */
  language: string | null;
  /** Where the code stands, when it stands in the text in one piece and unchanged. */
  span: Span | null;
}

/** What a framework makes of a text. */
export interface Extracted {
  /** What would run, in order. Empty when nothing would. */
  programs: ExtractedProgram[];
  /** The original's own word for what it found, where it has one: `fenced`, `answer`. */
  kind: string | null;
  /** What of the text the framework keeps as the model's turn, where it cuts it; else what it reads besides code. */
  kept: string | null;
  /** What the model gets to read at once, where nothing runs and the framework says so. */
  reply: string | null;
  /** The error that the original raises instead of an answer. */
  raised: PythonException | null;
  /** Whether the original asks Python's own parser here, so that the answer is a guess. */
  needsPython: boolean;
}

/** How to extract by a profile. Each profile reads some of these and leaves the rest alone. */
export interface ExtractProfileOptions {
  /** One of {@link profiles}. */
  profile: string;
  /** The language asked for. Default: the profile's own, mostly Python. */
  language?: string;
  /** The languages that run (`autogen`). Default: the profile's own. */
  languages?: readonly string[];
  /** Only the first block counts (`sandbox-fusion`). */
  firstBlockOnly?: boolean;
  /** Only the block with this index counts, negative from the end (`sandbox-fusion`). */
  codeBlockIndex?: number;
  /** Blocks in other languages are passed over (`sandbox-fusion`). */
  exactlyMatch?: boolean;
  /** What follows the first block of the language is passed over (`sandbox-fusion`). */
  isFewshotTask?: boolean;
  /** Lines that begin with `assert ` are removed (`sandbox-fusion`). */
  removeAsserts?: boolean;
  /** `package main` stays (`sandbox-fusion/v2`). */
  noRemoval?: boolean;
  /** Only the body of the first static method counts (`sandbox-fusion/v2`). */
  innerFunctionOnly?: boolean;
  /** The code is a unit test and stays as it is (`sandbox-fusion/v2`). */
  isUnitTest?: boolean;
  /** The name of the function asked for (`sandbox-fusion`, Java). */
  entryPoint?: string;
  /** Lines whose imports are put in front (`sandbox-fusion`, Java). */
  declaration?: string;
  /** Whether only the last program counts (`torl`, `qwen-agent/tir`, `qwen-math`, `roll/reward`). Default: as the original. */
  lastOnly?: boolean;
  /** The tags around code (`smolagents`). Default: `<code>` and `</code>`. */
  codeBlockTags?: readonly [open: string, close: string];
  /** The style of the model (`livecodebench`). */
  style?: string;
  /** The prompt that was answered (`roll/reward`). */
  prompt?: string;
  /** How it will be tested (`roll/reward`). */
  caseType?: string;
}

/** How to observe by a profile. */
export interface ObserveProfileOptions {
  /** One of {@link profiles}. */
  profile: string;
  /** The turn of the model that the observation answers: its shape decides what stands around the output. */
  action?: string;
  /** The word in the marks around the output (`verl-tool/python`). Default `result`. */
  outputTag?: string;
}

/** The profiles of all frameworks. */
export function profiles(): Profile[] {
  return structuredClone(catalogue.profiles) as Profile[];
}

/** Whether a profile reads the argument of a tool call; the others read whole texts of models. */
export function readsArguments(profile: string): boolean {
  return callCore('readsArguments', profile);
}

// The numbers of an answer, as `src/wasm/profiles.rs` writes them: whether Python's parser is asked, the pieces of text,
// and for each program its code and its language. Where the profile does not take the text: `REFUSED`, and the reason.
const REFUSED = 2;
const KIND = 1;
const KEPT_OF_TEXT = 3;
const REPLY = 5;
const RAISED_TYPE = 7;
const RAISED_MESSAGE = 9;
const PROGRAMS = 11;
const NUMBERS = 4;

/** Finds the code of `text` that the framework behind a profile would run. */
export function extractWith(text: string, { profile, ...options }: ExtractProfileOptions): Extracted {
  const json = JSON.stringify(options);
  const given = giveText(text);
  const count = core().extractWith(given.scanner, given.bytes, profile, json);
  const answer = new Answer(text, given);
  if (answer.number(0) === REFUSED) throw new RunError('invalid_options', answer.piece(KIND) ?? '');
  const programs: ExtractedProgram[] = [];
  for (let index = 0; index < count; index++) programs.push(readProgram(answer, PROGRAMS + index * NUMBERS));
  const type = answer.piece(RAISED_TYPE);
  const extracted = {
    programs,
    kind: answer.piece(KIND),
    kept: answer.piece(KEPT_OF_TEXT),
    reply: answer.piece(REPLY),
    raised: type === null ? null : { type, message: answer.piece(RAISED_MESSAGE) ?? '' },
    needsPython: answer.number(0) === 1,
  };
  releaseText();
  return extracted;
}

function readProgram(answer: Answer, at: number): ExtractedProgram {
  return {
    code: answer.piece(at) ?? '',
    language: answer.piece(at + 2),
    span: answer.isCut(at) ? { start: answer.number(at), end: answer.number(at + 1) } : null,
  };
}

/** Writes what the framework behind a profile would let the model read of a result. */
export function observeWith(result: RunResult, { profile, ...options }: ObserveProfileOptions): Observation {
  const { status, message, compile, run } = result;
  return callCore('observeWith', profile, { result: { status, message, compile, run }, ...options });
}

/** What a rule comes to: its value, the error that the original raises, or that it takes Python's parser. */
export type Applied = { value: unknown } | { raised: PythonException } | { needsPython: true };

/**
 * Applies one rule of a profile, as `verl/grade` or `torl/observe-report`, to what the original function takes: its
 * first argument or, where it takes several, an object of them; and its further arguments. Numbers that JSON lacks
 * come back as `{ __float__: 'inf' }`. `json` is both as JSON text, since `1.0` and `1` are two values to Python.
 */
export function applyRule(
  rule: string,
  input: unknown,
  options: object = {},
  json: [input: string, options: string] = [JSON.stringify(input) ?? 'null', JSON.stringify(options)],
): Applied {
  return callCore('applyRule', rule, null, `{"input":${json[0]},"options":${json[1]}}`);
}
