// Programs in, what became of them out: in the sandbox of the page, or at a server.

import { EmbeddedClient, RunError, type Sandbox, SandboxClient } from 'fencerun';
import { rerun, type StepProgram } from '../../../js/src/rerun.js';
import type { RunStep, StepRun } from '../model/replay.js';
import { describeThrown } from '../thrown.js';
import { explainUnreachable, Unreachable } from './reach.js';

export interface RunnerOptions {
  /** The address of a SandboxFusion server; `null` for the sandbox of the page. */
  url: string | null;
  /** The bearer token of that server; empty for none. */
  token: string;
  /** Where the files of `fencerun-sandbox` are. */
  sandboxUrl: string;
  timeoutSeconds: number;
}

/** How long a server may take to say that it is there, in milliseconds. */
const PING_TIMEOUT_MS = 5000;

export class Runner {
  readonly #url: string | null;
  readonly #sandbox: Sandbox;
  readonly #runTimeoutMs: number;

  constructor({ url, token, sandboxUrl, timeoutSeconds }: RunnerOptions) {
    this.#url = url;
    this.#sandbox =
      url === null
        ? new EmbeddedClient(() => loadSandbox(sandboxUrl))
        : new SandboxClient({ url, ...(token !== '' && { token }) });
    this.#runTimeoutMs = timeoutSeconds * 1000;
  }

  readonly run: RunStep = async (programs, recorded, signal) => {
    try {
      const run = (program: StepProgram) =>
        this.#sandbox.runCode({ ...program, runTimeoutMs: this.#runTimeoutMs }, { signal });
      const { observed, identical, ...rest } = await rerun(programs, recorded, run);
      const { exitCode, status, executionTimeMs } = rest;
      const state = identical === undefined ? 'new' : identical ? 'same' : 'differs';
      return { state, text: observed, exitCode, status, executionTimeMs, edited: null };
    } catch (thrown) {
      signal.throwIfAborted();
      if (this.#url !== null && isUnreached(thrown)) {
        throw new Unreachable(await explainUnreachable(this.#url), { cause: thrown });
      }
      return describeFailure(describeThrown(thrown));
    }
  };

  close() {
    void this.#sandbox.close?.();
  }
}

/** Asks a server whether it is there; the answer is a sentence. */
export async function askServer(url: string, token: string): Promise<{ isThere: boolean; text: string }> {
  try {
    const options = { requestTimeoutMs: PING_TIMEOUT_MS, maxAttempts: 1, ...(token !== '' && { token }) };
    await new SandboxClient({ url, ...options }).ping();
    return { isThere: true, text: 'it answers' };
  } catch (thrown) {
    if (isUnreached(thrown)) return { isThere: false, text: await explainUnreachable(url) };
    return { isThere: false, text: describeThrown(thrown) };
  }
}

function isUnreached(thrown: unknown): boolean {
  return thrown instanceof RunError && thrown.code === 'network';
}

/** A run without a result, for a reason. */
export function describeFailure(text: string): StepRun {
  return { state: 'failed', text, exitCode: null, status: null, executionTimeMs: null, edited: null };
}

/** Loaded when the first program runs: it is many times the size of the page. */
export async function loadSandbox(address: string) {
  const { createSandbox } = await import(
    /* @vite-ignore */ new URL('browser.js', new URL(address, document.baseURI)).href
  );
  return createSandbox();
}
