import { core } from './core.js';
import { LOG_FORMATS } from './rollout.js';
import { MAX_LINE_BYTES, readPieces } from './rollout-reader.js';
import type { RolloutFacts, RolloutSource } from './rollout-types.js';

/** The numbers of one line, as `src/wasm/rollout.rs` writes them. */
const NUMBERS = 12;

/**
 * Indexes a log of one rollout a line as its bytes come, some lines at a time: where each stands, and what a list shows of
 * it. Much faster than reading the rollouts; the counts are those of marks in the text. Lines of white space are passed
 * over, and of a line longer than `maxLineBytes` (default 67,108,864) nothing is known but where it stands.
 *
 * @throws what the source throws.
 */
export async function* indexRollouts(
  source: RolloutSource,
  { maxLineBytes = MAX_LINE_BYTES }: { maxLineBytes?: number } = {},
): AsyncGenerator<RolloutFacts[], void, undefined> {
  const indexer = new (core().RolloutIndexer)(maxLineBytes);
  try {
    for await (const piece of readPieces(source)) {
      const facts = readFacts(indexer.push(piece));
      if (facts.length > 0) yield facts;
    }
    const facts = readFacts(indexer.finish());
    if (facts.length > 0) yield facts;
  } finally {
    indexer.free();
  }
}

function readFacts(numbers: Float64Array): RolloutFacts[] {
  const facts: RolloutFacts[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    const number = (place: number): number => numbers[at + place] ?? 0;
    facts.push({
      start: number(0),
      end: number(1),
      format: LOG_FORMATS[number(2)] ?? null,
      score: number(3) === 1 ? number(4) : null,
      trainingStep: Number.isNaN(number(5)) ? null : number(5),
      prompt: number(6),
      inputBytes: number(7),
      outputBytes: number(8),
      programs: number(9),
      observations: number(10),
      tracebacks: number(11),
    });
  }
  return facts;
}
