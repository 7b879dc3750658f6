import { decodeBase64, encodeBase64 } from './base64.js';

const encoder = new TextEncoder();

/** A request as the core takes it: its files in base64. */
export function toCoreRequest<T extends { files?: Record<string, string | Uint8Array> }>(
  request: T,
): Omit<T, 'files'> & { files?: Record<string, string> } {
  // Whatever else is not an object of files goes on as it is, and the core says what is wrong with it.
  if (typeof request?.files !== 'object' || request.files === null) {
    return request as Omit<T, 'files'> & { files?: Record<string, string> };
  }
  const files = Object.entries(request.files).map(([path, content]) => {
    return [path, encodeBase64(typeof content === 'string' ? encoder.encode(content) : content)];
  });
  return { ...request, files: Object.fromEntries(files) };
}

/** What has files, as the core gives them, with its files as bytes. */
export function fromCoreResult<T extends { files: Record<string, Uint8Array> }>(
  result: Omit<T, 'files'> & { files: Record<string, string> },
): T {
  const files = Object.entries(result.files).map(([path, content]) => [path, decodeBase64(content)]);
  return { ...result, files: Object.fromEntries(files) } as unknown as T;
}
