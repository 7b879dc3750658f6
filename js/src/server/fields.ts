// The types of fields as Pydantic 2.6 checks them in its lax mode. In: values from JSON. Out: values of the type, and
// an error for each that is none, in the words that FastAPI answers with.

/** One entry of `detail` in an answer with status 422. */
export interface FieldError {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
  url?: string;
}

/** More errors than these are not listed: each takes a hundred times the room of what caused it. */
const MAX_ERRORS = 1000;

/** Collects the errors of one body. */
export class FieldErrors {
  readonly list: FieldError[] = [];

  add(type: string, loc: FieldError['loc'], msg: string, input: unknown, ctx?: FieldError['ctx']): void {
    if (this.list.length >= MAX_ERRORS) return;
    const url = `https://errors.pydantic.dev/2.6/v/${type}`;
    this.list.push({ type, loc, msg, input, ...(ctx && { ctx }), url });
  }
}

/** Checks one value; what it gives back means nothing once an error was added. */
export type Type<T> = (value: unknown, loc: FieldError['loc'], errors: FieldErrors) => T;

/** A field: its type, and its value when it is left out; without one it must be there. */
export interface Field<T> {
  type: Type<T>;
  fallback?: T;
}

/** The fields of a model, in the order in which their errors are listed. */
export type Fields<Model> = { [Name in keyof Model]-?: Field<Model[Name]> };

/** Checks a body against a model. Members that the model does not have are passed over. */
export function checkModel<Model>(value: unknown, fields: Fields<Model>, errors: FieldErrors): Model {
  const model: Partial<Model> = {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from';
    errors.add('model_attributes_type', ['body'], msg, value);
    return model as Model;
  }
  for (const name of Object.keys(fields) as (keyof Model & string)[]) {
    const { type, ...rest } = fields[name];
    if (Object.hasOwn(value, name)) {
      model[name] = type((value as Record<string, unknown>)[name], ['body', name], errors);
    } else if ('fallback' in rest) {
      model[name] = rest.fallback as Model[typeof name];
    } else {
      errors.add('missing', ['body', name], 'Field required', value);
    }
  }
  return model as Model;
}

/** `str`. A lone surrogate is refused: nothing can write it to a file. */
export const string: Type<string> = (value, loc, errors) => {
  if (typeof value !== 'string') {
    errors.add('string_type', loc, 'Input should be a valid string', value);
    return '';
  }
  if (!value.isWellFormed()) {
    const msg = 'Input should be a valid string, unable to parse raw data as a unicode string';
    errors.add('string_unicode', loc, msg, value);
  }
  return value;
};

/** `Optional[…]`: `null` too. */
export function nullable<T>(type: Type<T>): Type<T | null> {
  return (value, loc, errors) => (value === null ? null : type(value, loc, errors));
}

/** `float`: a number, a boolean, or a text that Rust reads as a number. */
export const float: Type<number> = (value, loc, errors) => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') {
    errors.add('float_type', loc, 'Input should be a valid number', value);
    return 0;
  }
  const number = parseFloatAsRust(value) ?? parseFloatAsRust(withoutUnderscores(value));
  if (number !== undefined) return number;
  const msg = 'Input should be a valid number, unable to parse string as a number';
  errors.add('float_parsing', loc, msg, value);
  return 0;
};

function parseFloatAsRust(text: string): number | undefined {
  // No digit can belong to two parts of it, so that a long text that is no number is found out in one pass.
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  const named = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text);
  if (!named) return undefined;
  if (named[2] === undefined) return Number.NaN;
  return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Single underscores may stand inside of a number; nothing else may become one. */
function withoutUnderscores(text: string): string {
  return /^_|_$|__/.test(text) ? '' : text.replaceAll('_', '');
}

/** Python reads no longer whole number from a text; Pydantic counts its bytes. */
const MAX_DIGITS = 4300;

/** `int`: a number without a fractional part, a boolean, or a text of digits. */
export const integer: Type<number> = (value, loc, errors) => {
  const tooLarge = (): number => {
    const msg = 'Unable to parse input string as an integer, exceeded maximum size';
    errors.add('int_parsing_size', loc, msg, value);
    return 0;
  };
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      errors.add('finite_number', loc, 'Input should be a finite number', value);
    } else if (!Number.isInteger(value)) {
      const msg = 'Input should be a valid integer, got a number with a fractional part';
      errors.add('int_from_float', loc, msg, value);
    } else if (Math.abs(value) >= 2 ** 63) {
      return tooLarge();
    }
    return toSafe(value);
  }
  if (typeof value !== 'string') {
    errors.add('int_type', loc, 'Input should be a valid integer', value);
    return 0;
  }
  if (Buffer.byteLength(value) > MAX_DIGITS) return tooLarge();
  const digits = [value, value.replace(/\.0*$/, ''), withoutUnderscores(value)].find((one) =>
    /^[+-]?\d+$/.test(one),
  );
  if (digits !== undefined) return toSafe(Number(digits));
  const msg = 'Input should be a valid integer, unable to parse string as an integer';
  errors.add('int_parsing', loc, msg, value);
  return 0;
};

/** Python's whole numbers have no bound; where ours end, the difference is without meaning. */
function toSafe(value: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER));
}

/** `Literal[…]` of texts. */
export function literal<T extends string>(values: readonly T[]): Type<T> {
  const quoted = values.map((value) => `'${value}'`);
  const expected =
    quoted.length === 1 ? quoted.join() : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return (value, loc, errors) => {
    if (!(values as readonly unknown[]).includes(value)) {
      errors.add('literal_error', loc, `Input should be ${expected}`, value, { expected });
    }
    return value as T;
  };
}

/** `List[…]`. */
export function list<T>(type: Type<T>): Type<T[]> {
  return (value, loc, errors) => {
    if (Array.isArray(value)) return value.map((item, index) => type(item, [...loc, index], errors));
    errors.add('list_type', loc, 'Input should be a valid list', value);
    return [];
  };
}

/** `Dict[str, …]`. */
export function dictionary<T>(type: Type<T>): Type<Record<string, T>> {
  return (value, loc, errors) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      // Built from entries: an assignment to `__proto__` would not make a member.
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, type(item, [...loc, name], errors)]),
      );
    }
    errors.add('dict_type', loc, 'Input should be a valid dictionary', value);
    return {};
  };
}
