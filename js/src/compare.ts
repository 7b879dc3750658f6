import { type Extracted, extractWith, profiles } from './profiles.js';

/** What the profiles that agree make of a text. */
export interface Comparison {
  /** Their names. */
  profiles: string[];
  extracted: Extracted;
}

/**
 * What each framework would run for a text, those together that agree: the most common answer
 * first, among equals in the order of the profiles.
 */
export function compareProfiles(text: string): Comparison[] {
  const answers = new Map<string, Comparison>();
  for (const { name } of profiles().filter(({ extracts }) => extracts)) {
    const extracted = extractWith(text, { profile: name });
    const { programs, kind, kept, reply, raised } = extracted;
    const runs = programs.map(({ code, language }) => [code, language ?? '']);
    // Where nothing runs, it matters what is said instead.
    const key = JSON.stringify(
      runs.length > 0 ? runs : { kind, kept: kind === 'answer' && kept, reply, raised },
    );
    const answer = answers.get(key);
    if (answer) answer.profiles.push(name);
    else answers.set(key, { profiles: [name], extracted });
  }
  return [...answers.values()].sort((one, other) => other.profiles.length - one.profiles.length);
}
