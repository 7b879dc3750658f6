import { splitAtMember } from '../rollout.js';
import type { EntryBytes } from '../rollout-reader.js';
import { readOutcome, type StepOutcome, type WrittenOutcome, writeOutcome } from './outcome.js';

/** The member that a replayed line has beside those of the log: an object for each step, in order. */
const MEMBER = 'replay';
/** What may open a file in UTF-8, a character a byte. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** The two halves of what is written for an entry of a log, around the outcomes of its steps as JSON. */
export interface Frame {
  head: string;
  /** `undefined` where there is nothing to add: the entry is no rollout, and all of it is `head`. */
  tail: string | undefined;
  /** How many lines it is. */
  lines: number;
}

/**
 * What is written for an entry: its line, byte for byte, with one more member. What takes several lines is brought on
 * one, where line feeds between members become spaces; but for a session, whose first line gets the member.
 */
export function buildFrame({ entry, bytes }: EntryBytes): Frame {
  if (bytes === undefined) {
    const unreadable = { unreadable: entry.fault, line: entry.line, bytes: entry.end - entry.start };
    return { head: `${JSON.stringify(unreadable)}\n`, tail: undefined, lines: 1 };
  }
  // One character a byte, so that what is not UTF-8 comes out as it went in.
  const { rollout } = entry;
  // A file that is one text is written as a text of JSON.
  const source = rollout?.format === 'text' ? rollout.source : undefined;
  const written = Buffer.from(source ?? bytes);
  const text = written.toString('latin1');
  const isSession = rollout?.format === 'sts';
  const length = isSession ? text.indexOf('\n') : -1;
  const [first, rest] = length === -1 ? [text, ''] : [text.slice(0, length), text.slice(length)];
  const line = first.replaceAll('\n', ' ');
  const mark = line.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const split = rollout === null ? undefined : splitAtMember(line.slice(mark.length), MEMBER);
  const lines = rest.split('\n').length;
  if (split === undefined) return { head: `${line}${rest}\n`, tail: undefined, lines };
  return { head: `${mark}${split[0]}`, tail: `${split[1]}${rest}\n`, lines };
}

/** The bytes of a frame with its outcomes in it. */
export function fillFrame({ head, tail }: Frame, outcomes: readonly StepOutcome[]): Buffer {
  const front = Buffer.from(head, 'latin1');
  if (tail === undefined) return front;
  const added = Buffer.from(JSON.stringify(outcomes.map(writeOutcome)));
  return Buffer.concat([front, added, Buffer.from(tail, 'latin1')]);
}

/** The outcomes in what was written for a frame of `steps` steps; `undefined` when that is another one. */
export function readFrame({ head, tail }: Frame, written: Buffer, steps: number): StepOutcome[] | undefined {
  const front = Buffer.from(head, 'latin1');
  if (tail === undefined) return written.equals(front) ? [] : undefined;
  const back = Buffer.from(tail, 'latin1');
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
