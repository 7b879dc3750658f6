// What is known about one answered request. In: nothing. Out: types, and the line of the access log.

/** What became of a request. It never holds code, input or output. */
export interface AccessEntry {
  /** When the request came, in ISO 8601. */
  time: string;
  method: string;
  /** Without the query; cut at 200 characters. */
  path: string;
  /** The status of the answer; 499 when the client went away before it. */
  status: number;
  /** From the request to the head of the answer. */
  durationMs: number;
  /** The run, for requests that reached the sandbox. */
  run?: RunFacts;
}

/** What a run came to. */
export interface RunFacts {
  language: string;
  /** SandboxFusion's word: `Success`, `Failed` or `SandboxError`. */
  status: string;
  /** `Finished`, `Error` or `TimeLimitExceeded`, for a program that ran. */
  runStatus?: string;
  /** How long the program ran. */
  runMs?: number;
}

/** One line of the access log: JSON, with its line feed. */
export function formatAccess(entry: AccessEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
