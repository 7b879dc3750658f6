// Rows in, the series of the plots out. A bar knows the filter that shows the rollouts in it.

import type { Filter } from './query.js';
import type { Rows } from './rows.js';

export interface Bar {
  /** The lower bound of what the bar counts. */
  from: number;
  to: number;
  /** Whether it counts one whole number, `from`. */
  isWhole: boolean;
  count: number;
  filter: Partial<Filter>;
}

export interface Curve {
  steps: number[];
  mean: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

const MAX_BARS = 20;

type Measure = 'score' | 'tools' | 'written';

/** How many rows have which value, in at most 20 bars of equal width. Values without a finite number do not count. */
export function countBars(rows: Rows, order: ArrayLike<number>, measure: Measure): Bar[] {
  const values: number[] = [];
  for (let place = 0; place < order.length; place += 1) {
    const value = rows[measure](order[place] as number);
    if (value !== null && Number.isFinite(value)) values.push(value);
  }
  if (values.length === 0) return [];
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const isWhole = measure !== 'score' && max - min < MAX_BARS;
  const count = min === max ? 1 : isWhole ? max - min + 1 : MAX_BARS;
  const width = isWhole || min === max ? 1 : (max - min) / count;
  const bars = Array.from({ length: count }, (_, index): Bar => {
    const [from, to] = [min + index * width, index === count - 1 ? max : min + (index + 1) * width];
    const isLast = index === count - 1;
    const upper = isWhole || isLast ? (isWhole ? from : to) : justBelow(to);
    return { from, to, isWhole, count: 0, filter: { [`${measure}Min`]: from, [`${measure}Max`]: upper } };
  });
  for (const value of values) {
    const bar = bars[Math.min(count - 1, Math.floor((value - min) / width))];
    if (bar) bar.count += 1;
  }
  return bars;
}

/** The largest number below, as near as counts here. */
function justBelow(value: number): number {
  return value - Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);
}

/** The mean score of each training step, with the lowest and the highest. */
export function traceScores(rows: Rows, order: ArrayLike<number>): Curve {
  const steps = new Map<number, { sum: number; count: number; low: number; high: number }>();
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const [step, score] = [rows.step(row), rows.score(row)];
    if (step === null || score === null || !Number.isFinite(score)) continue;
    const one = steps.get(step) ?? { sum: 0, count: 0, low: Infinity, high: -Infinity };
    one.sum += score;
    one.count += 1;
    one.low = Math.min(one.low, score);
    one.high = Math.max(one.high, score);
    steps.set(step, one);
  }
  const sorted = [...steps].sort((left, right) => left[0] - right[0]);
  return {
    steps: sorted.map(([step]) => step),
    mean: sorted.map(([, { sum, count }]) => sum / count),
    low: sorted.map(([, { low }]) => low),
    high: sorted.map(([, { high }]) => high),
  };
}

export interface Rates {
  steps: number[];
  /** Shares from 0 to 1. */
  error: number[];
  timeout: number[];
}

/** The share of rollouts of each training step whose observations tell of an error, or of a time-out. */
export function traceRates(rows: Rows, order: ArrayLike<number>): Rates {
  const steps = new Map<number, { count: number; error: number; timeout: number }>();
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const step = rows.step(row) ?? 0;
    const one = steps.get(step) ?? { count: 0, error: 0, timeout: 0 };
    one.count += 1;
    one.error += Number(rows.has(row, 'error'));
    one.timeout += Number(rows.has(row, 'timeout'));
    steps.set(step, one);
  }
  const sorted = [...steps].sort((left, right) => left[0] - right[0]);
  return {
    steps: sorted.map(([step]) => step),
    error: sorted.map(([, { error, count }]) => error / count),
    timeout: sorted.map(([, { timeout, count }]) => timeout / count),
  };
}
