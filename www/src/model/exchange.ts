// Annotations out to other tools' formats and back in. What a format has no place for goes where it keeps a record's metadata, so
// that nothing is lost on the way back.

import type { Annotation } from './annotations.js';

/** A rollout beside its annotations, for formats that carry the text too. */
export interface AnnotatedRollout {
  prompt: string;
  response: string;
}

export const EXCHANGE_FORMATS = ['jsonl', 'argilla', 'label-studio'] as const;
export type ExchangeFormat = (typeof EXCHANGE_FORMATS)[number];

export const EXCHANGE_NAMES: Record<ExchangeFormat, string> = {
  jsonl: 'annotations.jsonl',
  argilla: 'annotations.argilla.json',
  'label-studio': 'annotations.label-studio.json',
};

export type FindRollout = (annotation: Annotation) => AnnotatedRollout | undefined;

export function writeAnnotations(
  format: ExchangeFormat,
  annotations: Annotation[],
  find: FindRollout,
): string {
  if (format === 'jsonl') return annotations.map((one) => `${JSON.stringify(one)}\n`).join('');
  const write = format === 'argilla' ? writeArgilla : writeLabelStudio;
  return `${JSON.stringify(
    annotations.map((one) => write(one, find(one))),
    null,
    2,
  )}\n`;
}

function identify({ file, line, step, fingerprint, changed }: Annotation) {
  return { file, line, step, fingerprint, changed };
}

function nameRecord({ file, line, step }: Annotation) {
  return step === null ? `${file}:${line}` : `${file}:${line}:${step}`;
}

/** A record as Argilla 2's `Dataset.records.from_json` reads it. */
function writeArgilla(annotation: Annotation, rollout: AnnotatedRollout | undefined) {
  const { labels, rating, note } = annotation;
  const answers: Record<string, { value: unknown }[]> = {};
  if (labels.length > 0) answers.labels = [{ value: labels }];
  if (rating !== null) answers.rating = [{ value: rating }];
  if (note !== '') answers.note = [{ value: note }];
  return {
    id: nameRecord(annotation),
    fields: { prompt: rollout?.prompt ?? '', response: rollout?.response ?? '' },
    metadata: identify(annotation),
    responses: answers,
  };
}

/** A task as Label Studio imports it, with its annotation. */
function writeLabelStudio(annotation: Annotation, rollout: AnnotatedRollout | undefined) {
  const { labels, rating, note } = annotation;
  const target = { to_name: 'response' };
  const result: object[] = [];
  if (labels.length > 0)
    result.push({ from_name: 'labels', ...target, type: 'choices', value: { choices: labels } });
  if (rating !== null) result.push({ from_name: 'rating', ...target, type: 'rating', value: { rating } });
  if (note !== '') result.push({ from_name: 'note', ...target, type: 'textarea', value: { text: [note] } });
  return {
    data: { prompt: rollout?.prompt ?? '', response: rollout?.response ?? '' },
    meta: identify(annotation),
    annotations: [{ result }],
  };
}

/** Reads what {@link writeAnnotations} wrote, whichever format it is. Throws an `Error` that says what is wrong. */
export function readAnnotations(text: string): Annotation[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed.startsWith('[')) {
    const records: unknown = JSON.parse(trimmed);
    return (records as unknown[]).map((record, index) => readRecord(record, `record ${index + 1}`));
  }
  return trimmed.split('\n').map((line, index) => {
    try {
      return readRecord(JSON.parse(line), `line ${index + 1}`);
    } catch (thrown) {
      if (thrown instanceof SyntaxError) throw new Error(`line ${index + 1} is not JSON`);
      throw thrown;
    }
  });
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readRecord(record: unknown, where: string): Annotation {
  if (!isFields(record)) throw new Error(`${where}: expected an annotation`);
  if (isFields(record.meta) && Array.isArray(record.annotations)) {
    return check({ ...record.meta, ...readResult(record.annotations) }, where);
  }
  if (isFields(record.metadata) && isFields(record.responses)) {
    return check({ ...record.metadata, ...readResponses(record.responses) }, where);
  }
  return check(record, where);
}

function readResponses(responses: Fields): Fields {
  const first = (name: string) => {
    const answers = responses[name];
    const answer: unknown = Array.isArray(answers) ? answers[0] : undefined;
    return isFields(answer) ? answer.value : undefined;
  };
  return { labels: first('labels') ?? [], rating: first('rating') ?? null, note: first('note') ?? '' };
}

function readResult(annotations: unknown[]): Fields {
  const found: Fields = { labels: [], rating: null, note: '' };
  const newest = annotations.at(-1);
  const results = isFields(newest) && Array.isArray(newest.result) ? newest.result : [];
  for (const result of results) {
    if (!isFields(result) || !isFields(result.value)) continue;
    if (result.from_name === 'labels') found.labels = result.value.choices;
    if (result.from_name === 'rating') found.rating = result.value.rating;
    if (result.from_name === 'note') found.note = [result.value.text].flat().join('\n');
  }
  return found;
}

function check(fields: Fields, where: string): Annotation {
  const {
    file,
    line,
    step = null,
    labels = [],
    rating = null,
    note = '',
    fingerprint = '',
    changed = '',
  } = fields;
  const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
  if (typeof file !== 'string') throw new Error(`${where}: expected a text \`file\``);
  if (!isWhole(line)) throw new Error(`${where}: expected a whole number \`line\` from 1 on`);
  if (step !== null && !isWhole(step))
    throw new Error(`${where}: expected \`step\` to be null or a whole number from 1 on`);
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) {
    throw new Error(`${where}: expected \`labels\` to be a list of texts`);
  }
  if (rating !== null && !(isWhole(rating) && rating <= 5))
    throw new Error(`${where}: expected \`rating\` to be null or from 1 to 5`);
  for (const [name, value] of Object.entries({ note, fingerprint, changed })) {
    if (typeof value !== 'string') throw new Error(`${where}: expected a text \`${name}\``);
  }
  return { file, line, step, labels, rating, note, fingerprint, changed } as Annotation;
}
