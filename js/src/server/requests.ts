// The bodies of SandboxFusion's requests. In: a body. Out: a request with every field in place, or an answer that says
// what is wrong with it, as the original's FastAPI says it.

import { languages } from '../select.js';
import { type Body, readBody } from './body.js';
import {
  checkModel,
  dictionary,
  type FieldError,
  FieldErrors,
  type Fields,
  float,
  integer,
  list,
  literal,
  nullable,
  string,
} from './fields.js';

/** The body of `POST /run_code`; time-outs are in seconds. */
export interface RunCodeFields {
  compile_timeout: number;
  run_timeout: number;
  memory_limit_MB: number;
  code: string;
  stdin: string | null;
  language: string;
  files: Record<string, string | null>;
  fetch_files: string[];
}

/** The body of `POST /run_jupyter`; time-outs are in seconds. */
export interface RunJupyterFields {
  cells: string[];
  cell_timeout: number;
  total_timeout: number;
  memory_limit_MB: number;
  kernel: 'python3';
  files: Record<string, string>;
  fetch_files: string[];
}

/** The fields of `POST /run_code`. */
export function runCodeFields(): Fields<RunCodeFields> {
  return {
    compile_timeout: { type: float, fallback: 10 },
    run_timeout: { type: float, fallback: 10 },
    memory_limit_MB: { type: integer, fallback: -1 },
    code: { type: string },
    stdin: { type: nullable(string), fallback: null },
    language: { type: literal(languages()) },
    files: { type: dictionary(nullable(string)), fallback: {} },
    fetch_files: { type: list(string), fallback: [] },
  };
}

/** The fields of `POST /run_jupyter`. */
export function runJupyterFields(): Fields<RunJupyterFields> {
  return {
    cells: { type: list(string) },
    cell_timeout: { type: float, fallback: 0 },
    total_timeout: { type: float, fallback: 45 },
    memory_limit_MB: { type: integer, fallback: -1 },
    kernel: { type: literal(['python3']), fallback: 'python3' },
    files: { type: dictionary(string), fallback: {} },
    fetch_files: { type: list(string), fallback: [] },
  };
}

/** A request, or the answer in its place. */
export type Checked<Model> = { model: Model } | { status: 400 | 422; answer: string };

/** Reads and checks the body of a request. */
export function checkRequest<Model>(
  bytes: Uint8Array,
  contentType: string | undefined,
  fields: Fields<Model>,
): Checked<Model> {
  const body = readBody(bytes, contentType);
  if (body.kind === 'unreadable') return UNREADABLE;
  const errors = new FieldErrors();
  const model = body.kind === 'value' ? checkModel(body.value, fields, errors) : undefined;
  const detail = body.kind === 'value' ? errors.list : [describeFault(body)];
  if (model !== undefined && detail.length === 0) return { model };
  try {
    return { status: 422, answer: JSON.stringify({ detail }) };
  } catch {
    // An input that nests too deep to be written: Python could not have read it.
    return UNREADABLE;
  }
}

const UNREADABLE: Checked<never> = {
  status: 400,
  answer: JSON.stringify({ detail: 'There was an error parsing the body' }),
};

function describeFault(body: Exclude<Body, { kind: 'value' | 'unreadable' }>): FieldError {
  if (body.kind === 'missing') {
    const url = 'https://errors.pydantic.dev/2.6/v/missing';
    return { type: 'missing', loc: ['body'], msg: 'Field required', input: null, url };
  }
  const ctx = { error: body.message };
  return { type: 'json_invalid', loc: ['body', body.position], msg: 'JSON decode error', input: {}, ctx };
}
