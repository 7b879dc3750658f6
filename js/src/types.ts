export type * from './rollout-types.js';

/** Half-open positions in UTF-16 units: `text.slice(span.start, span.end)`. */
export interface Span {
  start: number;
  end: number;
}

/** A rule by which a text is read differently from CommonMark, for what models really write. */
export type Repair =
  | 'glued_opening'
  | 'glued_closing'
  | 'text_after_closing'
  | 'one_line'
  | 'fence_in_string'
  | 'nested_fence'
  | 'dedented_code'
  | 'fence_in_html'
  | 'brace_tag'
  | 'cut_closing';

/** How to read a text. */
export interface ExtractOptions {
  /**
   * `commonmark`: the code blocks of CommonMark 0.31.2. `llm`, the default: the same with every
   * {@link Repair}; where no repair fires the two agree.
   */
  profile?: 'llm' | 'commonmark';
  /** Whether indented code blocks are blocks too. Default `false`: models fence their code. */
  indented?: boolean;
  /** Whether line endings in code become `\n`, or stay as they are. Default `normalize`. */
  lineEndings?: 'normalize' | 'keep';
  /** Repairs to switch on or off, whatever the profile says. */
  repairs?: Partial<Record<Repair, boolean>>;
}

/** One code block. */
export interface Block {
  kind: 'fenced' | 'indented';
  /** The first word of the info string as written; `null` when there is none. */
  lang: string | null;
  /** The whole info string, trimmed and decoded. */
  info: string;
  /** The code, without container prefixes and fence indentation. */
  code: string;
  /** The whole block, from the opening fence to the end of the closing one, or of its code if it is not closed. */
  span: Span;
  /** Where the code stands, when it stands in the text in one piece and unchanged. */
  codeSpan: Span | null;
  /** Whether a closing fence ends the block; an indented one needs none and always is. */
  closed: boolean;
  /** The number of block quotes and list items that the block stands in. */
  depth: number;
  /** The repairs by which the block is read differently from CommonMark. */
  repairs: Repair[];
}

/** What a stream has made certain. Nothing is ever taken back. */
export type ExtractEvent =
  /** A block has begun; `at` is where. Until its `close` come only its `code` events. */
  | { type: 'open'; kind: Block['kind']; lang: string | null; info: string; at: number; depth: number }
  /** More code of the open block; never empty. */
  | { type: 'code'; code: string }
  /** The open block has ended; here it is as a whole. */
  | { type: 'close'; block: Block };

/** One program to run: the fields of SandboxFusion's `POST /run_code`. */
export interface RunRequest {
  code: string;
  /** One of SandboxFusion's languages or an alias such as `py` or `js`. Default `python`. */
  language?: string;
  /** How long compiling may take, in milliseconds. Default 10,000. */
  compileTimeoutMs?: number;
  /** How long the program may run, in milliseconds. Default 10,000. */
  runTimeoutMs?: number;
  /** How much memory the program may use, in mebibytes. Default: as the sandbox has it. */
  memoryLimitMb?: number;
  /** What the program reads on standard input. Default: nothing. */
  stdin?: string;
  /** Files to lay out before the run, by path relative to the program's folder. */
  files?: Record<string, string | Uint8Array>;
  /** Paths of files to hand back after the run. */
  fetchFiles?: string[];
}

/** What one phase, compiling or running, gave. */
export interface PhaseResult {
  status: 'finished' | 'error' | 'time_limit_exceeded';
  /** In milliseconds; `null` when the sandbox does not say. */
  executionTimeMs: number | null;
  /** Negative for a signal; `null` when the phase did not come to its end. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Whether the stream was cut at the sandbox's bound. Only the embedded sandbox says so. */
  stdoutTruncated: boolean;
  stderrTruncated: boolean;
}

/** What a sandbox made of a program. A program that failed is a result like any other. */
export interface RunResult {
  /** `success` when the program ran to its end and exited with 0. */
  status: 'success' | 'failed';
  message: string;
  /** The compile phase, for languages that have one. */
  compile: PhaseResult | null;
  /** The run phase; `null` when compiling failed. */
  run: PhaseResult | null;
  executorPodName: string | null;
  /** The files that were asked for and exist. */
  files: Record<string, Uint8Array>;
}

/** Cells of one notebook to run in their order: the fields of SandboxFusion's `POST /run_jupyter`. */
export interface JupyterRequest {
  cells: readonly string[];
  /** How long each cell may run, in milliseconds. Default: no bound of its own. SandboxFusion takes no note of it. */
  cellTimeoutMs?: number;
  /** How long all cells may run together, in milliseconds. Default 45,000. */
  totalTimeoutMs?: number;
  /** How much memory the cells may use, in mebibytes. Default: as the sandbox has it. */
  memoryLimitMb?: number;
  /** The kernel. Default `python3`, the only one that SandboxFusion has. */
  kernel?: 'python3';
  /** Files to lay out before the run, by path relative to the notebook's folder. */
  files?: Record<string, string | Uint8Array>;
  /** Paths of files to hand back after the run. */
  fetchFiles?: readonly string[];
}

/** What one cell gave. */
export interface CellResult {
  stdout: string;
  stderr: string;
  /** What the cell showed, the value of its last expression included: contents by media type. */
  displays: Record<string, unknown>[];
  /** The exception that ended the cell; a cell that came to its end has none. */
  errors: { name: string; message: string; traceback: string[] }[];
}

/** What a sandbox made of a notebook. A cell that failed is a result like any other, and later cells run. */
export interface JupyterResult {
  /** `failed` when the cells were stopped; SandboxFusion then hands back none of them. */
  status: 'success' | 'failed';
  message: string;
  /** The process that ran the cells. */
  driver: PhaseResult | null;
  /** One for each cell that ran. */
  cells: CellResult[];
  executorPodName: string | null;
  /** The files that were asked for and exist. */
  files: Record<string, Uint8Array>;
}

/** What the model gets to read about a run. */
export interface Observation {
  /** The text, as the program wrote it. */
  text: string;
  /** Whether the sandbox cut one of the streams at its bound. */
  truncated: boolean;
}

/** Options of everything that waits. */
export interface WaitOptions {
  /** Aborting rejects with `signal.reason` itself. */
  signal?: AbortSignal | undefined;
}

/** A piece of what a program wrote. */
export interface OutputChunk {
  stream: 'stdout' | 'stderr';
  text: string;
}

/** Options of a run. */
export interface RunOptions extends WaitOptions {
  /** Called with output as it is written, by sandboxes that can tell; others never call it. The result has all of it. */
  onOutput?: ((stream: OutputChunk['stream'], text: string) => void) | undefined;
}

/** What a session begins with. */
export interface SessionOptions {
  /** Files to lay out before the first cell, by path relative to the notebook's folder. */
  files?: Record<string, string | Uint8Array>;
  /** How much memory the cells may use, in mebibytes. Default: as the sandbox has it. */
  memoryLimitMb?: number;
}

/** Options of one cell. */
export interface SessionCellOptions extends WaitOptions {
  /** How long the cell may run, in milliseconds. Default 30,000. */
  timeoutMs?: number;
}

/** What a cell of a session came to. */
export interface CellRun extends CellResult {
  /** After anything but `finished` what the cell did is lost; the sandbox may have lost the earlier cells too. */
  status: PhaseResult['status'];
  /** In milliseconds; `null` when the sandbox does not say. */
  executionTimeMs: number | null;
}

/** A notebook that goes on. Cells wait for one another. */
export interface Session {
  /** Runs a cell after those before it. A cell that fails is a result. */
  runCell(code: string, options?: SessionCellOptions): Promise<CellRun>;
  /** Gives up what the session holds. May be called more than once. */
  close(): Promise<void>;
}

/** Something that runs programs: a {@link SandboxClient}, the embedded sandbox, or your own. */
export interface Sandbox {
  /** The languages it runs, by SandboxFusion's names. */
  readonly languages: readonly string[];
  /** Runs one program. Rejects with a {@link RunError} only when there is no result. */
  runCode(request: RunRequest, options?: RunOptions): Promise<RunResult>;
  /** Runs the cells of one notebook. Rejects with a {@link RunError} only when there is no result. */
  runJupyter?(request: JupyterRequest, options?: WaitOptions): Promise<JupyterResult>;
  /** Opens a session, if the sandbox keeps interpreters; `undefined` if it does not. */
  createSession?(options?: SessionOptions): Promise<Session | undefined>;
  /** Gives up what it holds. May be called more than once. */
  close?(): Promise<void>;
}
