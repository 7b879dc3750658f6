import { callRollouts } from './call.js';
import type { LogFormat, ReadRolloutOptions, Rollout } from './rollout-types.js';

/**
 * Reads one line of a rollout log, in whatever format. Bare `NaN` and `Infinity` are read.
 *
 * @throws {RunError} with `invalid_options` for a format or a profile that there is not.
 * @throws {Error} with a sentence when the line is not JSON or of no known format.
 */
export function readRolloutLine(line: string, { format, profile }: ReadRolloutOptions = {}): Rollout {
  const { rollout, fault } = callRollouts<CoreEntry>('readRolloutLine', line, { format, profile });
  if (rollout === null) throw new Error(fault ?? '');
  return { ...fromCoreRollout(rollout), source: line };
}

/** The rollout that a whole text is, whatever stands in it: what `output` blocks and other marks show as recorded. */
export function readRolloutText(
  text: string,
  { profile }: Pick<ReadRolloutOptions, 'profile'> = {},
): Rollout {
  const rollout = callRollouts<CoreRollout>('readRolloutText', text, { profile });
  return { ...fromCoreRollout(rollout), source: JSON.stringify(text) };
}

/**
 * Writes a rollout as one line of a log, without a line feed. One with a `source` is written from that, exactly: in the
 * format it was read in as it was, and in another one so that converting back loses nothing. One without is written
 * from its turns, score, training step, id and extras.
 *
 * @throws {RunError} with `invalid_options` when `format` cannot be written.
 */
export function writeRollout(
  rollout: Pick<Rollout, 'turns'> & Partial<Rollout>,
  format: 'verl' | 'openai',
): string {
  const { source, turns, score = null, trainingStep = null, id = null, extras = {} } = rollout;
  if (source !== undefined) return readLine(callRollouts('convertRollout', source, { format }));
  const named = { score, step: trainingStep, uid: id };
  const members = Object.entries(named).filter(([, value]) => value !== null);
  const further = toPythonJson({ ...extras, ...Object.fromEntries(members) });
  return readLine(callRollouts('writeRollout', further, { turns, format }));
}

function readLine({ line, fault = '' }: { line?: string; fault?: string }): string {
  if (line === undefined) throw new Error(fault);
  return line;
}

/** Whether a new observation is the recorded one, line ends at the end apart. */
export function isIdentical(recorded: string, observed: string): boolean {
  return callRollouts('isIdentical', observed, { recorded });
}

/**
 * The two halves of a log line around a member yet to be written; everything else stays byte for byte. `undefined`
 * when the line is no JSON.
 */
export function splitAtMember(line: string, name: string): readonly [head: string, tail: string] | undefined {
  const [head, tail] = callRollouts<string[]>('splitAtMember', line, { name });
  return head === undefined || tail === undefined ? undefined : [head, tail];
}

/** A rollout as the core gives it. */
type CoreRollout = Omit<Rollout, 'score'> & { score: unknown };
type CoreEntry = { rollout: CoreRollout; fault: null } | { rollout: null; fault: string };

/** A rollout as the core gives it, with its numbers as JavaScript has them. */
export function fromCoreRollout(rollout: CoreRollout): Omit<Rollout, 'source'> {
  const turns = rollout.turns.map((turn) => {
    if (turn.calls.length === 0) return turn;
    return {
      ...turn,
      calls: turn.calls.map((call) => ({ ...call, arguments: readNumbers(call.arguments) })),
    };
  });
  const score = readNumbers(rollout.score) as number | null;
  return { ...rollout, turns, score, extras: readNumbers(rollout.extras) as Record<string, unknown> };
}

/** Puts numbers in place of what the core writes where JSON or JavaScript's doubles lack them. */
function readNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(readNumbers);
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === '__number__' && typeof first[1] === 'string') {
    const digits = first[1];
    if (/^-?\d+$/.test(digits)) return BigInt(digits);
    if (digits === 'nan') return Number.NaN;
    if (/^-?inf$/.test(digits)) return digits === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, readNumbers(item)]));
}

/** JSON as Python writes it: with bare `NaN` and `Infinity`, and whole numbers of any size. */
function toPythonJson(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(toPythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, item]) => `${JSON.stringify(name)}: ${toPythonJson(item)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** The names of the formats, in the order of `LogFormat::NAMES` in `src/rollout/mod.rs`. */
export const LOG_FORMATS: readonly LogFormat[] = ['verl', 'openai', 'tora', 'sts', 'atif', 'text'];
