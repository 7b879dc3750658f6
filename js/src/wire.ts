import { callCore } from './call.js';
import * as catalogue from './generated/catalogue.js';
import type { PythonException } from './tool-calls.js';

/** What one framework's client sends and how it waits. */
export interface RequestProfile {
  name: string;
  /** Where the original stands, and its commit. */
  source: string;
  description: string;
  /** The fields in the order in which they are sent; `default` counts where none is `given` by the caller. */
  fields: { name: string; given: boolean; default: unknown }[];
  /** The client's bound, beyond the sandbox's own time-outs where `addsTimeouts`; `null` for none. */
  timeoutMs: number | null;
  addsTimeouts: boolean;
  maxAttempts: number;
  retried: 'nothing' | 'gateway_timeout' | 'everything';
  /** `linear`: `firstMs` times the attempt; `exponential`: doubled each time, and up to `jitterMs` more. */
  waits: { kind: 'none' | 'linear' | 'exponential'; firstMs: number; jitterMs: number };
}

/** What the clients of the frameworks send to a sandbox. */
export function requestProfiles(): RequestProfile[] {
  return structuredClone(catalogue.requestProfiles) as RequestProfile[];
}

/** One program for verl's client; times in seconds. */
export interface VerlCall {
  code: string;
  stdin: string | null;
  compileTimeout: number;
  runTimeout: number;
  memoryLimitMb: number;
  language: string;
}

/** The body that verl's client sends, or the error without a request for a language it does not know. */
export function buildVerlRequest(call: VerlCall, requestId: string): { body: string } | { refused: string } {
  return callCore('buildVerlRequest', requestId, call);
}

/** What came of one attempt: an answer, or an exception, of Python's `requests` or another. */
export type VerlReply =
  | { status: number; reason: string; body: string }
  | { message: string; byRequests: boolean };

/** What verl's client does after an attempt, the first being 1. */
export function nextVerlStep(
  attempt: number,
  url: string,
  reply: VerlReply,
): { waitMs: number } | { answer: unknown } | { failed: string } {
  return callCore('nextVerlStep', url, { attempt, ...reply });
}

/** The status and message that SandboxFusion gives an answer with its two results. */
export function readRunStatus(answer: unknown): {
  status: 'Success' | 'Failed' | 'SandboxError';
  message: string;
} {
  return callCore('readRunStatus', '', answer);
}

/** The word that SandboxFusion's Python client has for an answer; `raised` where it raises. */
export function summarizeRun(
  answer: unknown,
  mapping: Record<string, string> = {},
): { word: string } | { raised: PythonException } {
  return callCore('summarizeRun', '', { answer, mapping });
}

/** The output and the report that ToRL makes of an answer. */
export function readTorlPair(answer: unknown): [output: string | null, report: string] {
  return callCore('readTorlPair', '', answer);
}
