import { callCore } from '../call.js';
import { toCoreRequest } from '../convert.js';
import type { RunRequest } from '../types.js';
import { remember } from './remember.js';

/** What the core writes around the texts of a program: before its code, between that and its input, after it. */
interface Frame {
  before: string;
  between: string;
  after: string;
}

/** The frames of the requests made so far, by the fields in them. */
const frames = new Map<string, Frame | undefined>();

/** The fields that hold numbers. */
const NUMBERS = new Set(['compileTimeoutMs', 'runTimeoutMs', 'memoryLimitMb']);

/** A text with half a character in it, which the core replaces. */
const HALF = /\p{Surrogate}/u;

/**
 * The body of `/run_code`: for a program without files, JavaScript puts the texts into what the core has written for
 * an equal request with none, and so spares them the way through the core; every other is the core's to write.
 *
 * @throws {RunError} with `invalid_options` for a request that cannot be used.
 */
export function buildRunBody(request: RunRequest): string {
  return fill(request) ?? build(toCoreRequest(request));
}

function build(request: object): string {
  return callCore('buildBody', '', { route: 'run_code', request });
}

function fill(request: RunRequest): string | undefined {
  if (!isPlain(request)) return undefined;
  const frame = frameOf(request);
  if (!frame) return undefined;
  const { code, stdin = null } = request;
  return frame.before + JSON.stringify(code) + frame.between + JSON.stringify(stdin) + frame.after;
}

/** Whether all that a request has are texts and numbers of these names. */
function isPlain(request: unknown): request is RunRequest {
  if (typeof request !== 'object' || request === null) return false;
  if (Object.getPrototypeOf(request) !== Object.prototype) return false;
  let hasCode = false;
  for (const [name, value] of Object.entries(request)) {
    if (name === 'code' || name === 'stdin') {
      if (typeof value !== 'string' || HALF.test(value)) return false;
      hasCode ||= name === 'code';
    } else if (name === 'language') {
      // Empty, it would share the frame of those that name none.
      if (typeof value !== 'string' || value === '') return false;
    } else if (typeof value !== 'number' || !NUMBERS.has(name)) {
      return false;
    }
  }
  return hasCode;
}

function frameOf(request: RunRequest): Frame | undefined {
  const { language = '', compileTimeoutMs = '', runTimeoutMs = '', memoryLimitMb = '' } = request;
  const key = `${language},${compileTimeoutMs},${runTimeoutMs},${memoryLimitMb}`;
  return remember(frames, key, () => readFrame(build({ ...request, code: '', stdin: '' })));
}

function readFrame(body: string): Frame | undefined {
  const parts = /^(?<before>.*"code": )""(?<between>, "stdin": )""(?<after>.*)$/.exec(body);
  const { before, between, after } = parts?.groups ?? {};
  if (before === undefined || between === undefined || after === undefined) return undefined;
  return { before, between, after };
}
