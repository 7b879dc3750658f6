// What goes to a worker and what comes back. In: nothing. Out: types only, so both sides agree.

import type { LinkPlan } from './python/linker.js';

export type Stream = 'stdout' | 'stderr';
export type Engine = 'python' | 'javascript';

/** One program with everything it needs. */
export interface Job {
  id: number;
  engine: Engine;
  /** Which guest runs it; undefined for JavaScript. */
  guestKey: string | undefined;
  code: string;
  stdin: Uint8Array<ArrayBuffer>;
  files: [path: string, content: Uint8Array<ArrayBuffer>][];
  fetchFiles: string[];
  memoryBytes: number;
  maxOutputBytes: number;
  maxFileSystemBytes: number;
}

/** How a program ended. */
export interface Outcome {
  returnCode: number;
  seconds: number;
  truncated: Stream[];
  files: [path: string, content: Uint8Array<ArrayBuffer>][];
  /** Why there is no result; the rest means nothing then. */
  failure?: string;
}

/** What an interpreter for cells starts with. */
export interface CellSetup {
  guestKey: string;
  files: [path: string, content: Uint8Array<ArrayBuffer>][];
  maxFileSystemBytes: number;
  /** The number of the first cell, as in `In[1]`. */
  firstNumber: number;
}

/** How a cell ended. */
export interface CellOutcome {
  seconds: number;
  truncated: CellPart[];
  /** Why the interpreter is gone; undefined while it is there. */
  death: string | undefined;
}

/** What of a cell has a bound of its own. */
export type CellPart = Stream | 'display';

/** The compiled modules of a snapshot of CPython, with a memory limit compiled in. */
export interface Guest {
  key: string;
  modules: WebAssembly.Module[];
  plan: LinkPlan;
}

/** QuickJS and the script that runs in it before the program. */
export interface QuickJsAssets {
  module: WebAssembly.Module;
  prelude: string;
}

export type ToWorker =
  | { type: 'prepare'; guest: Guest }
  | { type: 'run'; job: Job; guest: Guest | undefined; quickJs: QuickJsAssets | undefined }
  | ToInterpreter;

/** To the worker that has the interpreter of some cells. */
export type ToInterpreter =
  | { type: 'open'; setup: CellSetup; guest: Guest | undefined }
  | { type: 'cell'; code: string; maxOutputBytes: number }
  | { type: 'put-files'; files: CellSetup['files'] }
  | { type: 'fetch-files'; paths: string[] }
  | { type: 'close' };

/** Its answers: one `answer` for everything but `close`, which is answered by `ready`. */
export type FromInterpreter =
  | { type: 'cell-started' }
  | { type: 'cell-output'; stream: Stream; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'shown'; message: string }
  | { type: 'answer'; answer: InterpreterAnswer };

export type InterpreterAnswer =
  | { kind: 'done' }
  | { kind: 'cell'; outcome: CellOutcome }
  | { kind: 'files'; files: CellSetup['files'] }
  | { kind: 'refused'; reason: string };

export type FromWorker =
  | { type: 'up' }
  | { type: 'ready' }
  | { type: 'started'; id: number }
  | { type: 'output'; id: number; stream: Stream; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'done'; id: number; outcome: Outcome }
  | FromInterpreter;

/** The two ends of a worker, the same in Node and in a browser. */
export interface WorkerPort {
  post(message: FromWorker, transfer: ArrayBuffer[]): void;
  onMessage(listener: (message: ToWorker) => void): void;
}
