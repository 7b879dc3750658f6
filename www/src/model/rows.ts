// The facts of all rollouts, in columns that grow.

import type { PlacedFacts } from '../load/index-client.js';
import { FLAGS, type Place } from '../work/protocol.js';

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

class Column {
  #values: Numbers;
  #length = 0;

  constructor(readonly kind: new (length: number) => Numbers) {
    this.#values = new kind(1024);
  }

  append(more: Numbers) {
    const length = this.#length + more.length;
    if (length > this.#values.length) {
      const grown = new this.kind(Math.max(length, this.#values.length * 2));
      grown.set(this.#values.subarray(0, this.#length));
      this.#values = grown;
    }
    this.#values.set(more, this.#length);
    this.#length = length;
  }

  at(row: number): number {
    return this.#values[row] ?? Number.NaN;
  }
}

/** A row's number says in which order it was read; it never changes. */
export class Rows {
  readonly #source = new Column(Uint16Array);
  readonly #offset = new Column(Float64Array);
  readonly #bytes = new Column(Uint32Array);
  readonly #line = new Column(Uint32Array);
  readonly #flags = new Column(Uint8Array);
  readonly #score = new Column(Float64Array);
  readonly #step = new Column(Float64Array);
  readonly #tools = new Column(Uint16Array);
  readonly #written = new Column(Uint32Array);
  readonly #languages = new Column(Uint32Array);
  readonly #groups = new Map<number, number>();
  readonly #group: number[] = [];
  readonly #groupSizes: number[] = [];
  readonly #preview: string[] = [];
  /** The rows of each file, which are in the order of their offsets. */
  readonly #bySource: number[][] = [];

  get length() {
    return this.#preview.length;
  }

  get groupCount() {
    return this.#groupSizes.length;
  }

  /** Adds rows of one file; `firstLine` is the number of the line that their line numbers count from. */
  append({ source, firstLine, facts }: PlacedFacts) {
    const { length } = facts.preview;
    const places = this.#bySource[source] ?? [];
    this.#bySource[source] = places;
    for (let index = 0; index < length; index += 1) places.push(this.length + index);
    this.#source.append(new Uint16Array(length).fill(source));
    this.#offset.append(facts.offset);
    this.#bytes.append(facts.bytes);
    this.#line.append(facts.line.map((line) => line + firstLine));
    this.#flags.append(facts.flags);
    this.#score.append(facts.score);
    this.#step.append(facts.step);
    this.#tools.append(facts.tools);
    this.#written.append(facts.written);
    this.#languages.append(facts.languages);
    for (const preview of facts.preview) this.#preview.push(preview);
    for (const group of facts.group) this.#group.push(this.#internGroup(group));
  }

  #internGroup(hash: number): number {
    const known = hash === 0 ? undefined : this.#groups.get(hash);
    const group = known ?? this.#groupSizes.length;
    if (known === undefined && hash !== 0) this.#groups.set(hash, group);
    this.#groupSizes[group] = (this.#groupSizes[group] ?? 0) + 1;
    return group;
  }

  place(row: number): Place {
    return { source: this.#source.at(row), offset: this.#offset.at(row), bytes: this.#bytes.at(row) };
  }

  /** The row that a place in a file is in; `null` when there is none. */
  find(source: number, offset: number): number | null {
    const rows = this.#bySource[source] ?? [];
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offset.at(rows[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const row = rows[low - 1];
    return row !== undefined && offset < this.#offset.at(row) + this.#bytes.at(row) ? row : null;
  }

  source(row: number) {
    return this.#source.at(row);
  }

  /** The number of its line in its file, from 1. */
  line(row: number) {
    return this.#line.at(row);
  }

  has(row: number, flag: keyof typeof FLAGS) {
    return (this.#flags.at(row) & FLAGS[flag]) !== 0;
  }

  /** The reward; `null` when the log has none. */
  score(row: number): number | null {
    return this.has(row, 'score') ? this.#score.at(row) : null;
  }

  /** The training step; `null` when the log has none. */
  step(row: number): number | null {
    const step = this.#step.at(row);
    return Number.isNaN(step) ? null : step;
  }

  tools(row: number) {
    return this.#tools.at(row);
  }

  written(row: number) {
    return this.#written.at(row);
  }

  languages(row: number) {
    return this.#languages.at(row);
  }

  group(row: number) {
    return this.#group[row] ?? 0;
  }

  groupSize(row: number) {
    return this.#groupSizes[this.group(row)] ?? 0;
  }

  preview(row: number) {
    return this.#preview[row] ?? '';
  }

  /** The rows of one prompt, in order. */
  listGroup(group: number): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.length; row += 1) if (this.#group[row] === group) rows.push(row);
    return rows;
  }
}
