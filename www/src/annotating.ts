// What a person notes on rollouts and their steps: kept, handed out and taken in.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { OpenRollout } from './app.js';
import type { AnnotationStore } from './load/annotation-store.js';
import { type Annotation, Annotations, type Subject } from './model/annotations.js';
import { type ExchangeFormat, readAnnotations, writeAnnotations } from './model/exchange.js';
import { describeThrown } from './thrown.js';

/** What there is to annotate. */
export interface Annotated {
  readonly opened: ReadonlySignal<OpenRollout>;
  readonly step: ReadonlySignal<number>;
  readonly notice: { value: string };
  /** The row of the rollout that is open. */
  readonly selectedRow: number | null;
  /** The file of a row by its name, and the line of it there, from 1. */
  fileOf(row: number): string;
  lineOf(row: number): number;
  /** The row of a line that is still there. */
  findRow(file: string, line: number): number | null;
  /** A rollout as its log has it. */
  readAsLogged(row: number): Promise<OpenRollout>;
}

export class Annotating {
  readonly annotations = new Annotations();
  /** Counts the changes to `annotations`, which is no signal itself. */
  readonly count = signal(0);
  /** Whether the step that is chosen is annotated, rather than its rollout. */
  readonly ofStep = signal(false);

  readonly #app: Annotated;
  readonly #store: AnnotationStore;

  constructor(app: Annotated, store: AnnotationStore) {
    this.#app = app;
    this.#store = store;
  }

  /** Brings what was kept. */
  async load() {
    try {
      for (const one of await this.#store.list()) this.annotations.set(one);
      this.count.value += 1;
    } catch (thrown) {
      const reason = describeThrown(thrown);
      this.#app.notice.value = `annotations cannot be kept here: ${reason}`;
    }
  }

  close() {
    // Where there is no database there is none to close.
    void this.#store.close().catch(() => {});
  }

  /** What annotations of a rollout, or of one of its steps, are about. */
  subjectOf(row: number, step: number | null): Subject {
    const [file, line] = [this.#app.fileOf(row), this.#app.lineOf(row)];
    return { file, line, step: step === null ? null : step + 1 };
  }

  /** What is annotated now; `null` while nothing is open. */
  get subject(): Subject | null {
    const row = this.#app.selectedRow;
    return row === null ? null : this.subjectOf(row, this.ofStep.value ? this.#app.step.value : null);
  }

  async annotate(subject: Subject, change: Partial<Pick<Annotation, 'labels' | 'rating' | 'note'>>) {
    const opened = this.#app.opened.peek();
    const fingerprint =
      opened.state === 'read' || opened.state === 'unreadable' ? await hash(opened.line) : '';
    const annotation = {
      ...this.annotations.get(subject),
      ...change,
      fingerprint,
      changed: new Date().toISOString(),
    };
    this.annotations.set(annotation);
    this.count.value += 1;
    await this.#store.save(annotation);
  }

  /** All annotations as a text of that format. */
  async write(format: ExchangeFormat): Promise<string> {
    const list = this.annotations.list();
    const texts = new Map<Annotation, { prompt: string; response: string }>();
    for (const annotation of list) {
      const row = this.#app.findRow(annotation.file, annotation.line);
      const opened = row === null || format === 'jsonl' ? null : await this.#app.readAsLogged(row);
      if (opened?.state !== 'read') continue;
      const steps = opened.rollout.steps.map(({ text, recorded }) =>
        recorded === null ? text : `${text}\n${recorded}`,
      );
      const response = annotation.step === null ? steps.join('\n') : (steps[annotation.step - 1] ?? '');
      texts.set(annotation, { prompt: opened.rollout.input, response });
    }
    return writeAnnotations(format, list, (annotation) => texts.get(annotation));
  }

  /** Takes in what {@link write} wrote; answers how many annotations that were. */
  async read(text: string): Promise<number> {
    const read = readAnnotations(text);
    for (const one of read) this.annotations.set(one);
    this.count.value += 1;
    await this.#store.saveAll(read);
    return read.length;
  }
}

async function hash(text: string): Promise<string> {
  // Pages without a secure origin have no `subtle`.
  const digest = await globalThis.crypto?.subtle?.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest ?? new ArrayBuffer())]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
