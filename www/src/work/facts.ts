// A line in, the few facts that the list and the plots need out.

import { languages, type Rollout, readRolloutLine } from 'fencerun';
import { type Facts, FLAGS } from './protocol.js';

const PREVIEW_CHARS = 120;
/** The lines that a person sees of an uncaught exception, in Python and in Node. */
const ERROR =
  /^(?:Traceback \(most recent call last\):|\w*(?:Error|Exception|Interrupt)\b.*:|\s+at .+:\d+:\d+\)?$)/m;
const TIMEOUT = /time(?:d)?[ -]?(?:out|limit)/i;

const names = languages();

/** Facts of rollouts, one after the other, in plain arrays until they are sent. */
export class FactsBuilder {
  readonly #rows: {
    offset: number;
    bytes: number;
    line: number;
    flags: number;
    score: number;
    step: number;
    tools: number;
    chars: number;
    languages: number;
    group: string;
    preview: string;
  }[] = [];

  get length() {
    return this.#rows.length;
  }

  add(place: { offset: number; bytes: number; line: number }, text: string) {
    this.#rows.push({ ...place, ...describe(text) });
  }

  take(): Facts {
    const rows = this.#rows.splice(0);
    return {
      offset: Float64Array.from(rows, (row) => row.offset),
      bytes: Uint32Array.from(rows, (row) => row.bytes),
      line: Uint32Array.from(rows, (row) => row.line),
      flags: Uint8Array.from(rows, (row) => row.flags),
      score: Float64Array.from(rows, (row) => row.score),
      step: Float64Array.from(rows, (row) => row.step),
      tools: Uint16Array.from(rows, (row) => row.tools),
      chars: Uint32Array.from(rows, (row) => row.chars),
      languages: Uint32Array.from(rows, (row) => row.languages),
      group: rows.map((row) => row.group),
      preview: rows.map((row) => row.preview),
    };
  }
}

/** Whether the line is a rollout, and not half of one. */
export function isReadable(text: string): boolean {
  return (describe(text).flags & FLAGS.unreadable) === 0;
}

function describe(text: string) {
  let rollout: Rollout;
  try {
    rollout = readRolloutLine(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      ...{ flags: FLAGS.unreadable, score: Number.NaN, step: Number.NaN, tools: 0, chars: text.length },
      ...{ languages: 0, group: '', preview: reason },
    };
  }
  let flags = rollout.score === null ? 0 : FLAGS.score;
  let [tools, chars, bits] = [0, 0, 0];
  for (const { text: written, program, recorded } of rollout.steps) {
    chars += written.length;
    if (program) {
      tools += 1;
      flags |= FLAGS.code;
      bits |= 1 << names.indexOf(program.language);
    }
    if (recorded !== null && ERROR.test(recorded)) flags |= FLAGS.error;
    if (recorded !== null && TIMEOUT.test(recorded)) flags |= FLAGS.timeout;
  }
  return {
    ...{ flags, score: rollout.score ?? Number.NaN, step: rollout.trainingStep ?? Number.NaN, tools, chars },
    ...{ languages: bits >>> 0, group: rollout.input, preview: preview(rollout) },
  };
}

/** The end of the prompt, which is the task; what stands before is often the same for all. */
function preview({ input, steps }: Rollout) {
  const lines = input
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:system|user|assistant)$/.test(line));
  const text = lines.at(-1) ?? steps[0]?.text ?? '';
  return text.length > PREVIEW_CHARS ? `${text.slice(0, PREVIEW_CHARS)}…` : text;
}
