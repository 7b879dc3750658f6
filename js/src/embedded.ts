import { fromCoreResult, toCoreRequest } from './convert.js';
import { core } from './core.js';
import { callCore, RunError } from './error.js';
import type { RunRequest, RunResult, Sandbox, WaitOptions } from './types.js';

/** The languages of the embedded sandbox: CPython and QuickJS. */
const LANGUAGES = ['python', 'nodejs'] as const;

/**
 * What `createSandbox()` of `fencerun-sandbox` gives, as far as it is needed here: that package may be absent, and its
 * types with it.
 */
export interface SandboxEngine {
  /** Runs a program and answers as SandboxFusion's `/run_code` does. */
  runCode(request: object, options?: { signal?: AbortSignal }): Promise<object>;
  /** Ends its workers. */
  close(): Promise<void>;
}

/**
 * The embedded sandbox as a {@link Sandbox}: a request takes the same way as one to a server, but
 * for the last step, where its body goes to the package `fencerun-sandbox` instead of a network.
 */
export class EmbeddedClient implements Sandbox {
  readonly languages: readonly string[] = LANGUAGES;
  readonly #load: () => Promise<SandboxEngine>;
  #engine: Promise<SandboxEngine> | undefined;

  /**
   * @param engine what `createSandbox()` of `fencerun-sandbox` gives, or a function that gives
   *   it when it is first needed. Default: the installed package with its defaults.
   */
  constructor(engine: SandboxEngine | (() => SandboxEngine | Promise<SandboxEngine>) = loadEngine) {
    this.#load = async () => (typeof engine === 'function' ? engine() : engine);
  }

  /** Runs one program. See {@link Sandbox.runCode}. */
  async runCode(request: RunRequest, { signal }: WaitOptions = {}): Promise<RunResult> {
    signal?.throwIfAborted();
    const body = callCore(() => core().buildRunCodeBody(toCoreRequest(request)));
    this.#engine ??= this.#load();
    const engine = await this.#engine;
    const answer = await engine.runCode(JSON.parse(body), signal ? { signal } : {});
    return fromCoreResult(callCore(() => core().readRunCodeAnswer(200, JSON.stringify(answer))));
  }

  /** Stops its workers. A later run starts them again, if the engine is not the caller's own. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await (await engine)?.close();
  }
}

async function loadEngine(): Promise<SandboxEngine> {
  try {
    // Left as it is by bundlers for servers: the sandbox finds its files beside its own.
    return (
      await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ 'fencerun-sandbox')
    ).createSandbox();
  } catch (cause) {
    const advice = 'install the package `fencerun-sandbox` beside `fencerun`, or give a `url`';
    throw new RunError('invalid_options', `the embedded sandbox could not be loaded: ${advice}`, { cause });
  }
}
