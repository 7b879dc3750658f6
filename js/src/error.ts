/** Why there is no result, as a word that never changes. */
export type RunErrorCode =
  | 'invalid_options'
  | 'network'
  | 'timeout'
  | 'http'
  | 'protocol'
  | 'sandbox'
  | 'too_large';

/**
 * Whether a program ran, as far as its sender can know: `never_ran` certainly did not, `may_have_run` was sent and what
 * became of it is not known, `ran` did, even where its result did not arrive.
 */
export type Outcome = 'never_ran' | 'may_have_run' | 'ran';

/** What the core gives in place of a {@link RunError}. */
export interface PlainRunError {
  code: RunErrorCode;
  message: string;
  status?: number;
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

/** The error that the core tells of: before anything was sent, or after the first attempt. */
export function fromCoreError({ code, message, status }: PlainRunError, cause?: unknown): RunError {
  return new RunError(code, message, { attempts: code === 'invalid_options' ? 0 : 1, status, cause });
}
