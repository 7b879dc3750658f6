/** Why there is no result, as a word that never changes. */
export type RunErrorCode =
  | 'invalid_options'
  | 'network'
  | 'timeout'
  | 'http'
  | 'protocol'
  | 'sandbox'
  | 'too_large';

const CODES: ReadonlySet<unknown> = new Set<RunErrorCode>([
  'invalid_options',
  'network',
  'timeout',
  'http',
  'protocol',
  'sandbox',
  'too_large',
]);

/** What the core throws in place of a {@link RunError}. */
interface PlainRunError {
  code: RunErrorCode;
  message: string;
  attempts: number;
  status: number | null;
  cause?: unknown;
}

/** A run that gave no result. A program that fails is a result and never an error. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly code: RunErrorCode;
  /** How many times the program was sent, 0 when it never was. */
  readonly attempts: number;
  /** The HTTP status, for the code `http`. */
  readonly status: number | undefined;

  constructor(
    code: RunErrorCode,
    message: string,
    options: { attempts?: number; status?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.attempts = options.attempts ?? 0;
    this.status = options.status;
  }
}

function isPlainRunError(thrown: unknown): thrown is PlainRunError {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof Error) return false;
  return 'code' in thrown && CODES.has(thrown.code) && 'attempts' in thrown;
}

/** Turns what the core throws into a {@link RunError}; leaves everything else as it is. */
export function toRunError(thrown: unknown): unknown {
  if (!isPlainRunError(thrown)) return thrown;
  const { code, message, attempts, status, cause } = thrown;
  return new RunError(code, message, { attempts, status: status ?? undefined, cause });
}

/** Calls into the core, with its errors turned into {@link RunError}. */
export function callCore<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw toRunError(thrown);
  }
}
