// An entry of a log and what became of its steps in, the entry as it is written after a replay out: byte for byte as it was, with one
// more member. The command line and the viewer write alike.

import { joinBytes, toBytes, toCharacters } from './bytes.js';
import { splitAtMember } from './rollout.js';
import type { EntryBytes } from './rollout-reader.js';
import type { PhaseResult, RolloutEntry } from './types.js';

/** The member that a replayed line has beside those of the log: an object for each step, in order. */
export const REPLAY_MEMBER = 'replay';
/** What may open a file in UTF-8, a character a byte. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** An outcome as it is written beside a line of a log. There are no times in it: the same run gives the same bytes. */
export type WrittenOutcome =
  | { outcome: 'text' | 'no_program' }
  | { outcome: 'no_result'; message: string }
  | {
      outcome: 'identical' | 'different' | 'unrecorded';
      observed: string;
      status: PhaseResult['status'] | null;
      exit_code: number | null;
    };

/** The two halves of what is written for an entry of a log, around the outcomes of its steps as JSON; a character a byte. */
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
export function buildFrame(read: EntryBytes): Frame {
  const { rollout } = read.entry;
  const { mark, line, rest } = layOut(read);
  const split = rollout === null ? undefined : splitAtMember(line, REPLAY_MEMBER);
  const lines = rest.split('\n').length;
  if (split === undefined) return { head: `${mark}${line}${rest}\n`, tail: undefined, lines };
  return { head: `${mark}${split[0]}`, tail: `${split[1]}${rest}\n`, lines };
}

/** The bytes of a frame with its outcomes in it. */
export function fillFrame({ head, tail }: Frame, outcomes: readonly object[]): Uint8Array {
  const front = toBytes(head);
  if (tail === undefined) return front;
  const added = new TextEncoder().encode(JSON.stringify(outcomes));
  return joinBytes([front, added, toBytes(tail)]);
}

/** An entry that was not replayed, as it stands between those that were. */
export function writeEntry(read: EntryBytes): Uint8Array {
  const { mark, line, rest } = layOut(read);
  return toBytes(`${mark}${line}${rest}\n`);
}

/** Whether an entry may be a line that is still being written. That is no fault of the log. */
export function isHalfWritten({ ended, rollout, fault }: RolloutEntry): boolean {
  return rollout === null && !ended && /^(not JSON|it is not UTF-8)/.test(fault);
}

/** The byte order mark of an entry, its line, and the further lines that it keeps; a character a byte. */
function layOut({ entry, bytes }: EntryBytes): { mark: string; line: string; rest: string } {
  if (bytes === undefined) {
    const unreadable = { unreadable: entry.fault, line: entry.line, bytes: entry.end - entry.start };
    return { mark: '', line: JSON.stringify(unreadable), rest: '' };
  }
  const { rollout } = entry;
  // A file that is one text is written as a text of JSON.
  const source = rollout?.format === 'text' ? rollout.source : undefined;
  // One character a byte, so that what is not UTF-8 comes out as it went in.
  const text = toCharacters(source === undefined ? bytes : new TextEncoder().encode(source));
  const isSession = rollout?.format === 'sts';
  const length = isSession ? text.indexOf('\n') : -1;
  const [first, rest] = length === -1 ? [text, ''] : [text.slice(0, length), text.slice(length)];
  const mark = first.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  return { mark, line: first.slice(mark.length).replaceAll('\n', ' '), rest };
}
