// What the page and its worker say to each other. The worker holds the files; the page holds a few numbers for each rollout.

/** Where the bytes of a file are. */
export type SourceSpec =
  | { kind: 'blob'; name: string; blob: Blob }
  /** A file that a server gives, also in parts; it may grow. */
  | { kind: 'url'; name: string; url: string };

/** Where a rollout stands: a line of a file. */
export interface Place {
  source: number;
  offset: number;
  bytes: number;
}

export const FLAGS = { code: 1, error: 2, timeout: 4, unreadable: 8, score: 16 } as const;

/** Facts of some rollouts, a column a fact, all of the same length. */
export interface Facts {
  source: Uint16Array;
  offset: Float64Array;
  bytes: Uint32Array;
  line: Uint32Array;
  flags: Uint8Array;
  /** Counts only where the flag `score` is set; may be NaN or infinite. */
  score: Float64Array;
  /** The training step; NaN where there is none. */
  step: Float64Array;
  /** Programs that were run. */
  tools: Uint16Array;
  /** Characters that the model wrote. */
  chars: Uint32Array;
  /** A bit for each place in `languages()` of the languages of its programs. */
  languages: Uint32Array;
  /** Rollouts of one prompt have the same text here. */
  group: string[];
  preview: string[];
}

export type ToWorker =
  | { type: 'open'; sources: SourceSpec[] }
  | { type: 'grow'; source: number }
  | { type: 'read'; id: number; place: Place }
  | { type: 'search'; id: number; pattern: string; isRegex: boolean; places: Place[] }
  | { type: 'cancel'; id: number };

export interface IndexProgress {
  readBytes: number;
  totalBytes: number;
  done: boolean;
}

export type FromWorker =
  | { type: 'facts'; facts: Facts; progress: IndexProgress }
  | { type: 'failed'; source: number; reason: string }
  | { type: 'line'; id: number; text: string }
  | { type: 'hits'; id: number; rows: Uint32Array; doneBytes: number; totalBytes: number; done: boolean }
  | { type: 'refused'; id: number; reason: string };
