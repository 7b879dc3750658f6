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

/**
 * Whether a program ran, as far as its sender can know: `never_ran` certainly did not, `may_have_run` was sent and what
 * became of it is not known, `ran` did, even where its result did not arrive.
 */
export type Outcome = 'never_ran' | 'may_have_run' | 'ran';

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
  /** Whether the program ran, over all attempts. */
  readonly outcome: Outcome;
  /** The HTTP status, for the code `http`. */
  readonly status: number | undefined;

  /** @param options `outcome`: by default `never_ran` without attempts, else `may_have_run`. */
  constructor(
    code: RunErrorCode,
    message: string,
    options: { attempts?: number; outcome?: Outcome; status?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.attempts = options.attempts ?? 0;
    this.outcome = options.outcome ?? (this.attempts === 0 ? 'never_ran' : 'may_have_run');
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
