// Programs of rollouts run again: a step, a rollout or all that are shown, and what came of it.

import { type ReadonlySignal, signal } from '@preact/signals';
import { listPrograms, type StepProgram } from '../../js/src/rerun.js';
import type { OpenRollout } from './app.js';
import { Unreachable } from './load/reach.js';
import { askServer, describeFailure, Runner } from './load/runner.js';
import type { GivenServer } from './load/server.js';
import { NO_SUMMARY, Runs, replay, type StepRun, type Summary } from './model/replay.js';
import type { Settings } from './settings.js';
import { describeThrown } from './thrown.js';

export interface Replay {
  state: 'running' | 'paused' | 'done' | 'stopped';
  summary: Summary;
  total: number;
  startedMs: number;
  /** Why it was stopped, if not by a person. */
  reason: string | null;
  /** The profile that says what runs; `null` when the log's own rules do. */
  runsBy: string | null;
}

/** What there is to run. */
export interface Runnable {
  readonly opened: ReadonlySignal<OpenRollout>;
  readonly step: ReadonlySignal<number>;
  readonly notice: { value: string };
  readonly settings: ReadonlySignal<Settings>;
  /** The rows that are shown. */
  readonly order: ReadonlySignal<Uint32Array>;
  /** The profile that says what runs; `null` when the log's own rules do. */
  readonly runsBy: ReadonlySignal<string | null>;
  /** The server that programs run at; `null` for the sandbox of the page. */
  readonly server: ReadonlySignal<GivenServer | null>;
  /** The file of a row by its name, and the line of it there, from 1. */
  fileOf(row: number): string;
  lineOf(row: number): number;
  /** Resolves when the rollout that was chosen is open: a key may come before what it is about has been read. */
  whenOpen(): Promise<void>;
  /** A rollout with the steps that a profile, or the log itself, says. */
  read(row: number, runsBy: string | null): Promise<OpenRollout>;
}

export class Running {
  /** The steps that run now, as `ROW:STEP`. */
  readonly steps = signal<ReadonlySet<string>>(new Set());
  readonly replay = signal<Replay | null>(null);
  /** Counts the changes to `runs`, which is no signal itself. */
  readonly count = signal(0);

  readonly #app: Runnable;
  readonly #sandboxUrl: string;
  /** The runs by what said which code runs: a profile, or the log's own rules, whose name is empty. */
  readonly #runs = new Map<string, Runs>();
  #runner: Runner | undefined;
  #token = '';
  #stop = new AbortController();
  #resume = () => {};
  #paused: Promise<void> | undefined;

  constructor(app: Runnable, sandboxUrl: string) {
    this.#app = app;
    this.#sandboxUrl = sandboxUrl;
  }

  /** Gives up the sandbox and everything that runs. */
  close() {
    this.#stop.abort();
    this.#runner?.close();
  }

  /** What ran by what says now which code runs. `count` tells when that is another. */
  get runs(): Runs {
    const runsBy = this.#app.runsBy.peek() ?? '';
    const runs = this.#runs.get(runsBy) ?? new Runs();
    this.#runs.set(runsBy, runs);
    return runs;
  }

  /** Forgets all runs. */
  clear() {
    this.#runs.clear();
    this.replay.value = null;
    this.count.value += 1;
  }

  /** Sets the bearer token of the server that the settings name. It is not remembered. */
  setToken(token: string) {
    this.#token = token;
    this.startAnew();
  }

  /** Has the next program run in a sandbox of its own settings: those of before have changed. */
  startAnew() {
    this.#runner?.close();
    this.#runner = undefined;
  }

  /** Asks the server that programs run at whether it is there. */
  askServer() {
    const server = this.#app.server.peek();
    return server && askServer(server.url, this.#token);
  }

  #startRunner() {
    const { timeoutSeconds, runsAt } = this.#app.settings.peek();
    this.#runner ??= new Runner({
      url: this.#app.server.peek()?.url ?? null,
      token: runsAt === 'server' ? this.#token : '',
      sandboxUrl: this.#sandboxUrl,
      timeoutSeconds,
    });
    return this.#runner;
  }

  /** Runs the step that is chosen; `code` instead of its own when it was edited. */
  async runStep(code: string | null = null) {
    await this.#app.whenOpen();
    const opened = this.#app.opened.peek();
    if (opened.state !== 'read') return;
    const index = this.#app.step.peek();
    const step = opened.rollout.steps[index];
    const programs = step && listPrograms(step);
    if (!programs) {
      this.#app.notice.value = 'this step has no code to run';
      return;
    }
    const [first, ...further] = programs;
    const edited = code !== null && code !== first.code ? code : null;
    const changed = { ...first, code: edited ?? first.code };
    await this.#runOne(this.runs, opened.row, index, [changed, ...further], step.recorded, edited);
  }

  /** Runs all steps of the rollout that is open, one after the other. */
  async runRollout() {
    await this.#app.whenOpen();
    const opened = this.#app.opened.peek();
    if (opened.state !== 'read') return;
    const [{ signal }, { runs }] = [this.#stop, this];
    for (const [index, step] of opened.rollout.steps.entries()) {
      if (signal.aborted) return;
      const programs = listPrograms(step);
      if (programs) await this.#runOne(runs, opened.row, index, programs, step.recorded, null);
    }
    if (!signal.aborted) runs.finish(opened.row);
  }

  async #runOne(
    runs: Runs,
    row: number,
    step: number,
    programs: readonly [StepProgram, ...StepProgram[]],
    recorded: string | null,
    edited: string | null,
  ) {
    const key = `${row}:${step}`;
    if (this.steps.peek().has(key)) return;
    const { signal } = this.#stop;
    this.steps.value = new Set(this.steps.peek()).add(key);
    try {
      const run = await this.#startRunner().run(programs, recorded, signal);
      this.#keep(runs, row, step, { ...run, edited });
    } catch (thrown) {
      if (signal.aborted) this.#app.notice.value = 'stopped';
      else if (thrown instanceof Unreachable) this.#keep(runs, row, step, describeFailure(thrown.message));
      else throw thrown;
    } finally {
      const left = new Set(this.steps.peek());
      left.delete(key);
      this.steps.value = left;
    }
  }

  #keep(runs: Runs, row: number, step: number, run: StepRun) {
    runs.set(row, step, run);
    this.count.value += 1;
  }

  /** Runs every program of the rollouts that are shown and compares with what was recorded. */
  async replayShown() {
    if (this.replay.peek()?.state === 'running' || this.replay.peek()?.state === 'paused') return;
    const rows = this.#app.order.peek().slice();
    const runner = this.#startRunner();
    const { signal } = this.#stop;
    const startedMs = performance.now();
    const [runsBy, runs] = [this.#app.runsBy.peek(), this.runs];
    const show = (state: Replay['state'], summary: Summary, reason: string | null = null) => {
      this.replay.value = { state, summary, total: rows.length, startedMs, reason, runsBy };
    };
    let summary = NO_SUMMARY;
    show('running', summary);
    try {
      await replay({
        rows,
        readSteps: async (row) => {
          const opened = await this.#app.read(row, runsBy);
          if (opened.state !== 'read') throw new Error('unreadable');
          return opened.rollout.steps;
        },
        runStep: runner.run,
        concurrency: this.#app.settings.peek().concurrency,
        signal,
        whenGoing: () => this.#paused ?? Promise.resolve(),
        onRun: (row, step, run) => this.#keep(runs, row, step, run),
        onFinished: (row) => runs.finish(row),
        onSummary: (now) => {
          summary = now;
          show(this.#paused ? 'paused' : 'running', now);
        },
      });
      show('done', summary);
    } catch (thrown) {
      if (!signal.aborted && !(thrown instanceof Unreachable)) throw thrown;
      show('stopped', summary, signal.aborted ? null : describeThrown(thrown));
    }
  }

  /** Pauses a replay, or goes on with it. */
  pause() {
    const { value } = this.replay;
    if (value?.state === 'running') {
      this.#paused = new Promise((resolve) => {
        this.#resume = resolve;
      });
      this.replay.value = { ...value, state: 'paused' };
    } else if (value?.state === 'paused') {
      this.#paused = undefined;
      this.#resume();
      this.replay.value = { ...value, state: 'running' };
    }
  }

  /** Stops whatever runs. */
  stop() {
    this.#stop.abort(new Error('stopped'));
    this.#stop = new AbortController();
    this.#paused = undefined;
    this.#resume();
  }

  /** The runs as JSON, one object a line. */
  write(): string {
    const lines = [];
    for (const [row, step, run] of this.runs.entries()) {
      const { state, text, exitCode, status, executionTimeMs, edited } = run;
      const timedOut = status === 'time_limit_exceeded';
      const where = { file: this.#app.fileOf(row), line: this.#app.lineOf(row), step: step + 1 };
      lines.push(
        `${JSON.stringify({ ...where, state, observation: text, exitCode, timedOut, executionTimeMs, edited })}\n`,
      );
    }
    return lines.join('');
  }
}
