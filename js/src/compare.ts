import { type Extracted, profiles } from './profiles.js';
import { listTurnCalls, readTurn, type TurnCall } from './reading.js';

/** What the profiles that agree make of a text. */
export interface Comparison {
  /** Their names. */
  profiles: string[];
  extracted: Extracted;
  /** Why nothing runs, where their frameworks read the arguments of tool calls and no program is in one. */
  reason: string | null;
}

/**
 * What each framework would run for a turn of a model, those together that agree: the most common answer first, among
 * equals in the order of the profiles. Profiles of a tool's argument get those of the tool calls in the text.
 */
export function compareProfiles(text: string): Comparison[] {
  return compareTurn(text, listTurnCalls(text));
}

/** {@link compareProfiles} for a turn whose tool calls are known. */
export function compareTurn(text: string, calls: readonly TurnCall[]): Comparison[] {
  const answers = new Map<string, Comparison>();
  for (const { name } of profiles().filter(({ extracts }) => extracts)) {
    const reading = readTurn(text, name, calls);
    const { programs, kind, kept, reply, raised } = reading.extracted;
    const runs = programs.map(({ code, language }) => [code, language ?? '']);
    // Where nothing runs, it matters what is said instead.
    const key = JSON.stringify(
      runs.length > 0
        ? runs
        : { kind, kept: kind === 'answer' && kept, reply, raised, reason: reading.reason },
    );
    const answer = answers.get(key);
    if (answer) answer.profiles.push(name);
    else answers.set(key, { profiles: [name], ...reading });
  }
  return [...answers.values()].sort((one, other) => other.profiles.length - one.profiles.length);
}
