// The two requests that run code. In: bodies. Out: SandboxFusion's answers. Decides who waits and who is turned away.

import type { RunFacts } from './access.js';
import { Admission } from './admission.js';
import type { Fields } from './fields.js';
import type { RunCodeAnswer, RunJupyterAnswer, ServedSandbox, Settings } from './options.js';
import {
  checkRequest,
  type RunCodeFields,
  type RunJupyterFields,
  runCodeFields,
  runJupyterFields,
} from './requests.js';

/** One answer: its status and JSON, and what is worth logging about the run. */
export interface RunAnswer {
  status: 200 | 400 | 422 | 499 | 503;
  json: string;
  run?: RunFacts;
}

/** A body as it came, and the signal that fires when its client goes away. */
export interface RunBody {
  bytes: Uint8Array;
  contentType: string | undefined;
  signal: AbortSignal;
}

/** How a kind of request is run: what it asks for, and what the sandbox makes of it. */
interface Kind<Model> {
  fields: Fields<Model>;
  language(model: Model): string;
  run(sandbox: ServedSandbox, model: Model, signal: AbortSignal): Promise<RunCodeAnswer | RunJupyterAnswer>;
}

/** Runs what requests ask for, as many at a time as there are workers. */
export class Runs {
  readonly admission: Admission;
  readonly #settings: Settings;
  readonly #code: Kind<RunCodeFields>;
  readonly #jupyter: Kind<RunJupyterFields>;
  readonly #underWay = new Set<AbortController>();
  #sandbox: Promise<ServedSandbox> | undefined;
  /** Whether it lets nothing more in. */
  isStopping = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.admission = new Admission(settings);
    const shortenAll = <Model>(model: Model, names: readonly (keyof Model)[]): Model => {
      const times = names.map((name) => [name, shorten(Number(model[name]), settings.maxTimeoutSeconds)]);
      return { ...model, ...Object.fromEntries(times) };
    };
    this.#code = {
      fields: runCodeFields(),
      language: (model) => model.language,
      run: (sandbox, model, signal) => sandbox.runCode(shortenAll(model, RUN_TIMEOUTS), { signal }),
    };
    this.#jupyter = {
      fields: runJupyterFields(),
      language: () => 'python',
      run: async (sandbox, model, signal) =>
        (await sandbox.runJupyter?.(shortenAll(model, CELL_TIMEOUTS), { signal })) ?? NO_JUPYTER,
    };
  }

  /** Answers `POST /run_code`. */
  runCode(body: RunBody): Promise<RunAnswer> {
    return this.#answer(body, this.#code);
  }

  /** Answers `POST /run_jupyter`. */
  runJupyter(body: RunBody): Promise<RunAnswer> {
    return this.#answer(body, this.#jupyter);
  }

  /** Why a request would be turned away now, if it would. */
  get refusal(): string | undefined {
    if (this.isStopping) return 'the server is stopping';
    return this.admission.isFull ? 'all workers are busy and the queue is full' : undefined;
  }

  /** The sandbox, opened by the first call. */
  openSandbox(): Promise<ServedSandbox> {
    this.#sandbox ??= this.#settings.openSandbox();
    return this.#sandbox;
  }

  /** Lets nothing more in, and waits for what is under way; when the signal fires that is stopped. */
  async stop(signal?: AbortSignal): Promise<void> {
    this.isStopping = true;
    const abort = (): void => {
      for (const controller of this.#underWay) controller.abort(STOPPED);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    await this.admission.whenIdle();
    signal?.removeEventListener('abort', abort);
    // One that never opened has been told to whoever asked for it.
    if (this.#settings.ownsSandbox) await (await this.#sandbox?.catch(() => undefined))?.close();
  }

  async #answer<Model>({ bytes, contentType, signal }: RunBody, kind: Kind<Model>): Promise<RunAnswer> {
    const checked = checkRequest(bytes, contentType, kind.fields);
    if ('answer' in checked) return { status: checked.status, json: checked.answer };
    const { refusal } = this;
    if (refusal !== undefined) return refuse(refusal);
    const leave = this.admission.enter();
    const controller = new AbortController();
    const abort = (): void => controller.abort(GONE);
    this.#underWay.add(controller);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
    try {
      const sandbox = await this.openSandbox();
      controller.signal.throwIfAborted();
      const answer = await kind.run(sandbox, checked.model, controller.signal);
      const run = { language: kind.language(checked.model), ...describeRun(answer) };
      return { status: 200, json: JSON.stringify(answer), run };
    } catch (thrown) {
      if (thrown === GONE) return { status: 499, json: '' };
      if (thrown === STOPPED) return refuse('the server stopped before the program ended');
      throw thrown;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#underWay.delete(controller);
      leave();
    }
  }
}

const GONE = new Error('the client went away');
const STOPPED = new Error('the server is stopping');

const RUN_TIMEOUTS = ['compile_timeout', 'run_timeout'] as const;
const CELL_TIMEOUTS = ['cell_timeout', 'total_timeout'] as const;

/** The smaller of both; not by `Math.min`, which would let NaN through. */
function shorten(seconds: number, most: number): number {
  return seconds < most ? seconds : most;
}

const NO_JUPYTER = {
  status: 'SandboxError',
  message: 'this sandbox runs no cells',
  driver: null,
  cells: [],
  executor_pod_name: null,
  files: {},
};

/** An answer to a request that was not let in, or not to its end. */
export function refuse(detail: string): RunAnswer {
  return { status: 503, json: JSON.stringify({ detail }) };
}

function describeRun(answer: RunCodeAnswer | RunJupyterAnswer): Omit<RunFacts, 'language'> {
  const { status } = answer;
  const result = 'driver' in answer ? answer.driver : answer.run_result;
  if (!result) return { status };
  return { status, runStatus: result.status, runMs: Math.round(result.execution_time * 1000) };
}
