// The facts of all rollouts, in columns that grow.

import type { PlacedFacts } from '../load/index-client.js';
import { FLAGS, type Place } from '../work/protocol.js';

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const decoder = new TextDecoder();

class Column {
  #values: Numbers;

  constructor(readonly kind: new (length: number) => Numbers) {
    this.#values = new kind(1024);
  }

  /** Makes room for so many values; new ones are 0. */
  reserve(length: number) {
    if (length <= this.#values.length) return;
    const grown = new this.kind(Math.max(length, this.#values.length * 2));
    grown.set(this.#values);
    this.#values = grown;
  }

  set(row: number, value: number) {
    this.reserve(row + 1);
    this.#values[row] = value;
  }

  copy(more: Numbers, at: number) {
    this.reserve(at + more.length);
    this.#values.set(more, at);
  }

  at(row: number): number {
    return this.#values[row] ?? Number.NaN;
  }

  slice(start: number, end: number): Numbers {
    return this.#values.subarray(start, end);
  }
}

/** The flag of a row whose rollout is no longer in its file. */
const GONE = 128;
/** So many extras are kept at most, those that come first. */
const MAX_EXTRAS = 64;

/** The rows of one file, which are in the order of their offsets. */
interface SourceRows {
  rows: number[];
  /** Which of them the next facts are for: all behind it are what the file had before. */
  next: number;
}

/** A row's number says in which order it was first read; it never changes. */
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
  readonly #group = new Column(Uint32Array);
  readonly #groupSizes: number[] = [];
  /** Previews stay in UTF-8 until one is shown: where each begins and how long it is. */
  readonly #preview = new Column(Uint8Array);
  readonly #previewStart = new Column(Float64Array);
  readonly #previewBytes = new Column(Uint32Array);
  #previewEnd = 0;
  readonly #extras = new Map<string, { has: Column; values: Column }>();
  readonly #bySource: SourceRows[] = [];
  #length = 0;
  #gone = 0;

  /** How many rows there have been: their numbers are below it. */
  get length() {
    return this.#length;
  }

  /** How many of them are there. */
  get count() {
    return this.#length - this.#gone;
  }

  get groupCount() {
    return this.#groupSizes.length;
  }

  /** The names of the numbers that logs have beside the score, in the order in which they were found. */
  get extraNames(): string[] {
    return [...this.#extras.keys()];
  }

  /** Adds rows of one file; `firstLine` is the number of the line that their line numbers count from. */
  append({ source, firstLine, facts }: PlacedFacts) {
    const added = new Uint32Array(facts.offset.length);
    for (let index = 0; index < added.length; index += 1) {
      const row = this.#takeRow(source);
      added[index] = row;
      this.#source.set(row, source);
      this.#offset.set(row, facts.offset[index] as number);
      this.#bytes.set(row, facts.bytes[index] as number);
      this.#line.set(row, (facts.line[index] as number) + firstLine);
      this.#flags.set(row, facts.flags[index] as number);
      this.#score.set(row, facts.score[index] as number);
      this.#step.set(row, facts.step[index] as number);
      this.#tools.set(row, facts.tools[index] as number);
      this.#written.set(row, facts.written[index] as number);
      this.#languages.set(row, facts.languages[index] as number);
      this.#group.set(row, this.#internGroup(facts.group[index] as number));
      this.#setPreview(
        row,
        facts.preview.subarray(facts.previewEnd[index - 1] ?? 0, facts.previewEnd[index]),
      );
    }
    for (const { name, rows, values } of facts.extras) {
      const extra = this.#internExtra(name);
      for (let index = 0; extra && index < rows.length; index += 1) {
        const row = added[rows[index] as number] as number;
        extra.has.set(row, 1);
        extra.values.set(row, values[index] as number);
      }
    }
  }

  /** What is appended for a file from now on takes the place of what it had. */
  restart(source: number) {
    this.#rowsOf(source).next = 0;
  }

  /** A file has been read anew: what it had more before is gone. */
  finish(source: number) {
    const own = this.#rowsOf(source);
    for (const row of own.rows.splice(own.next)) {
      this.#leaveGroup(row);
      this.#flags.set(row, GONE);
      this.#gone += 1;
    }
  }

  #rowsOf(source: number): SourceRows {
    this.#bySource[source] ??= { rows: [], next: 0 };
    return this.#bySource[source];
  }

  #takeRow(source: number): number {
    const own = this.#rowsOf(source);
    const old = own.rows[own.next];
    const row = old ?? this.#length++;
    if (old === undefined) own.rows.push(row);
    else {
      this.#leaveGroup(row);
      for (const { has } of this.#extras.values()) has.set(row, 0);
    }
    own.next += 1;
    return row;
  }

  #internGroup(hash: number): number {
    const known = hash === 0 ? undefined : this.#groups.get(hash);
    const group = known ?? this.#groupSizes.length;
    if (known === undefined && hash !== 0) this.#groups.set(hash, group);
    this.#groupSizes[group] = (this.#groupSizes[group] ?? 0) + 1;
    return group;
  }

  #leaveGroup(row: number) {
    this.#groupSizes[this.group(row)] = this.groupSize(row) - 1;
  }

  #setPreview(row: number, preview: Uint8Array) {
    // What a row that is read anew had is written over: a file that is written again and again must not fill the memory.
    const fits = preview.length <= this.#previewBytes.at(row);
    const start = fits ? this.#previewStart.at(row) : this.#previewEnd;
    if (!fits) this.#previewEnd += preview.length;
    this.#preview.copy(preview, start);
    this.#previewStart.set(row, start);
    this.#previewBytes.set(row, preview.length);
  }

  #internExtra(name: string) {
    const known = this.#extras.get(name);
    if (known || this.#extras.size >= MAX_EXTRAS) return known;
    const extra = { has: new Column(Uint8Array), values: new Column(Float64Array) };
    this.#extras.set(name, extra);
    return extra;
  }

  /** Whether its rollout is no longer in its file. */
  isGone(row: number) {
    return (this.#flags.at(row) & GONE) !== 0;
  }

  place(row: number): Place {
    return { source: this.#source.at(row), offset: this.#offset.at(row), bytes: this.#bytes.at(row) };
  }

  /** The row that a place in a file is in; `null` when there is none. */
  find(source: number, offset: number): number | null {
    const rows = this.#bySource[source]?.rows ?? [];
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

  /** A number that the log has by this name; `null` where it has none. */
  extra(name: string, row: number): number | null {
    const extra = this.#extras.get(name);
    return extra?.has.at(row) === 1 ? extra.values.at(row) : null;
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
    return this.#group.at(row);
  }

  groupSize(row: number) {
    return this.#groupSizes[this.group(row)] ?? 0;
  }

  preview(row: number) {
    const start = this.#previewStart.at(row);
    return decoder.decode(this.#preview.slice(start, start + this.#previewBytes.at(row)));
  }

  /** The rows of one prompt, in order. */
  listGroup(group: number): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.length; row += 1)
      if (this.group(row) === group && !this.isGone(row)) rows.push(row);
    return rows;
  }
}
