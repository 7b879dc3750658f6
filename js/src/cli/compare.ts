import colors from 'picocolors';
import { type Comparison, compareProfiles } from '../compare.js';
import { type Extracted, profiles } from '../profiles.js';
import { listTurnCalls, readTurn } from '../reading.js';
import { toPrintable } from './format.js';
import { readText } from './input.js';

/** `fencerun compare`: what each framework would run for a text, those together that agree. */
export async function compareCommand(path: string, { json }: { json?: boolean }): Promise<number> {
  const text = await readText(path);
  const rows = json ? listAll(text) : formatAnswers(compareProfiles(text));
  process.stdout.write(rows.map((row) => `${row}\n`).join(''));
  return 0;
}

/** One JSON object a profile. */
function listAll(text: string): string[] {
  const known = profiles().filter(({ extracts }) => extracts);
  const calls = listTurnCalls(text);
  return known.map(({ name, version }) => {
    const { extracted, reason } = readTurn(text, name, calls);
    return JSON.stringify({ profile: name, version, ...extracted, reason });
  });
}

function formatAnswers(answers: readonly Comparison[]): string[] {
  const count = answers.reduce((sum, { profiles: names }) => sum + names.length, 0);
  const heading = `${count} profiles, ${answers.length} ${answers.length === 1 ? 'answer' : 'different answers'}`;
  const width = Math.max(...answers.flatMap(({ profiles: names }) => names.map((name) => name.length)));
  const groups = answers.flatMap(({ profiles: names, extracted, reason }, index) => {
    const facts = reason === null ? formatFacts(extracted) : [colors.yellow(shorten(`nothing: ${reason}`))];
    // The names stand below each other, and beside the first ones what they would run.
    const height = Math.max(names.length, facts.length);
    const lines = Array.from({ length: height }, (_, line) => {
      const name = (names[line] ?? '').padEnd(width);
      return `${colors.cyan(name)}  ${facts[line] ?? ''}`.trimEnd();
    });
    return ['', colors.bold(`${index + 1}. ${describeCount(names.length)}`), ...lines];
  });
  return [heading, ...groups];
}

function describeCount(count: number): string {
  return count === 1 ? '1 profile' : `${count} profiles`;
}

/** What would run, a line for each piece of code, or why nothing does. */
function formatFacts(extracted: Extracted): string[] {
  const guess = extracted.needsPython ? colors.dim(" (a guess: it asks Python's parser)") : '';
  if (extracted.programs.length === 0) return [colors.yellow(describeNothing(extracted)) + guess];
  return extracted.programs.map(({ code, language }) => {
    const lines = code === '' ? 0 : code.replace(/\n$/, '').split('\n').length;
    const first = code.split('\n').find((line) => line.trim() !== '') ?? '';
    const size = `${lines} ${lines === 1 ? 'line' : 'lines'}`;
    return `${(language ?? '-').padEnd(8)} ${size.padEnd(9)} ${shorten(first.trim())}${guess}`;
  });
}

/** Why nothing runs, empty where something does. */
function describeNothing({ programs, kind, kept, reply, raised }: Extracted): string {
  if (programs.length > 0) return '';
  if (raised) return shorten(`raises ${raised.type}: ${raised.message}`);
  if (kind === 'answer' && kept !== null) return shorten(`nothing: the answer is ${kept}`);
  return reply === null || reply.trim() === '' ? 'nothing' : shorten(`nothing: ${reply.trim()}`);
}

/** One line of at most 60 characters. */
function shorten(text: string): string {
  const characters = [...toPrintable(text.replaceAll(/[\t\n]+/g, ' '))];
  return characters.length <= 60 ? characters.join('') : `${characters.slice(0, 59).join('')}…`;
}
