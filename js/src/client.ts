import { callCore } from './call.js';
import { buildRunBody } from './client/build-run.js';
import {
  type DatasetRequest,
  type Evaluation,
  fromCoreEvaluation,
  type MetricsRequest,
  type ProblemRequest,
  type ProblemsRequest,
  type Prompt,
  type Submission,
  toCoreDatasetRequest,
} from './client/dataset.js';
import { readSettings, type SandboxClientOptions, type Settings } from './client/options.js';
import { ask, send } from './client/send.js';
import { requestTimeoutMs } from './client/timeout.js';
import { fromCoreResult, toCoreRequest } from './convert.js';
import { RunError } from './error.js';
import { languages } from './select.js';
import type { JupyterRequest, JupyterResult, RunRequest, RunResult, Sandbox, WaitOptions } from './types.js';

export type {
  DatasetConfig,
  DatasetRequest,
  Evaluation,
  MetricsRequest,
  ProblemRequest,
  ProblemsRequest,
  Prompt,
  Submission,
  TestedCase,
} from './client/dataset.js';
export type { Attempt, Retry, RetryPolicyName, SandboxClientOptions } from './client/options.js';

/** Whether an endpoint is there. */
export interface EndpointHealth {
  /** Its address, that of `/run_code`. */
  url: string;
  /** Why it does not answer; `undefined` when it does. */
  error: RunError | undefined;
}

/**
 * A client of a SandboxFusion server, or of several that share the work. Holds no connection: nothing needs closing.
 *
 * Every method rejects with a {@link RunError} when there is no result, and with `signal.reason` itself when the
 * signal is aborted, which also gives up the request.
 */
export class SandboxClient implements Sandbox {
  readonly languages: readonly string[] = languages();
  readonly #options: SandboxClientOptions;
  #settings: Settings | undefined;

  constructor(options: SandboxClientOptions) {
    const { url } = options ?? {};
    const isList = Array.isArray(url) && url.length > 0 && url.every((one) => typeof one === 'string');
    if (typeof url !== 'string' && !isList) {
      throw new RunError('invalid_options', 'url: expected the address of a sandbox');
    }
    this.#options = options;
  }

  /** Runs one program. */
  async runCode(request: RunRequest, options?: WaitOptions): Promise<RunResult> {
    const { maxCompileTimeoutMs, maxRunTimeoutMs } = this.#read();
    const compileTimeoutMs = clamp(request?.compileTimeoutMs, maxCompileTimeoutMs);
    const runTimeoutMs = clamp(request?.runTimeoutMs, maxRunTimeoutMs);
    // Copied only where something is shortened.
    const isClamped =
      compileTimeoutMs !== request?.compileTimeoutMs || runTimeoutMs !== request?.runTimeoutMs;
    const clamped = isClamped ? { ...request, compileTimeoutMs, runTimeoutMs } : request;
    const timeouts = [compileTimeoutMs, runTimeoutMs];
    const body = buildRunBody(clamped as RunRequest);
    return (await this.#send('run_code', body, options, timeouts)) as RunResult;
  }

  /** Runs the cells of one notebook, each with what those before it have left. */
  async runJupyter(request: JupyterRequest, options?: WaitOptions): Promise<JupyterResult> {
    const { maxRunTimeoutMs } = this.#read();
    const cellTimeoutMs = clamp(request?.cellTimeoutMs, maxRunTimeoutMs);
    const totalTimeoutMs = clamp(request?.totalTimeoutMs, maxRunTimeoutMs);
    const clamped = { ...request, cellTimeoutMs, totalTimeoutMs };
    const answer = await this.#post('run_jupyter', toCoreRequest(clamped), options, [totalTimeoutMs]);
    return fromCoreResult(answer as Parameters<typeof fromCoreResult<JupyterResult>>[0]);
  }

  /** Grades a completion with the tests of its problem. */
  async submit(request: Submission, options?: WaitOptions): Promise<Evaluation> {
    const answer = await this.#post('submit', toCoreDatasetRequest(request), options);
    return fromCoreEvaluation(answer as Parameters<typeof fromCoreEvaluation>[0]);
  }

  /** Names all datasets. */
  async listDatasets(options?: WaitOptions): Promise<string[]> {
    return (await this.#send('list_datasets', undefined, options)) as string[];
  }

  /** The identifiers of problems of a dataset. */
  async listIds(request: ProblemsRequest, options?: WaitOptions): Promise<(number | string)[]> {
    const answer = await this.#post('list_ids', toCoreDatasetRequest(request), options);
    return answer as (number | string)[];
  }

  /** The prompts of problems of a dataset. */
  async getPrompts(request: ProblemsRequest, options?: WaitOptions): Promise<Prompt[]> {
    return (await this.#post('get_prompts', toCoreDatasetRequest(request), options)) as Prompt[];
  }

  /** The prompt of one problem. */
  async getPromptById(request: ProblemRequest, options?: WaitOptions): Promise<Prompt> {
    return (await this.#post('get_prompt_by_id', toCoreDatasetRequest(request), options)) as Prompt;
  }

  /** The metrics of graded completions, as the server names them; empty for a dataset without any. */
  async getMetrics(request: MetricsRequest, options?: WaitOptions): Promise<Record<string, unknown>> {
    const answer = await this.#post('get_metrics', toCoreDatasetRequest(request), options);
    return answer as Record<string, unknown>;
  }

  /** The Python source of the function that computes the metrics; `null` for a dataset without one. */
  async getMetricsFunction(request: DatasetRequest, options?: WaitOptions): Promise<string | null> {
    const answer = await this.#post('get_metrics_function', toCoreDatasetRequest(request), options);
    return (answer as { function: string | null }).function;
  }

  /** Asks whether the server is there; resolves to its answer, `pong`. */
  async ping(options?: WaitOptions): Promise<string> {
    return (await this.#send('v1/ping', undefined, options)) as string;
  }

  /** Asks all endpoints at once whether they are there, and sends to those that are from then on. */
  async checkHealth(): Promise<EndpointHealth[]> {
    const settings = this.#read();
    const check = async (endpoint: (typeof settings.endpoints)[number]) => {
      const error = await ask(endpoint, settings);
      if (error) endpoint.markDown(Date.now(), settings.healthCheckMs);
      else endpoint.markUp();
      return { url: endpoint.url, error };
    };
    return Promise.all(settings.endpoints.map(check));
  }

  #read(): Settings {
    this.#settings ??= readSettings(this.#options);
    return this.#settings;
  }

  #post(
    route: string,
    request: object,
    options: WaitOptions | undefined,
    timeouts?: readonly (number | undefined)[],
  ): Promise<unknown> {
    const body = callCore<string>('buildBody', '', { route, request });
    return this.#send(route, body, options, timeouts);
  }

  #send(
    route: string,
    body: string | undefined,
    { signal }: WaitOptions = {},
    timeouts: readonly (number | undefined)[] = [],
  ): Promise<unknown> {
    const settings = this.#read();
    const timeoutMs = settings.requestTimeoutMs ?? requestTimeoutMs(route, timeouts);
    return send(settings, { route, body, timeoutMs, signal });
  }
}

/** A number shortened to the longest that is allowed; whatever else is left for the core to judge. */
function clamp(value: number | undefined, most: number): number | undefined {
  return typeof value === 'number' && value > most ? most : value;
}
