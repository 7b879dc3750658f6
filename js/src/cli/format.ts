import { createTwoFilesPatch } from 'diff';
import colors from 'picocolors';
import type { Rollout, RolloutStep } from '../types.js';
import type { StepOutcome } from './outcome.js';

/** A diff is made of at most this much of each side: its time grows faster than its input. */
const MAX_DIFF_CHARACTERS = 20_000;

/** A text with its control characters made visible, so that a terminal does not obey them. */
export function toPrintable(text: string): string {
  const show = (character: string): string => {
    const code = character.codePointAt(0) ?? 0;
    // The pictures of U+2400 show the C0 controls; the others are written out.
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return `\\u{${code.toString(16)}}`;
  };
  // C0 but tab and line feed, DEL, C1, and the controls that turn the direction of writing.
  return text.replace(/(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, show);
}

/** What was recorded (-) and what the program prints now (+), as the hunks of a unified diff. */
export function formatDifference(recorded: string, observed: string): string {
  const cut = (text: string): string => `${text.slice(0, MAX_DIFF_CHARACTERS).replace(/[\r\n]+$/, '')}\n`;
  const patch = createTwoFilesPatch('recorded', 'now', cut(recorded), cut(observed), '', '', { context: 3 });
  const lines = patch.split('\n').filter((line) => !line.startsWith('=====') && !/^(---|\+\+\+) /.test(line));
  const body = lines.filter((line) => line !== '').map((line) => colorLine(toPrintable(line)));
  return `${body.map((line) => `  ${line}`).join('\n')}\n`;
}

function colorLine(line: string): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return line.startsWith('@@') ? colors.cyan(line) : line;
}

/** The first lines about a rollout: where it stands, its score, what the model was given. */
export function formatHeading(place: string, rollout: Rollout): string {
  const facts = [
    rollout.trainingStep === null ? '' : `training step ${rollout.trainingStep}`,
    rollout.score === null ? '' : `score ${rollout.score}`,
  ].filter((fact) => fact !== '');
  const heading = `${colors.bold(place)}${facts.length === 0 ? '' : ` · ${facts.join(' · ')}`}`;
  return `${colors.inverse(' rollout ')} ${heading}\n${formatBody('given', rollout.input, colors.dim)}`;
}

/** One step: what the model wrote, and what its code printed. */
export function formatStep(number: number, step: RolloutStep, outcome: StepOutcome): string {
  const model = formatBody(`model ${number}`, step.text, (line) => line);
  const { program } = step;
  // In a tool call the code stands escaped; here it is as it runs.
  const isEscaped = program !== null && !step.text.includes(program.code.trimEnd());
  const code = isEscaped ? formatBody(program.language, program.code, colors.cyan) : '';
  return `${model}${code}${formatOutcome(step, outcome)}\n`;
}

function formatOutcome(step: RolloutStep, outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'text':
      return '';
    case 'no_program':
      return formatBody('recorded', step.recorded ?? '', colors.yellow, 'no code to run');
    case 'no_result':
      return formatBody('sandbox', outcome.message, colors.red, 'no result');
    case 'ran': {
      const { observed, identical, status, exitCode } = outcome;
      const facts = [
        identical === undefined ? 'nothing recorded' : identical ? 'as recorded' : '- recorded, + now',
        status === 'time_limit_exceeded' ? 'stopped at its time-out' : '',
        exitCode ? `exit code ${exitCode}` : '',
      ];
      const note = facts.filter((fact) => fact !== '').join(', ');
      if (identical !== false) return formatBody('printed', observed, colors.green, note);
      return `${formatTitle('printed', note)}\n${formatDifference(step.recorded ?? '', observed)}`;
    }
  }
}

function formatBody(title: string, text: string, color: (line: string) => string, note = ''): string {
  const lines = toPrintable(text.trimEnd()).split('\n');
  const body = lines.map((line) => `  ${colors.dim('│')} ${line === '' ? '' : color(line)}`.trimEnd());
  return `${formatTitle(title, note)}\n${body.join('\n')}\n`;
}

function formatTitle(title: string, note: string): string {
  return `${colors.bold(title)}${note === '' ? '' : colors.dim(` (${note})`)}`;
}
