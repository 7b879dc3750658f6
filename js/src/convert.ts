import { decodeBase64, encodeBase64 } from './base64.js';
import type { RunRequest, RunResult } from './types.js';

const encoder = new TextEncoder();

/** A request as the core takes it: its files in base64. */
export function toCoreRequest(request: RunRequest): object {
  if (request?.files === undefined) return request;
  const files = Object.entries(request.files).map(([path, content]) => {
    return [path, encodeBase64(typeof content === 'string' ? encoder.encode(content) : content)];
  });
  return { ...request, files: Object.fromEntries(files) };
}

/** A result as the core gives it, with its files as bytes. */
export function fromCoreResult(
  result: Omit<RunResult, 'files'> & { files: Record<string, string> },
): RunResult {
  const files = Object.entries(result.files).map(([path, content]) => [path, decodeBase64(content)]);
  return { ...result, files: Object.fromEntries(files) };
}
