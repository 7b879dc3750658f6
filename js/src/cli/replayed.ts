import { toBytes } from '../bytes.js';
import type { Frame, WrittenOutcome } from '../replayed.js';
import { readOutcome, type StepOutcome } from './outcome.js';

/** The outcomes in what was written for a frame of `steps` steps; `undefined` when that is another one. */
export function readFrame({ head, tail }: Frame, written: Buffer, steps: number): StepOutcome[] | undefined {
  const front = toBytes(head);
  if (tail === undefined) return written.equals(front) ? [] : undefined;
  const back = toBytes(tail);
  const end = written.length - back.length;
  if (end < front.length || !written.subarray(0, front.length).equals(front)) return undefined;
  if (!written.subarray(end).equals(back)) return undefined;
  try {
    const added = JSON.parse(written.toString('utf8', front.length, end)) as WrittenOutcome[];
    return added.length === steps ? added.map(readOutcome) : undefined;
  } catch {
    return undefined;
  }
}
