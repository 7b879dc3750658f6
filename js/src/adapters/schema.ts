import { languageOf } from '../select.js';

/** What a model gives the tool. */
export interface CodeInput {
  /** The program. */
  code: string;
  /** One of the tool's languages, or an alias such as `js`. Default: the first of them. */
  language?: string;
}

/** Why an input cannot be used. */
export interface SchemaIssue {
  /** A sentence for the model. */
  message: string;
  /** The property that it is about; empty for the input as a whole. */
  path: string[];
}

type JsonSchema = Record<string, unknown>;

/**
 * The schema of the tool's input in the shapes that harnesses take: to those that want JSON Schema it is that; to
 * those that want a Standard Schema it has `~standard`, which is not enumerable, so that it is never sent to a model.
 *
 * Nothing in its type is read-only, as some harnesses' types are not.
 */
export interface CodeSchema {
  type: 'object';
  properties: Record<string, { type: 'string'; description: string; enum?: string[] }>;
  /** Every property: the strict modes of model providers want it so. */
  required: string[];
  additionalProperties: false;
  /** [Standard Schema](https://standardschema.dev) version 1 with Standard JSON Schema. Validates synchronously. */
  '~standard': {
    version: 1;
    vendor: string;
    types?: { input: CodeInput; output: CodeInput };
    validate(value: unknown): { value: CodeInput; issues?: undefined } | { issues: SchemaIssue[] };
    jsonSchema: {
      input(options: { target: string }): JsonSchema;
      output(options: { target: string }): JsonSchema;
    };
  };
}

/** Makes the schema of a tool that runs `languages`; with only one of them the model is not asked for a language. */
export function buildCodeSchema(languages: readonly string[]): CodeSchema {
  const properties: CodeSchema['properties'] = {
    code: { type: 'string', description: 'The whole program. What it prints is what you will see.' },
  };
  if (languages.length > 1) {
    properties.language = {
      type: 'string',
      description: 'The language of the program.',
      enum: [...languages],
    };
  }
  const schema = {
    type: 'object' as const,
    properties,
    required: Object.keys(properties),
    additionalProperties: false as const,
  };
  const standard: CodeSchema['~standard'] = {
    version: 1,
    vendor: 'fencerun',
    validate: (value) => validate(value, languages),
    // It uses only what all drafts of JSON Schema have in common.
    jsonSchema: { input: () => structuredClone(schema), output: () => structuredClone(schema) },
  };
  return Object.defineProperty(schema, '~standard', { value: standard }) as CodeSchema;
}

/** Properties that the schema does not have are passed over: there is nothing they could change. */
function validate(
  value: unknown,
  languages: readonly string[],
): ReturnType<CodeSchema['~standard']['validate']> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(`expected an object with \`code\`, found ${nameType(value)}`);
  }
  const { code, language } = value as Record<string, unknown>;
  if (typeof code !== 'string') return refuse(`code: expected a string, found ${nameType(code)}`, 'code');
  if (language === undefined || language === null) return { value: { code } };
  const expected = `language: expected ${languages.join(' or ')}`;
  if (typeof language !== 'string') return refuse(`${expected}, found ${nameType(language)}`, 'language');
  const name = languageOf(language);
  if (name === undefined || !languages.includes(name)) {
    return refuse(`${expected}, found \`${language.slice(0, 40)}\``, 'language');
  }
  return { value: { code, language: name } };
}

function refuse(message: string, ...path: string[]): { issues: SchemaIssue[] } {
  return { issues: [{ message, path }] };
}

function nameType(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
