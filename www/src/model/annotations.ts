// What a person says of a rollout or of a step in it.

/** One annotation. Lines are identified by file and number; the fingerprint tells whether a line is still the same. */
export interface Annotation {
  file: string;
  /** The number of the line in the file, from 1. */
  line: number;
  /** The step, from 1; `null` for the whole rollout. */
  step: number | null;
  labels: string[];
  /** From 1 to 5; `null` for none. */
  rating: number | null;
  note: string;
  /** SHA-256 of the line in hexadecimal digits; empty when it could not be made. */
  fingerprint: string;
  /** When it was last changed: ISO 8601 in UTC. */
  changed: string;
}

export type Subject = Pick<Annotation, 'file' | 'line' | 'step'>;

export function keyOf({ file, line, step }: Subject): string {
  return JSON.stringify([file, line, step]);
}

export function isEmpty({ labels, rating, note }: Annotation): boolean {
  return labels.length === 0 && rating === null && note === '';
}

export function blankAnnotation(subject: Subject): Annotation {
  const { file, line, step } = subject;
  return { file, line, step, labels: [], rating: null, note: '', fingerprint: '', changed: '' };
}

/** All annotations of a person, by subject, with an index by rollout for the list. */
export class Annotations {
  readonly #byKey = new Map<string, Annotation>();
  readonly #byRollout = new Map<string, Set<string>>();

  get size() {
    return this.#byKey.size;
  }

  get(subject: Subject): Annotation {
    return this.#byKey.get(keyOf(subject)) ?? blankAnnotation(subject);
  }

  /** Keeps an annotation, or forgets it when it says nothing. */
  set(annotation: Annotation) {
    const key = keyOf(annotation);
    const rollout = keyOf({ ...annotation, step: null });
    const keys = this.#byRollout.get(rollout) ?? new Set();
    if (isEmpty(annotation)) {
      this.#byKey.delete(key);
      keys.delete(key);
    } else {
      this.#byKey.set(key, annotation);
      keys.add(key);
    }
    if (keys.size === 0) this.#byRollout.delete(rollout);
    else this.#byRollout.set(rollout, keys);
  }

  /** The annotations of a rollout and of its steps. */
  ofRollout(file: string, line: number): Annotation[] {
    const keys = this.#byRollout.get(keyOf({ file, line, step: null })) ?? [];
    return [...keys].map((key) => this.#byKey.get(key)).filter((one) => one !== undefined);
  }

  list(): Annotation[] {
    return [...this.#byKey.values()].sort(
      (left, right) =>
        left.file.localeCompare(right.file, 'en', { numeric: true }) ||
        left.line - right.line ||
        (left.step ?? 0) - (right.step ?? 0),
    );
  }

  /** Every label in use, the most frequent first. */
  listLabels(): string[] {
    const counts = new Map<string, number>();
    for (const { labels } of this.#byKey.values()) {
      for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return [...counts]
      .sort((left, right) => right[1] - left[1] || left[0].localeCompare(right[0]))
      .map(([label]) => label);
  }
}
