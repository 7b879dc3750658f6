// What the page and its workers say to each other. The workers read files; the page holds a few numbers for each rollout.

/** Where the bytes of a file are. */
export type SourceSpec =
  | { kind: 'blob'; name: string; blob: Blob }
  /** A file that a server gives, also in parts. A live one may change: the half of a line at its end is waited for. */
  | { kind: 'url'; name: string; url: string; isLive: boolean };

/** How the rollouts of a file stand in it: one a line, some lines each or in one document, or all of the file is one text. */
export type Layout = 'lines' | 'entries' | 'text';

/** Where a rollout stands in a file. */
export interface Place {
  source: number;
  offset: number;
  bytes: number;
}

export const FLAGS = { code: 1, error: 2, timeout: 4, unreadable: 8, score: 16 } as const;

/** Facts of some rollouts of one file, a column a fact, all of the same length. */
export interface Facts {
  offset: Float64Array;
  bytes: Uint32Array;
  /** The number of the line, counted from the start of the range that was read, from 0. */
  line: Uint32Array;
  flags: Uint8Array;
  /** Counts only where the flag `score` is set; may be NaN or infinite. */
  score: Float64Array;
  /** The training step; NaN where there is none. */
  step: Float64Array;
  /** Programs that were opened. */
  tools: Uint16Array;
  /** The length of what was written, in bytes of JSON. */
  written: Uint32Array;
  /** A bit for each place in `languages()` of the languages of its programs. */
  languages: Uint32Array;
  /** Rollouts of one task have the same number here; 0 where nothing is known. */
  group: Float64Array;
  /** In UTF-8, one behind the other, and where each ends. */
  preview: Uint8Array;
  previewEnd: Uint32Array;
  extras: ExtraFacts[];
}

/** A number of those rollouts that have it, by the name that the log gives it. */
export interface ExtraFacts {
  name: string;
  /** Which of the rollouts these are; the last counts of one that is there twice. */
  rows: Uint32Array;
  values: Float64Array;
}

/** A part of a file: the lines that begin in it. */
export interface Range {
  source: number;
  start: number;
  end: number;
}

export type ToWorker =
  | { type: 'open'; sources: SourceSpec[] }
  | { type: 'add'; source: SourceSpec }
  | { type: 'size'; id: number; source: number }
  | { type: 'index'; id: number; range: Range; layout: Layout; isLive: boolean }
  | { type: 'read'; id: number; place: Place }
  | { type: 'bytes'; id: number; place: Place }
  | { type: 'search'; id: number; pattern: string; isRegex: boolean; range: Range; layout: Layout };

export type Answer =
  | { type: 'size'; bytes: number; layout: Layout }
  /** Some of what a range has; `readBytes` tells how far it has been read since the last message. */
  | { type: 'facts'; facts: Facts; readBytes: number }
  /** A range has been read: so many lines, and all of them whole up to `end`. */
  | { type: 'indexed'; lines: number; end: number; readBytes: number }
  | { type: 'line'; text: string }
  | { type: 'bytes'; bytes: Uint8Array }
  /** The offsets of the lines that match. */
  | { type: 'hits'; offsets: Float64Array }
  | { type: 'refused'; reason: string };

export type FromWorker = Answer & { id: number };
