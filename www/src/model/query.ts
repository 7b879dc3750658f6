// A filter and an order in, the rows to show out.

import type { Rows } from './rows.js';

export interface Filter {
  scoreMin: number | null;
  scoreMax: number | null;
  stepMin: number | null;
  stepMax: number | null;
  toolsMin: number | null;
  toolsMax: number | null;
  writtenMin: number | null;
  writtenMax: number | null;
  code: boolean | null;
  error: boolean | null;
  timeout: boolean | null;
  unreadable: boolean | null;
  annotated: boolean | null;
  differs: boolean | null;
  /** The place of a language in `languages()`. */
  language: number | null;
  source: number | null;
  group: number | null;
  label: string | null;
  /** The lowest and the highest number wanted of an extra, by its name. */
  extras: Readonly<Record<string, Bounds>> | null;
}

export interface Bounds {
  min: number | null;
  max: number | null;
}

export const NO_FILTER: Filter = {
  scoreMin: null,
  scoreMax: null,
  stepMin: null,
  stepMax: null,
  toolsMin: null,
  toolsMax: null,
  writtenMin: null,
  writtenMax: null,
  code: null,
  error: null,
  timeout: null,
  unreadable: null,
  annotated: null,
  differs: null,
  language: null,
  source: null,
  group: null,
  label: null,
  extras: null,
};

/** What the rows are in the order of; `extra:` and its name for an extra. */
export type SortKey = 'row' | 'score' | 'step' | 'tools' | 'written' | 'group' | `extra:${string}`;

export interface Sort {
  key: SortKey;
  descending: boolean;
}

/** What the filter asks about a row that is not among the facts of its file. */
export interface RowMarks {
  /** Whether the search found it; `null` while nothing is searched for. */
  isHit: ((row: number) => boolean) | null;
  isAnnotated(row: number): boolean;
  hasLabel(row: number, label: string): boolean;
  differs(row: number): boolean;
}

/** The rows that pass, in order. Rows without a number stand at the end, whichever way the order runs. */
export function listRows(
  rows: Rows,
  filter: Filter,
  { key, descending }: Sort,
  marks: RowMarks,
): Uint32Array {
  const passing = new Uint32Array(rows.length);
  let count = 0;
  const tests = buildTests(rows, filter, marks);
  for (let row = 0; row < rows.length; row += 1) {
    if (tests.every((test) => test(row))) passing[count++] = row;
  }
  const list = passing.subarray(0, count);
  if (key === 'row') return descending ? list.reverse() : list;
  const sign = descending ? -1 : 1;
  const read = readerOf(rows, key);
  return list.sort((left, right) => compareNumbers(read(left), read(right), sign) || left - right);
}

function readerOf(rows: Rows, key: Exclude<SortKey, 'row'>): (row: number) => number | null {
  if (key.startsWith('extra:')) {
    const name = key.slice('extra:'.length);
    return (row) => rows.extra(name, row);
  }
  const fact = key as Exclude<SortKey, 'row' | `extra:${string}`>;
  return (row) => rows[fact](row);
}

/** NaN is a score like any other, the lowest; `null` is none. */
function compareNumbers(left: number | null, right: number | null, sign: number): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (Number.isNaN(left) || Number.isNaN(right))
    return sign * (Number(Number.isNaN(right)) - Number(Number.isNaN(left)));
  return left === right ? 0 : sign * (left < right ? -1 : 1);
}

function buildTests(rows: Rows, filter: Filter, marks: RowMarks): ((row: number) => boolean)[] {
  const tests: ((row: number) => boolean)[] = [];
  if (rows.count < rows.length) tests.push((row) => !rows.isGone(row));
  if (marks.isHit) tests.push(marks.isHit);
  const bound = ({ min, max }: Bounds, read: (row: number) => number | null) => {
    if (min === null && max === null) return;
    tests.push((row) => {
      const value = read(row);
      return value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
    });
  };
  for (const name of ['score', 'step', 'tools', 'written'] as const) {
    bound({ min: filter[`${name}Min`], max: filter[`${name}Max`] }, readerOf(rows, name));
  }
  for (const [name, bounds] of Object.entries(filter.extras ?? {})) {
    bound(bounds, readerOf(rows, `extra:${name}`));
  }
  for (const flag of ['code', 'error', 'timeout', 'unreadable'] as const) {
    const wanted = filter[flag];
    if (wanted !== null) tests.push((row) => rows.has(row, flag) === wanted);
  }
  const { annotated, differs, language, source, group, label } = filter;
  if (annotated !== null) tests.push((row) => marks.isAnnotated(row) === annotated);
  if (differs !== null) tests.push((row) => marks.differs(row) === differs);
  if (language !== null) tests.push((row) => (rows.languages(row) & (1 << language)) !== 0);
  if (source !== null) tests.push((row) => rows.source(row) === source);
  if (group !== null) tests.push((row) => rows.group(row) === group);
  if (label !== null) tests.push((row) => marks.hasLabel(row, label));
  return tests;
}
