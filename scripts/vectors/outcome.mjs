// What a mapping can do besides giving an output.

/** An exception of Python, as the original function lets it out. */
class Raised extends Error {
  constructor({ type, message }) {
    super(message);
    this.type = type;
  }
}

/** A case that cannot be run, and why. */
class Skipped extends Error {}

/** Ends a case as the original ends it that raises `{type, message}`. */
export function raise(exception) {
  throw new Raised(exception);
}

/** Leaves a case out, with the reason. */
export function skip(reason) {
  throw new Skipped(reason);
}

/** What `run` gives: `{output}`, `{raises}` or `{skipped}`; what else it throws is `{thrown}`. */
export function settle(run) {
  try {
    return { output: run() };
  } catch (thrown) {
    if (thrown instanceof Raised) return { raises: { type: thrown.type, message: thrown.message } };
    if (thrown instanceof Skipped) return { skipped: thrown.message };
    return { thrown: String(thrown?.stack ?? thrown) };
  }
}
