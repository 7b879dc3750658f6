// Rows in, the series of the plots out. A bar knows the filter that shows the rollouts in it.

import type { Filter } from './query.js';
import type { Rows } from './rows.js';

export interface Bar {
  from: number;
  /** What the bar does not reach any more; `from` itself for a bar that counts this one value. */
  to: number;
  count: number;
  filter: Partial<Filter>;
}

const MAX_BARS = 20;

type Measure = 'score' | 'tools' | 'written';

/**
 * How many rows have which value: a bar for each value where there are few, otherwise bars of an equal, round width. Values
 * without a finite number do not count.
 */
export function countBars(rows: Rows, order: ArrayLike<number>, measure: Measure): Bar[] {
  const values: number[] = [];
  for (let place = 0; place < order.length; place += 1) {
    const value = rows[measure](order[place] as number);
    if (value !== null && Number.isFinite(value)) values.push(value);
  }
  values.sort((left, right) => left - right);
  const bars = listSingle(values) ?? listEqual(values);
  const counted = bars.map(({ from, to }): Bar => {
    const max = from === to ? to : justBelow(to);
    return { from, to, count: 0, filter: { [`${measure}Min`]: from, [`${measure}Max`]: max } };
  });
  let place = 0;
  for (const value of values) {
    while (isPast(value, counted[place])) place += 1;
    const bar = counted[place];
    if (bar) bar.count += 1;
  }
  return counted;
}

type Bounds = Pick<Bar, 'from' | 'to'>;

function isPast(value: number, bar: Bounds | undefined): boolean {
  return bar !== undefined && (bar.from === bar.to ? value > bar.to : value >= bar.to);
}

/** A bar for each value; `null` when these are too many. */
function listSingle(sorted: readonly number[]): Bounds[] | null {
  const bars: Bounds[] = [];
  for (const value of sorted) {
    if (value === bars.at(-1)?.from) continue;
    if (bars.length === MAX_BARS) return null;
    bars.push({ from: value, to: value });
  }
  return bars;
}

/** Bars of one width side by side, from a multiple of it on. */
function listEqual(sorted: readonly number[]): Bounds[] {
  const [min, max] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const width = roundUp((max - min) / MAX_BARS);
  const bars: Bounds[] = [];
  for (let place = Math.floor(min / width); place * width <= max; place += 1) {
    bars.push({ from: place * width, to: (place + 1) * width });
  }
  return bars;
}

/** The next number that is 1, 2 or 5 times a power of ten. */
function roundUp(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5].find((one) => one * power >= width) ?? 10;
  return factor * power;
}

/** The largest number below, as near as counts here. */
function justBelow(value: number): number {
  return value - Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);
}

/** What the rows of each training step come to, by step; rows without one do not count. */
function traceSteps<Sum>(
  rows: Rows,
  order: ArrayLike<number>,
  begin: () => Sum,
  add: (sum: Sum, row: number) => void,
): { steps: number[]; sums: Sum[] } {
  const byStep = new Map<number, Sum>();
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const step = rows.step(row);
    if (step === null) continue;
    const sum = byStep.get(step) ?? begin();
    byStep.set(step, sum);
    add(sum, row);
  }
  const sorted = [...byStep].sort((left, right) => left[0] - right[0]);
  return { steps: sorted.map(([step]) => step), sums: sorted.map(([, sum]) => sum) };
}

export interface Curve {
  steps: number[];
  /** For each line its values, `null` where a step has none. */
  lines: (number | null)[][];
}

/** The mean score of each training step, the lowest and the highest. */
export function traceScores(rows: Rows, order: ArrayLike<number>): Curve {
  const begin = () => ({ total: 0, count: 0, low: Infinity, high: -Infinity });
  const { steps, sums } = traceSteps(rows, order, begin, (sum, row) => {
    const score = rows.score(row);
    if (score === null || !Number.isFinite(score)) return;
    sum.total += score;
    sum.count += 1;
    sum.low = Math.min(sum.low, score);
    sum.high = Math.max(sum.high, score);
  });
  if (sums.every(({ count }) => count === 0)) return { steps: [], lines: [] };
  const line = (pick: (sum: ReturnType<typeof begin>) => number) =>
    sums.map((sum) => (sum.count === 0 ? null : pick(sum)));
  return {
    steps,
    lines: [line(({ total, count }) => total / count), line((one) => one.low), line((one) => one.high)],
  };
}

export const TROUBLES = ['error', 'timeout'] as const;

/** The share of each training step's rollouts, from 0 to 1, whose observations tell of an error, and of a time-out. */
export function traceTroubles(rows: Rows, order: ArrayLike<number>): Curve {
  const begin = () => ({ count: 0, error: 0, timeout: 0 });
  const { steps, sums } = traceSteps(rows, order, begin, (sum, row) => {
    sum.count += 1;
    for (const trouble of TROUBLES) sum[trouble] += Number(rows.has(row, trouble));
  });
  return { steps, lines: TROUBLES.map((trouble) => sums.map((sum) => sum[trouble] / sum.count)) };
}

/** How many of the rows have each. */
export function countTroubles(
  rows: Rows,
  order: ArrayLike<number>,
): Record<(typeof TROUBLES)[number], number> {
  const counts = { error: 0, timeout: 0 };
  for (let place = 0; place < order.length; place += 1) {
    for (const trouble of TROUBLES) counts[trouble] += Number(rows.has(order[place] as number, trouble));
  }
  return counts;
}
