import type { EmbeddedSandbox } from 'fencerun-sandbox';
import { fromCoreResult, toCoreRequest } from './convert.js';
import { core } from './core.js';
import { callCore, RunError } from './error.js';
import type { RunOptions, RunRequest, RunResult, Sandbox } from './types.js';

/** The languages of the embedded sandbox: CPython and QuickJS. */
const LANGUAGES = ['python', 'nodejs'] as const;

/**
 * The embedded sandbox as a {@link Sandbox}: a request takes the same way as one to a server, but
 * for the last step, where its body goes to the package `fencerun-sandbox` instead of a network.
 */
export class EmbeddedClient implements Sandbox {
  readonly languages: readonly string[] = LANGUAGES;
  readonly #load: () => Promise<EmbeddedSandbox>;
  #engine: Promise<EmbeddedSandbox> | undefined;

  /**
   * @param engine what `createSandbox()` of `fencerun-sandbox` gives, or a function that gives
   *   it when it is first needed. Default: the installed package with its defaults.
   */
  constructor(engine: EmbeddedSandbox | (() => EmbeddedSandbox | Promise<EmbeddedSandbox>) = loadEngine) {
    this.#load = async () => (typeof engine === 'function' ? engine() : engine);
  }

  /** Runs one program. See {@link Sandbox.runCode}. */
  async runCode(request: RunRequest, { signal, onOutput }: RunOptions = {}): Promise<RunResult> {
    signal?.throwIfAborted();
    const body = callCore(() => core().buildRunCodeBody(toCoreRequest(request)));
    this.#engine ??= this.#load();
    const engine = await this.#engine;
    const answer = await engine.runCode(JSON.parse(body), {
      ...(signal && { signal }),
      ...(onOutput && { onOutput }),
    });
    return fromCoreResult(callCore(() => core().readRunCodeAnswer(200, JSON.stringify(answer))));
  }

  /** Stops its workers. A later run starts them again, if the engine is not the caller's own. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await (await engine)?.close();
  }
}

async function loadEngine(): Promise<EmbeddedSandbox> {
  try {
    return (await import('fencerun-sandbox')).createSandbox();
  } catch (cause) {
    const advice = 'install the package `fencerun-sandbox` beside `fencerun`, or give a `url`';
    throw new RunError('invalid_options', `the embedded sandbox could not be loaded: ${advice}`, { cause });
  }
}
