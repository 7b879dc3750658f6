import type { Span } from './types.js';

/**
 * The log formats: verl's dump, OpenAI's messages (also verifiers' and ShareGPT's), ToRA's log, Hugging Face's session
 * traces, Harbor's trajectories (ATIF), and a text with nothing known about it.
 */
export type LogFormat = 'verl' | 'openai' | 'tora' | 'sts' | 'atif' | 'text';

/** A tool call that a log keeps apart from the text. */
export interface RolloutCall {
  /** The identifier that answers refer to. */
  id: string | null;
  /** The name of the tool; empty when the log has none. */
  name: string;
  /** The arguments, as a rule a text with JSON in it. */
  arguments: unknown;
}

/** What one role wrote at a stretch. */
export interface RolloutTurn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** The text. In texts with role lines: everything between two such lines, as it stands. */
  text: string;
  /** Whether the model was given it, rather than it being part of the rollout. */
  given: boolean;
  /** What the model thought, where the log keeps that apart from the text. */
  thinking: string | null;
  /** The tool calls of the turn that the log keeps apart from the text. */
  calls: RolloutCall[];
  /** The identifier of the call that a tool's turn answers. */
  callId: string | null;
}

/** One thing that a model wrote in a rollout, up to where a tool would answer. */
export interface RolloutStep {
  /** What the model wrote, without white space around it. */
  text: string;
  /** The program in it; `null` when there is none. */
  program: { code: string; language: string } | null;
  /**
   * The programs that the framework of a profile runs after it, one after the other, until one fails: what they print
   * together is the observation. Mostly none.
   */
  further: { code: string; language: string }[];
  /** The observation that the log recorded; `null` when there is none. */
  recorded: string | null;
  /** The place in `turns` of the turn that it is part of. */
  turn: number;
  /** Where `text` stands in the text of that turn. */
  span: Span;
  /** Where the code stands in the text of that turn, when it stands there in one piece and unchanged. */
  codeSpan: Span | null;
}

/** One rollout of a log. */
export interface Rollout {
  format: LogFormat;
  /** What the model was given. Where the log has messages: each behind a line with its role. */
  input: string;
  /** What each role wrote, in order, what the model was given first. */
  turns: RolloutTurn[];
  /** What the model wrote, cut at each observation. Never empty. */
  steps: RolloutStep[];
  /** The reward; `null` when the log has none. May be NaN or infinite. */
  score: number | null;
  /** The training step that the rollout was dumped at. */
  trainingStep: number | null;
  /** The name of the rollout in its log: verl's `uid`, a session's `id`. */
  id: string | null;
  /** What rollouts for the same task share, where the log says so: verl's `uid` without its last two numbers. */
  group: string | null;
  /**
   * The members of the log line that have no field here: ground truth, reward extras, whatever was dumped. Whole
   * numbers of 16 digits and more are bigints; NaN and infinities are numbers.
   */
  extras: Record<string, unknown>;
  /** What was read, as it stands in the log. {@link writeRollout} writes it exactly; leave it out to write the fields. */
  source?: string;
}

/** How to read a log. */
export interface ReadRolloutOptions {
  /** The only format to read. Default: whatever format a line has. */
  format?: LogFormat;
  /**
   * The profile that says which code of a step runs, one of `profiles()`. Default: a tool call before a block, and of
   * several blocks the one in front of the observation.
   */
  profile?: string;
}

/** How to read a log that comes in pieces. With the format `text` the whole log is one text. */
export interface ReadRolloutsOptions extends ReadRolloutOptions {
  /** The longest line that is read, in bytes. Default 67,108,864 (64 MiB). */
  maxLineBytes?: number;
}

/** One rollout of a log, or what cannot be read as one and why. */
export type RolloutEntry = {
  /** The line that it begins on, counted from 1. */
  line: number;
  /** Where it begins in the log, in bytes. */
  start: number;
  /** Where it ends. */
  end: number;
  /** Whether a line feed ends it: what has none may be half written. */
  ended: boolean;
} & ({ rollout: Rollout; fault: null } | { rollout: null; fault: string });

/** The bytes of a log: at once, or in pieces cut anywhere. A `Blob` gives its `stream()`, a file of Node its stream. */
export type RolloutSource =
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/** What an index shows of one line, read without the rest of it. */
export interface RolloutFacts {
  /** Where the line begins in the log, in bytes. */
  start: number;
  /** Where it ends, without its line feed. */
  end: number;
  /** By the members; `null` when the line is unreadable as far as can be seen. */
  format: LogFormat | null;
  score: number | null;
  trainingStep: number | null;
  /**
   * The same number for lines of one task, and as a rule another one for others: what to group by. Of one task are those
   * whose `uid` says so or, where there is none, those with the same prompt; 0 when there is neither.
   */
  prompt: number;
  /** The length of what the model was given, in bytes of JSON. */
  inputBytes: number;
  /** The length of what was written then, in bytes of JSON; where the log has messages, of all of them. */
  outputBytes: number;
  /** How many pieces of code were opened: fences with a tag, tool calls, `<code>`. */
  programs: number;
  /** How many observations were recorded. */
  observations: number;
  /** How many tracebacks of Python stand in it. */
  tracebacks: number;
}
