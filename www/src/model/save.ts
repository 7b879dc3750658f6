// Rollouts with what their code printed anew, as the lines of a log: what `fencerun replay -o` writes, a rollout at a time.

import { type Rollout, type RolloutStep, RunError, writeRollout } from 'fencerun';
import { joinBytes } from '../../../js/src/bytes.js';
import {
  buildFrame,
  fillFrame,
  isHalfWritten,
  type WrittenOutcome,
  writeEntry,
} from '../../../js/src/replayed.js';
import { type EntryBytes, MAX_LINE_BYTES, readEntries } from '../../../js/src/rollout-reader.js';
import type { Layout, Place } from '../work/protocol.js';
import type { StepRun } from './replay.js';

/** As the log has them, or in a format of its own. */
export const SAVE_FORMATS = ['log', 'verl', 'openai'] as const;
export type SaveFormat = (typeof SAVE_FORMATS)[number];

/** The name of the file that rollouts of a log of that name are saved in. */
export function nameSaved(log: string, format: SaveFormat): string {
  const base = log.split('/').pop() ?? '';
  const stem = base.replace(/\.[^.]*$/, '') || 'rollouts';
  return `${stem}.replayed.${format === 'log' ? '' : `${format}.`}jsonl`;
}

/** A rollout to write. */
export interface SavedRow {
  place: Place;
  layout: Layout;
  /** The number of its line, from 1. */
  line: number;
  /** Whether it cannot be read, as far as an index sees. */
  isUnreadable: boolean;
  /** What became of its steps, by place; `null` when it was not run. */
  runs: ReadonlyMap<number, StepRun> | null;
}

export interface SaveOptions {
  rows: Iterable<SavedRow>;
  format: SaveFormat;
  /** The profile that said what ran; `null` for the log's own rules. */
  runsBy: string | null;
  /** Reads bytes of a file: fewer than asked for when it ends before. */
  readBytes(place: Place): Promise<Uint8Array>;
  /** Waits, when it is time to, for what else the page has to do. Asked before each rollout. */
  breathe(): Promise<void> | undefined;
}

/** So much of a file is read at once, in bytes, rollouts that are not written included. */
const BATCH_BYTES = 4 << 20;
/** Rollouts that stand further apart, in bytes, are read one by one. */
const MAX_GAP_BYTES = 64 << 10;
const LINE_END = Uint8Array.of(10);

/** Some of what is written. */
export interface Saved {
  /** Whole lines. */
  parts: Uint8Array[];
  /** How many rollouts these are. */
  rows: number;
  /** How many of them were left out: what a format cannot have, and a line that is still being written. */
  leftOut: number;
}

/** So many bytes are handed on together, if not more. */
const PIECE_BYTES = 1 << 20;

/** The lines of the rollouts. Memory is bounded by the longest line. */
export async function* writeRows(options: SaveOptions): AsyncGenerator<Saved> {
  let saved: Saved = { parts: [], rows: 0, leftOut: 0 };
  let bytes = 0;
  for await (const read of readRows(options)) {
    await options.breathe();
    const written = await writeRow(read, options);
    const lines = options.format === 'log' ? written : convert(written, options.format);
    saved.parts.push(lines);
    saved.rows += 1;
    if (lines.length === 0) saved.leftOut += 1;
    bytes += lines.length;
    if (bytes < PIECE_BYTES) continue;
    yield saved;
    saved = { parts: [], rows: 0, leftOut: 0 };
    bytes = 0;
  }
  if (saved.rows > 0) yield saved;
}

interface ReadRow {
  row: SavedRow;
  /** `undefined` for a line that is too long. */
  bytes: Uint8Array | undefined;
  /** The same with the line feed that ends it; `undefined` where none does. */
  ended: Uint8Array | undefined;
}

/** The rows with their bytes, neighbours read together. */
async function* readRows({ rows, readBytes }: SaveOptions): AsyncGenerator<ReadRow> {
  let batch: SavedRow[] = [];
  let end = 0;
  async function* readBatch(): AsyncGenerator<ReadRow> {
    const [first] = batch;
    if (!first) return;
    const { source, offset } = first.place;
    const isLong = first.place.bytes > MAX_LINE_BYTES;
    // One more byte tells whether a line feed follows.
    const bytes = isLong ? undefined : await readBytes({ source, offset, bytes: end + 1 - offset });
    for (const row of batch) {
      const start = row.place.offset - offset;
      const stop = start + row.place.bytes;
      const isEnded = bytes?.[stop] === LINE_END[0];
      const ended = isEnded ? bytes?.subarray(start, stop + 1) : undefined;
      yield { row, bytes: bytes?.subarray(start, stop), ended };
    }
  }
  for (const row of rows) {
    const { source, offset, bytes } = row.place;
    const start = batch[0]?.place;
    const isNear =
      start?.source === source &&
      offset >= end &&
      offset - end <= MAX_GAP_BYTES &&
      offset + bytes - start.offset <= BATCH_BYTES;
    if (!isNear) {
      yield* readBatch();
      batch = [];
    }
    batch.push(row);
    end = offset + bytes;
  }
  yield* readBatch();
}

async function writeRow({ row, bytes, ended }: ReadRow, { runsBy }: SaveOptions): Promise<Uint8Array> {
  const { layout, isUnreadable, runs } = row;
  if (bytes !== undefined && layout === 'lines' && runs === null && (ended || !isUnreadable)) {
    return ended ?? joinBytes([bytes, LINE_END]);
  }
  const read = bytes === undefined ? describeLong(row) : await readEntry(row, bytes, runsBy);
  if (isHalfWritten({ ...read.entry, ended: ended !== undefined })) return new Uint8Array();
  const { rollout } = read.entry;
  if (runs === null || rollout === null) return writeEntry(read);
  return fillFrame(buildFrame(read), listOutcomes(rollout, runs));
}

async function readEntry(
  { layout, line }: SavedRow,
  bytes: Uint8Array,
  runsBy: string | null,
): Promise<EntryBytes> {
  const format = layout === 'text' ? { format: 'text' as const } : {};
  const profile = runsBy === null ? {} : { profile: runsBy };
  for await (const read of readEntries(bytes, { ...format, ...profile })) {
    return { entry: { ...read.entry, line }, bytes };
  }
  const entry = {
    line,
    start: 0,
    end: bytes.length,
    ended: false,
    rollout: null,
    fault: 'there is nothing in it',
  };
  return { entry, bytes };
}

/** What is written in place of a line that is longer than any that is read. */
function describeLong({ line, place: { bytes } }: SavedRow): EntryBytes {
  const fault = `it is longer than ${MAX_LINE_BYTES} bytes`;
  return { entry: { line, start: 0, end: bytes, ended: true, rollout: null, fault }, bytes: undefined };
}

/** An outcome in a line that a person had run in part, or with other code. */
type SavedOutcome = (WrittenOutcome & { edited_code?: string }) | { outcome: 'not_run' };

function listOutcomes({ steps }: Rollout, runs: ReadonlyMap<number, StepRun>): SavedOutcome[] {
  return steps.map((step, index) => describeOutcome(step, runs.get(index)));
}

function describeOutcome({ program, recorded }: RolloutStep, run: StepRun | undefined): SavedOutcome {
  if (!program) return { outcome: recorded === null ? 'text' : 'no_program' };
  if (!run) return { outcome: 'not_run' };
  const edited = run.edited === null ? {} : { edited_code: run.edited };
  if (run.state === 'failed') return { outcome: 'no_result', message: run.text, ...edited };
  const outcome = ({ same: 'identical', differs: 'different', new: 'unrecorded' } as const)[run.state];
  return { outcome, observed: run.text, status: run.status, exit_code: run.exitCode, ...edited };
}

/** The rollout of a line in another format, straight from its text; nothing for what is no rollout. */
function convert(line: Uint8Array, format: 'verl' | 'openai'): Uint8Array {
  try {
    const source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    return new TextEncoder().encode(`${writeRollout({ source, turns: [] }, format)}\n`);
  } catch (thrown) {
    // That the format cannot be written is no fault of the line.
    if (thrown instanceof RunError) throw thrown;
    return new Uint8Array();
  }
}
