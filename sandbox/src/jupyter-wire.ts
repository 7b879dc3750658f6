// SandboxFusion's objects for POST /run_jupyter. In: whatever the caller sent, and reports of cells. Out: a request with
// every field in place or a TypeError that says which is wrong; cells as the original answers them.

import type { CellReport } from './cells.js';
import { decodeOutput } from './decode.js';
import type { Stream } from './job.js';
import {
  type CommandRunResult,
  checkFetchFiles,
  checkFiles,
  checkNumber,
  checkText,
  describe,
} from './wire.js';

/** The body of POST /run_jupyter. */
export interface RunJupyterRequest {
  /** Run one after the other in one interpreter. */
  cells: string[];
  /** Seconds for each cell; 0, the default, for no limit of its own. */
  cell_timeout?: number;
  /** Seconds for all cells; 45. */
  total_timeout?: number;
  /** -1: the sandbox's own limit. */
  memory_limit_MB?: number;
  kernel?: 'python3';
  /** Paths and base64; null entries are passed over. */
  files?: Record<string, string | null>;
  fetch_files?: string[];
}

/** An exception as a Jupyter kernel reports it; the traceback has ANSI colours. */
export interface JupyterError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** What a cell wrote, showed and failed with. */
export interface JupyterCell {
  stdout: string;
  stderr: string;
  /** Media types and data: what `display` was called with, and the value of the last expression. */
  display: Record<string, unknown>[];
  /** Empty, or one. */
  error: JupyterError[];
  /** Only there when something was cut. */
  stdout_truncated?: true;
  stderr_truncated?: true;
  display_truncated?: true;
}

/** The answer of POST /run_jupyter. */
export interface RunJupyterResponse {
  status: 'Success' | 'Failed' | 'SandboxError';
  message: string;
  /** How the cells ran as a whole. An exception in a cell is no failure. */
  driver: CommandRunResult | null;
  /** The cells that began. */
  cells: JupyterCell[];
  executor_pod_name: null;
  /** base64 of the fetched files. */
  files: Record<string, string>;
}

/** A request whose fields are all there. */
export interface CheckedJupyterRequest {
  cells: string[];
  cellTimeoutSeconds: number;
  totalTimeoutSeconds: number;
  memoryLimitMb: number;
  files: [path: string, base64: string][];
  fetchFiles: string[];
}

const DEFAULT_TOTAL_TIMEOUT_SECONDS = 45;
const KERNEL = 'python3';

/** Reads a request and fills in what it leaves out. */
export function checkJupyterRequest(request: unknown): CheckedJupyterRequest {
  if (typeof request !== 'object' || request === null)
    throw new TypeError(`a request must be an object, not ${describe(request)}`);
  const fields = request as Record<string, unknown>;
  if (!Array.isArray(fields.cells))
    throw new TypeError(`cells must be an array of code, not ${describe(fields.cells)}`);
  if (fields.kernel !== undefined && fields.kernel !== KERNEL)
    throw new TypeError(`kernel must be '${KERNEL}', not ${describe(fields.kernel)}`);
  const memoryLimitMb = checkNumber(fields.memory_limit_MB, 'memory_limit_MB', -1);
  if (!Number.isInteger(memoryLimitMb))
    throw new TypeError(`memory_limit_MB must be an integer, not ${memoryLimitMb}`);
  return {
    cells: fields.cells.map((cell, index) => checkText(cell, `cells[${index}]`)),
    cellTimeoutSeconds: checkNumber(fields.cell_timeout, 'cell_timeout', 0),
    totalTimeoutSeconds: checkNumber(fields.total_timeout, 'total_timeout', DEFAULT_TOTAL_TIMEOUT_SECONDS),
    memoryLimitMb,
    files: checkFiles(fields.files),
    fetchFiles: checkFetchFiles(fields.fetch_files),
  };
}

/** A number as Python writes a float. */
function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

/** What the original's driver prints before it starts: the request as it understood it. */
export function describeDriver(request: CheckedJupyterRequest): string {
  const cells = request.cells.map((cell) => `    ${JSON.stringify(cell)}`).join(',\n');
  return [
    'config: ',
    '{',
    `  "kernel": "${KERNEL}",`,
    `  "cells": ${cells ? `[\n${cells}\n  ]` : '[]'},`,
    `  "cell_timeout": ${formatFloat(request.cellTimeoutSeconds)},`,
    `  "total_timeout": ${formatFloat(request.totalTimeoutSeconds)}`,
    '}',
    '',
  ].join('\n');
}

/** What the guest hands over, or undefined for what only a hostile program can have written. */
function readShown(message: string): { display?: Record<string, unknown>; error?: JupyterError } | undefined {
  try {
    const { display, error } = JSON.parse(message);
    if (isObject(display)) return { display };
    return isError(error) ? { error } : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isError(value: unknown): value is JupyterError {
  if (!isObject(value) || !Array.isArray(value.traceback)) return false;
  return [value.ename, value.evalue, ...value.traceback].every((text) => typeof text === 'string');
}

/** A reason of the sandbox's, in the place of an exception. */
function describeEnd({ end }: CellReport): JupyterError | undefined {
  const build = (ename: string, evalue: string) => ({ ename, evalue, traceback: [`${ename}: ${evalue}`] });
  if (end.kind === 'timeout')
    return build('TimeLimitExceeded', `the cell was stopped after ${end.seconds.toFixed(3)} s`);
  if (end.kind === 'failed') return build('DeadKernelError', `the sandbox worker stopped: ${end.reason}`);
  return end.outcome.death === undefined ? undefined : build('DeadKernelError', end.outcome.death);
}

/** A cell as the original answers it. */
export function buildCell(report: CellReport, maxOutputBytes: number): JupyterCell {
  const { end, output } = report;
  const isTruncated = (part: Stream) =>
    end.kind === 'done' ? end.outcome.truncated.includes(part) : countBytes(output[part]) >= maxOutputBytes;
  const shown = report.shown.map(readShown);
  const ended = describeEnd(report);
  return {
    stdout: decodeOutput(output.stdout, { truncated: isTruncated('stdout') }),
    stderr: decodeOutput(output.stderr, { truncated: isTruncated('stderr') }),
    display: shown.flatMap((message) => (message?.display ? [message.display] : [])),
    error: [
      ...shown.flatMap((message) => (message?.error ? [message.error] : [])),
      ...(ended ? [ended] : []),
    ],
    ...(isTruncated('stdout') && { stdout_truncated: true as const }),
    ...(isTruncated('stderr') && { stderr_truncated: true as const }),
    ...(end.kind === 'done' &&
      end.outcome.truncated.includes('display') && { display_truncated: true as const }),
  };
}

/** The length of output in pieces. */
export function countBytes(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((length, piece) => length + piece.length, 0);
}

/** An answer without cells. */
export function buildJupyterError(message: string): RunJupyterResponse {
  return { status: 'SandboxError', message, driver: null, cells: [], executor_pod_name: null, files: {} };
}
