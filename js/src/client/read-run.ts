import { decodeBase64 } from '../base64.js';
import { callCore } from '../call.js';
import { fromCoreResult } from '../convert.js';
import type { PhaseResult, RunResult } from '../types.js';

const PHASE_STATUS = new Map<unknown, PhaseResult['status']>([
  ['Finished', 'finished'],
  ['Error', 'error'],
  ['TimeLimitExceeded', 'time_limit_exceeded'],
]);

// Kept, a byte order mark makes the text no JSON, as it is to the core.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads the answer of `/run_code`: by JavaScript's own parser, which is ten times as fast as the way through the core,
 * when the answer is as SandboxFusion writes it; else by the core, which knows what is wrong with it.
 *
 * @throws {RunError} where there is no result.
 */
export function readRunAnswer(status: number, body: Uint8Array): RunResult {
  const text = decoder.decode(body);
  const usual = status >= 200 && status < 300 ? readUsual(parse(text)) : undefined;
  return usual ?? fromCoreResult(callCore('readAnswer', text, { route: 'run_code', status }));
}

/** Reads the answer of another route, all by the core. */
export function readAnswer(route: string, status: number, body: Uint8Array): unknown {
  return callCore('readAnswer', decoder.decode(body), { route, status });
}

/** The result in an answer of `/run_code` that is as SandboxFusion writes it, `undefined` for every other. */
export function readUsual(answer: unknown): RunResult | undefined {
  if (!isObject(answer)) return undefined;
  const { status, message, compile_result, run_result, executor_pod_name = null, files } = answer;
  const compile = readPhase(compile_result);
  const run = readPhase(run_result);
  const isWhole =
    (status === 'Success' || status === 'Failed') &&
    typeof message === 'string' &&
    (executor_pod_name === null || typeof executor_pod_name === 'string');
  const contents = readFiles(files);
  if (!isWhole || compile === undefined || run === undefined || !contents) return undefined;
  return {
    status: status === 'Success' ? 'success' : 'failed',
    message,
    compile,
    run,
    executorPodName: executor_pod_name,
    files: contents,
  };
}

function readPhase(phase: unknown): PhaseResult | null | undefined {
  if (phase === null || phase === undefined) return null;
  if (!isObject(phase)) return undefined;
  const { execution_time: seconds = null, return_code: exitCode = null, stdout, stderr } = phase;
  const { stdout_truncated: stdoutTruncated = false, stderr_truncated: stderrTruncated = false } = phase;
  const status = PHASE_STATUS.get(phase.status);
  const isWhole =
    (seconds === null || typeof seconds === 'number') &&
    (exitCode === null || Number.isSafeInteger(exitCode)) &&
    typeof stdout === 'string' &&
    typeof stderr === 'string' &&
    typeof stdoutTruncated === 'boolean' &&
    typeof stderrTruncated === 'boolean';
  if (!status || !isWhole) return undefined;
  return {
    status,
    executionTimeMs: seconds === null ? null : seconds * 1000,
    exitCode: exitCode as number | null,
    stdout,
    stderr,
    stdoutTruncated,
    stderrTruncated,
  };
}

function readFiles(files: unknown): Record<string, Uint8Array> | undefined {
  if (!isObject(files)) return undefined;
  const contents: Record<string, Uint8Array> = {};
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? decode(content) : undefined;
    if (!bytes) return undefined;
    // Not by assignment, which `__proto__` would take for something else.
    Object.defineProperty(contents, path, {
      value: bytes,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return contents;
}

/** Bytes in base64 with its padding and nothing else; the rest of what `atob` takes is the core's to judge. */
function decode(content: string): Uint8Array | undefined {
  const isStrict = content.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(content);
  try {
    return isStrict ? decodeBase64(content) : undefined;
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
