/**
 * What the build puts in the place of `Symbol.dispose` and `Symbol.asyncDispose`: in an engine without them a method named
 * so would be called `undefined`.
 */

// Read by their names, as the build replaces `Symbol.dispose` in this file too.
const { dispose: known, asyncDispose: knownAsync } = Symbol;

/** `Symbol.dispose`, or the symbol that stands for it. */
export const dispose: symbol = known ?? Symbol.for('Symbol.dispose');

/** `Symbol.asyncDispose`, or the symbol that stands for it. */
export const asyncDispose: symbol = knownAsync ?? Symbol.for('Symbol.asyncDispose');
