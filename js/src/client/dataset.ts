import { fromCoreResult, toCoreRequest } from '../convert.js';
import type { RunResult } from '../types.js';

/** How SandboxFusion is to work with a dataset; what is not given is as the dataset has it. */
export interface DatasetConfig {
  /** The class that grades, for a dataset that the server does not know by its name. */
  datasetType?: string;
  /** One of SandboxFusion's languages or an alias. */
  language?: string;
  locale?: string;
  isFewshot?: boolean;
  /** In milliseconds. */
  compileTimeoutMs?: number;
  /** In milliseconds. */
  runTimeoutMs?: number;
  /** Python code that finds the code in a completion. */
  customExtractLogic?: string;
  /** The problem itself, for a dataset that the server does not hold: its fields as the server names them. */
  providedData?: Record<string, unknown> | Record<string, unknown>[];
  /** Further settings, as the server names them. */
  extra?: Record<string, unknown>;
}

/** A dataset. */
export interface DatasetRequest {
  dataset: string;
  /** Default: nothing set. */
  config?: DatasetConfig;
}

/** Some problems of a dataset. */
export interface ProblemsRequest extends DatasetRequest {
  /** How many to pass over. Default 0. */
  offset?: number;
  /** How many to give at most. Default 1,000,000. */
  limit?: number;
}

/** One problem of a dataset. */
export interface ProblemRequest extends DatasetRequest {
  id: number | string;
}

/** A completion to grade. */
export interface Submission extends ProblemRequest {
  /** What the model wrote. */
  completion: string;
}

/** A problem's prompt. */
export interface Prompt {
  id: number | string;
  prompt: string | { role: string; content: string }[];
  labels: Record<string, unknown>;
}

/** One test of a completion. */
export interface TestedCase {
  passed: boolean;
  /** The run; with the status `sandbox_error` the sandbox itself failed, and `message` says how. */
  result: Omit<RunResult, 'status'> & { status: RunResult['status'] | 'sandbox_error' };
  testInfo: Record<string, unknown> | null;
}

/** How a completion was graded. */
export interface Evaluation {
  id: number | string;
  accepted: boolean;
  extractedCode: string;
  fullCode: string | null;
  testCode: string | null;
  tests: TestedCase[];
  /** How the code was found: `fenced`, `incomplete_fenced`, `heuristic` or `empty`. */
  extractedType: string | null;
  extra: Record<string, unknown> | null;
}

/** Graded completions of a dataset. */
export interface MetricsRequest extends DatasetRequest {
  results: readonly Evaluation[];
}

type InCore<T> = Omit<T, 'tests'> & { tests: { result: { files: Record<string, string> } }[] };

/** An evaluation as the core gives it, with its files as bytes. */
export function fromCoreEvaluation(evaluation: InCore<Evaluation>): Evaluation {
  const tests = evaluation.tests.map((one) => ({
    ...one,
    result: fromCoreResult(one.result as Parameters<typeof fromCoreResult>[0]),
  }));
  return { ...evaluation, tests: tests as unknown as TestedCase[] };
}

/** A request as the core takes it: with a configuration, and the files of its results in base64. */
export function toCoreDatasetRequest(request: DatasetRequest & { results?: readonly Evaluation[] }): object {
  const configured = { ...request, config: request?.config ?? {} };
  if (!Array.isArray(request?.results)) return configured;
  const results = request.results.map((evaluation: Evaluation) => ({
    ...evaluation,
    tests: evaluation.tests.map((one) => ({ ...one, result: toCoreRequest(one.result) })),
  }));
  return { ...configured, results };
}
