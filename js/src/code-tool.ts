import { SandboxClient, type SandboxClientOptions } from './client.js';
import { EmbeddedClient } from './embedded.js';
import { extract } from './extract.js';
import { observe } from './observe.js';
import { select } from './select.js';
import type { Block, Observation, RunRequest, RunResult, Sandbox, WaitOptions } from './types.js';

/** Options of {@link CodeTool}. */
export interface CodeToolOptions {
  /** Where programs run. Default: at `url`, or without one in the embedded sandbox. */
  sandbox?: Sandbox;
  /** The address of a SandboxFusion server. */
  url?: string;
  /** How to talk to the server at `url`. */
  client?: Omit<SandboxClientOptions, 'url'>;
  /** What every request has besides its code and language: time-outs, memory limit, files. */
  request?: Omit<RunRequest, 'code' | 'language'>;
}

/** What became of one output of a model. */
export interface Execution {
  /** The block that ran; `null` when the text has none that can. */
  block: Block | null;
  /** The language it ran as. */
  language: string | null;
  result: RunResult | null;
  /** What to append to the conversation; `null` when nothing ran. */
  observation: Observation | null;
}

/** The code tool: finds the code in a model's output, runs it, gives back what it printed. */
export class CodeTool {
  readonly #sandbox: Sandbox;
  readonly #request: Omit<RunRequest, 'code' | 'language'>;

  constructor({ sandbox, url, client, request }: CodeToolOptions = {}) {
    this.#sandbox =
      sandbox ?? (url === undefined ? new EmbeddedClient() : new SandboxClient({ ...client, url }));
    this.#request = request ?? {};
  }

  /**
   * Runs the first block of `modelOutput` in a language that the sandbox runs; an untagged block
   * counts as Python, an `output` block never runs.
   *
   * @throws {RunError} when a block was found and its run gave no result.
   * @throws `signal.reason` itself when the signal is aborted.
   */
  async execute(modelOutput: string, { signal }: WaitOptions = {}): Promise<Execution> {
    signal?.throwIfAborted();
    const [program] = select(extract(modelOutput), { languages: this.#sandbox.languages });
    const block = program?.blocks[0];
    if (!program || !block) return { block: null, language: null, result: null, observation: null };
    const { code, language } = program;
    const request = { ...this.#request, code, language };
    const result = await this.#sandbox.runCode(request, { signal });
    return { block, language, result, observation: observe(result) };
  }

  /** Gives up what the sandbox holds. May be called more than once. */
  async close(): Promise<void> {
    await this.#sandbox.close?.();
  }

  /** The same as {@link close}, for `using`. */
  [Symbol.dispose](): void {
    void this.close();
  }
}
