// SandboxFusion's objects for POST /run_code. In: whatever the caller sent. Out: a request with every field in place,
// or a TypeError that says which field is wrong and what it must be.

/** The body of POST /run_code. */
export interface RunCodeRequest {
  code: string;
  language: string;
  /** Seconds; accepted, nothing here is compiled. */
  compile_timeout?: number;
  /** Seconds from the start of the program; 10. */
  run_timeout?: number;
  /** -1: the sandbox's own limit. */
  memory_limit_MB?: number;
  stdin?: string | null;
  /** Paths and base64; null entries are passed over. */
  files?: Record<string, string | null>;
  fetch_files?: string[];
}

/** How a program ended. */
export interface CommandRunResult {
  status: 'Finished' | 'Error' | 'TimeLimitExceeded';
  /** Seconds. */
  execution_time: number;
  /** Null when the program was stopped. */
  return_code: number | null;
  stdout: string;
  stderr: string;
  /** Only there when output was cut. */
  stdout_truncated?: true;
  stderr_truncated?: true;
}

/** The answer of POST /run_code. */
export interface RunCodeResponse {
  status: 'Success' | 'Failed' | 'SandboxError';
  message: string;
  compile_result: null;
  run_result: CommandRunResult | null;
  executor_pod_name: null;
  /** base64 of the fetched files. */
  files: Record<string, string>;
}

/** A request whose fields are all there. */
export interface CheckedRequest {
  code: string;
  language: string;
  runTimeoutSeconds: number;
  memoryLimitMb: number;
  stdin: string;
  files: [path: string, base64: string][];
  fetchFiles: string[];
}

const DEFAULT_RUN_TIMEOUT_SECONDS = 10;

export function checkText(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new TypeError(`${field} must be a string, not ${describe(value)}`);
  return value;
}

export function checkNumber(value: unknown, field: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new TypeError(`${field} must be a number, not ${describe(value)}`);
  }
  return value;
}

export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return value === undefined ? 'missing' : `${typeof value} ${String(value)}`;
}

export function checkFiles(value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`files must be an object of paths and base64, not ${describe(value)}`);
  }
  return Object.entries(value).flatMap(([path, content]): [string, string][] =>
    content === null ? [] : [[path, checkText(content, `files[${JSON.stringify(path)}]`)]],
  );
}

export function checkFetchFiles(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value))
    throw new TypeError(`fetch_files must be an array of paths, not ${describe(value)}`);
  return value.map((path, index) => checkText(path, `fetch_files[${index}]`));
}

/** Reads a request and fills in what it leaves out. */
export function checkRequest(request: unknown): CheckedRequest {
  if (typeof request !== 'object' || request === null) {
    throw new TypeError(`a request must be an object, not ${describe(request)}`);
  }
  const fields = request as Record<string, unknown>;
  const memoryLimitMb = checkNumber(fields.memory_limit_MB, 'memory_limit_MB', -1);
  if (!Number.isInteger(memoryLimitMb))
    throw new TypeError(`memory_limit_MB must be an integer, not ${memoryLimitMb}`);
  checkNumber(fields.compile_timeout, 'compile_timeout', 0);
  return {
    code: checkText(fields.code, 'code'),
    language: checkText(fields.language, 'language'),
    runTimeoutSeconds: checkNumber(fields.run_timeout, 'run_timeout', DEFAULT_RUN_TIMEOUT_SECONDS),
    memoryLimitMb,
    stdin: fields.stdin === undefined || fields.stdin === null ? '' : checkText(fields.stdin, 'stdin'),
    files: checkFiles(fields.files),
    fetchFiles: checkFetchFiles(fields.fetch_files),
  };
}

/** An answer without a run. */
export function buildSandboxError(message: string): RunCodeResponse {
  return {
    status: 'SandboxError',
    message,
    compile_result: null,
    run_result: null,
    executor_pod_name: null,
    files: {},
  };
}
