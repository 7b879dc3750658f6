import { relative } from 'node:path';
import { MultiBar, type SingleBar } from 'cli-progress';
import { isHalfWritten } from '../replayed.js';
import { listPrograms } from '../rerun.js';
import type { RolloutStep } from '../types.js';
import { formatDifference, formatHeading, formatStep } from './format.js';
import { nameOutcome, type StepOutcome } from './outcome.js';
import type { ReplayedEntry } from './replay.js';

interface ReportOptions {
  verbose?: boolean;
  json?: boolean;
  /** The size of all logs together; `undefined` when it is unknown or not all is read. */
  totalBytes: number | undefined;
}

/** How many of a kind a summary names one by one. */
const MAX_NAMED = 50;

/** Places in logs: how many, and the first of them. */
class Places {
  count = 0;
  readonly first: string[] = [];

  add(place: string): void {
    this.count += 1;
    if (this.first.length < MAX_NAMED) this.first.push(place);
  }
}

/** Writes what a replay finds to standard output as it comes, and its progress to a terminal. */
export class ReplayReport {
  readonly #options: ReportOptions;
  readonly #started = performance.now();
  readonly #bars: MultiBar | undefined;
  readonly #bar: SingleBar | undefined;
  #rollouts = 0;
  #done = 0;
  #programs = 0;
  #recorded = 0;
  #identical = 0;
  readonly #different = new Places();
  readonly #unrecorded = new Places();
  readonly #noProgram = new Places();
  readonly #noResult = new Places();
  readonly #unreadable = new Places();
  readonly #halfWritten = new Places();

  constructor(options: ReportOptions) {
    this.#options = options;
    if (!process.stderr.isTTY || options.verbose) return;
    const known = '{bar} {percentage}% | {rollouts} rollouts | {rate} programs/s | {eta_formatted} left';
    const unknown = '{rollouts} rollouts | {rate} programs/s | {duration_formatted}';
    this.#bars = new MultiBar({
      format: options.totalBytes === undefined ? unknown : known,
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 200,
    });
    this.#bar = this.#bars.create(options.totalBytes ?? 1, 0, { rollouts: 0, rate: '-' });
  }

  /** Takes note of how far the logs have been read. */
  showBytes(bytes: number): void {
    if (this.#options.totalBytes !== undefined) this.#bar?.update(bytes);
  }

  /** Takes in one entry and writes what is worth writing about it. */
  add(replayed: ReplayedEntry): void {
    const { path, entry, outcomes, isDone } = replayed;
    const { line, rollout, fault } = entry;
    const place = `${shortenPath(path)}:${line}`;
    if (!rollout) {
      (isHalfWritten(entry) ? this.#halfWritten : this.#unreadable).add(`${place} (${fault})`);
      if (this.#options.json) this.#writeJson({ path, line, outcome: 'unreadable', message: fault });
      return;
    }
    this.#rollouts += 1;
    if (isDone) this.#done += 1;
    if (this.#options.verbose && !this.#options.json && !isDone) this.#write(formatHeading(place, rollout));
    rollout.steps.forEach((step, index) => {
      const outcome = outcomes[index];
      if (!outcome) return;
      const name = rollout.steps.length === 1 ? place : `${place} step ${index + 1}`;
      this.#count(name, step, outcome);
      if (!isDone) this.#writeStep(replayed, index, name, step, outcome);
    });
    const seconds = (performance.now() - this.#started) / 1000;
    this.#bar?.update({ rollouts: this.#rollouts, rate: (this.#programs / seconds).toFixed(0) });
  }

  /** Writes the summary. Says whether every line could be read and every program gave a result. */
  finish(): boolean {
    this.#bars?.stop();
    const seconds = (performance.now() - this.#started) / 1000;
    if (this.#options.json) {
      this.#writeJson({
        summary: {
          rollouts: this.#rollouts,
          done: this.#done,
          programs: this.#programs,
          recorded: this.#recorded,
          identical: this.#identical,
          different: this.#different.count,
          unrecorded: this.#unrecorded.count,
          noProgram: this.#noProgram.count,
          noResult: this.#noResult.count,
          unreadable: this.#unreadable.count,
          halfWritten: this.#halfWritten.count,
          seconds,
        },
      });
    } else {
      this.#writeSummary(seconds);
    }
    for (const place of this.#unreadable.first) {
      process.stderr.write(`fencerun: unreadable line ${place}\n`);
    }
    return this.#unreadable.count === 0 && this.#noResult.count === 0;
  }

  #count(name: string, step: RolloutStep, outcome: StepOutcome): void {
    if (outcome.kind === 'ran' || outcome.kind === 'no_result')
      this.#programs += listPrograms(step)?.length ?? 0;
    if (step.recorded !== null) this.#recorded += 1;
    if (outcome.kind === 'no_program') this.#noProgram.add(name);
    if (outcome.kind === 'no_result') this.#noResult.add(`${name} (${outcome.message})`);
    if (outcome.kind !== 'ran') return;
    if (outcome.identical === undefined) this.#unrecorded.add(name);
    else if (outcome.identical) this.#identical += 1;
    else this.#different.add(name);
  }

  #writeStep(
    { path, entry: { line } }: ReplayedEntry,
    index: number,
    name: string,
    step: RolloutStep,
    outcome: StepOutcome,
  ): void {
    if (this.#options.json) {
      this.#writeJson({ path, line, step: index + 1, ...describeStep(step, outcome) });
    } else if (this.#options.verbose) {
      this.#write(formatStep(index + 1, step, outcome));
    } else if (outcome.kind === 'ran' && outcome.identical === false) {
      const difference = formatDifference(step.recorded ?? '', outcome.observed);
      this.#write(`different: ${name} (- recorded, + now)\n${difference}\n`);
    }
  }

  #writeSummary(seconds: number): void {
    const named: [string, Places][] = [
      ['different', this.#different],
      ['nothing recorded for', this.#unrecorded],
      ['recorded, but no code to run', this.#noProgram],
      ['no result', this.#noResult],
      ['unreadable lines', this.#unreadable],
      ['half-written last line passed over', this.#halfWritten],
    ];
    const lines = [`identical ${this.#identical} of ${this.#recorded} recorded observations`];
    for (const [title, places] of named) {
      const { count, first } = places;
      if (count === 0) continue;
      const more = count > first.length ? `, and ${count - first.length} more` : '';
      lines.push(`${title}: ${count}, at ${first.join(', ')}${more}`);
    }
    const counts = `${count(this.#rollouts, 'rollout')}, ${count(this.#programs, 'program')}`;
    const done = this.#done === 0 ? '' : `, ${count(this.#done, 'rollout')} of them replayed before`;
    lines.push(`${counts} in ${seconds.toFixed(1)} s${done}`);
    this.#write(`${lines.join('\n')}\n`);
  }

  #writeJson(value: object): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }

  #write(text: string): void {
    // Where the bar and the text share a terminal, the text has to go above the bar.
    if (this.#bars?.isActive && process.stdout.isTTY) this.#bars.log(text);
    else process.stdout.write(text);
  }
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** A path as a person at this folder would write it. */
function shortenPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}

function describeStep(step: RolloutStep, outcome: StepOutcome): object {
  const { recorded, program, further } = step;
  const programs = further.length > 0 ? { program, further } : { program };
  if (outcome.kind === 'no_result')
    return { outcome: outcome.kind, ...programs, recorded, message: outcome.message };
  if (outcome.kind !== 'ran') return { outcome: outcome.kind, ...programs, recorded };
  const { observed, result } = outcome;
  return { outcome: nameOutcome(outcome), ...programs, recorded, observed, result };
}
