// Bytes as texts in the code of the package, which `decodeInline` of js/src/source.ts reads.
//
// All of it is ASCII that no bundler, minifier, string, template or page has to escape. A byte has a place of its own in it, one
// or two characters wide, and the same characters everywhere: so gzip and brotli find in the texts what they find in the bytes,
// which they do not in base64.

/** Behind one of these, a character stands for another byte than alone. */
const shifts = [' ', '!'];

/** From `#` to `~`, without what ends or escapes a string, begins a place in a template, or a tag. */
const characters = Array.from({ length: 92 }, (_, index) => String.fromCharCode(35 + index)).filter(
  (one) => !"$'<\\`".includes(one),
);

/**
 * A text for each of `modules`, and in base64 the table to read them by: 128 bytes for what each character of ASCII stands for
 * alone, 128 behind the first of the shifts, and 128 behind the second. All have one table, so that brotli finds in one what
 * it found in another.
 */
export function encodeInline(modules) {
  const counts = new Array(256).fill(0);
  for (const bytes of modules) for (const byte of bytes) counts[byte] += 1;
  const byCount = [...counts.keys()].sort((one, other) => counts[other] - counts[one]);
  const ascending = (values) => values.sort((one, other) => one - other);
  const frequent = ascending(byCount.slice(0, characters.length));
  const others = ascending(byCount.slice(characters.length));

  const table = Buffer.alloc(128 * (1 + shifts.length));
  const written = new Array(256);
  for (const [index, byte] of [...frequent, ...others].entries()) {
    const row = Math.floor(index / characters.length);
    const character = characters[index % characters.length];
    table[row * 128 + character.charCodeAt(0)] = byte;
    written[byte] = (shifts[row - 1] ?? '') + character;
  }
  return {
    texts: modules.map((bytes) => Array.from(bytes, (byte) => written[byte]).join('')),
    table: table.toString('base64'),
  };
}
