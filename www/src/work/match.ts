// A pattern in, a test for lines of JSON out.

/** Whether a text of the line matches. What stands in the JSON is escaped, so its strings are read first, unless it `isText`. */
export function buildMatcher(pattern: string, isRegex: boolean, isText: boolean): (line: string) => boolean {
  const expression = buildExpression(pattern, isRegex, 'iu');
  if (isText) return (line) => expression.test(line);
  // A pattern that reads the same in JSON cannot be in a text without being in the line.
  const isPlain = !isRegex && /^[\w .,:;()[\]{}+*=<>!?#$%&|~^@'`-]+$/.test(pattern);
  return (line) => {
    if (isPlain && !expression.test(line)) return false;
    return (line.match(/"(?:[^"\\]|\\.)*"/g) ?? [line]).some((text) => expression.test(readText(text)));
  };
}

/**
 * Letters that every line has in which a plain pattern matches, in any case of ASCII; `null` when there are none of use. Some
 * letters beyond ASCII are `k` and `s` in another case, so these two are left out.
 */
export function chooseNeedle(pattern: string, isRegex: boolean): string | null {
  if (isRegex || !/^[\x20-\x7e]+$/.test(pattern)) return null;
  // What JSON may write otherwise: quotes, slashes and what HTML would take for a tag.
  const runs = pattern.split(/[ks"\\/<>&']/i).sort((left, right) => right.length - left.length);
  const [longest = ''] = runs;
  return longest.trim().length >= 2 ? longest : null;
}

/** The pattern as a regular expression; a plain text matches itself, in any case. */
export function buildExpression(pattern: string, isRegex: boolean, flags: string): RegExp {
  return new RegExp(isRegex ? pattern : pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), flags);
}

function readText(text: string): string {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
