// A program in, what became of it out: in the sandbox of the page, or at a server.

import { EmbeddedClient, isIdentical, observe, RunError, type Sandbox, SandboxClient } from 'fencerun';
import type { RunStep, StepRun } from '../model/replay.js';

export interface RunnerOptions {
  /** The address of a SandboxFusion server; `null` for the sandbox of the page. */
  url: string | null;
  /** Where the files of `fencerun-sandbox` are. */
  sandboxUrl: string;
  timeoutSeconds: number;
}

export class Runner {
  readonly #sandbox: Sandbox;
  readonly #runTimeoutMs: number;

  constructor({ url, sandboxUrl, timeoutSeconds }: RunnerOptions) {
    this.#sandbox =
      url === null ? new EmbeddedClient(() => loadSandbox(sandboxUrl)) : new SandboxClient({ url });
    this.#runTimeoutMs = timeoutSeconds * 1000;
  }

  readonly run: RunStep = async ({ code, language }, recorded, signal) => {
    try {
      const result = await this.#sandbox.runCode(
        { code, language, runTimeoutMs: this.#runTimeoutMs },
        { signal },
      );
      const phase = result.run ?? result.compile;
      const { text } = observe(result);
      return {
        state: recorded === null ? 'new' : isIdentical(recorded, text) ? 'same' : 'differs',
        text,
        exitCode: phase?.exitCode ?? null,
        status: phase?.status ?? null,
        executionTimeMs: phase?.executionTimeMs ?? null,
        edited: null,
      };
    } catch (thrown) {
      signal.throwIfAborted();
      return describeFailure(thrown);
    }
  };

  close() {
    void this.#sandbox.close?.();
  }
}

function describeFailure(thrown: unknown): StepRun {
  const text = thrown instanceof RunError || thrown instanceof Error ? thrown.message : String(thrown);
  return { state: 'failed', text, exitCode: null, status: null, executionTimeMs: null, edited: null };
}

/** Loaded when the first program runs: it is many times the size of the page. */
async function loadSandbox(address: string) {
  const { createSandbox } = await import(
    /* @vite-ignore */ new URL('browser.js', new URL(address, document.baseURI)).href
  );
  return createSandbox();
}
