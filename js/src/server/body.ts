// The body of a request as FastAPI reads it. In: bytes and a content type. Out: a value, or why there is none.
// Does not know which fields a body must have.

import { callCore } from '../call.js';

/** What a body holds, or what FastAPI answers in its place. */
export type Body =
  | { kind: 'value'; value: unknown }
  /** The body is empty, or `null`. */
  | { kind: 'missing' }
  /** Python's JSON decoder stops at this code point. */
  | { kind: 'not_json'; message: string; position: number }
  /** It cannot be decoded at all; FastAPI answers 400. */
  | { kind: 'unreadable' };

/** Reads a body. What is not sent as JSON is a text, which no model takes; without a type it counts as JSON. */
export function readBody(bytes: Uint8Array, contentType: string | undefined): Body {
  if (bytes.byteLength === 0) return { kind: 'missing' };
  if (contentType && !isJson(contentType)) {
    return { kind: 'value', value: new TextDecoder().decode(bytes) };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'unreadable' };
  }
  return readJson(text);
}

function isJson(contentType: string): boolean {
  return /^\s*application\/([^;]+\+)?json\s*(;|$)/i.test(contentType);
}

function readJson(text: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Python says it in its own words, and takes NaN and Infinity, which become null here.
    const read = callCore<PythonJson>('readPythonJson', text);
    if ('message' in read) {
      const { message, position } = read;
      return position === null ? { kind: 'unreadable' } : { kind: 'not_json', message, position };
    }
    value = read.value;
  }
  return value === null ? { kind: 'missing' } : { kind: 'value', value };
}

type PythonJson = { value: unknown } | { message: string; position: number | null };
