// How formatted entries are put on lines, as Node's util.inspect puts them.
// In: entries as text, braces, the state of an inspection. Out: text.

// Control characters, lone surrogates, the backslash, and the quote that is used.
const ESCAPED = /[\p{Cc}\p{Cs}'\\]/gu;
const ESCAPED_BUT_QUOTE = /[\p{Cc}\p{Cs}\\]/gu;
const SHORT_ESCAPES = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  "'": "\\'",
  '\\': '\\\\',
};
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4c6\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6]|[\ud83c-\ud83e\ud840-\ud87f][\udc00-\udfff]/g;
const COMBINING = /[\p{Mn}\p{Me}\p{Cf}]/gu;
const GROUPED_FROM = 6;
const MAX_COLUMNS = 15;

function escapeCharacter(character) {
  const short = SHORT_ESCAPES[character];
  if (short) return short;
  const code = character.charCodeAt(0);
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.toUpperCase().padStart(2, '0')}` : `\\u${digits}`;
}

/** A string as a literal, in the quotes that need the fewest escapes. */
export function quoteText(text) {
  let quote = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) quote = '"';
    else if (!text.includes('`') && !text.includes('${')) quote = '`';
  }
  return `${quote}${text.replace(quote === "'" ? ESCAPED : ESCAPED_BUT_QUOTE, escapeCharacter)}${quote}`;
}

export function escapeKey(text) {
  return text.replace(ESCAPED, escapeCharacter);
}

/** The columns a text takes. */
function measureText(text) {
  const plain = text.normalize('NFC').replace(COMBINING, '');
  return plain.replace(WIDE, '__').length;
}

/** Puts the entries of a long array in columns. */
function groupEntries(state, output, value) {
  let totalLength = 0;
  let maxLength = 0;
  const hasRest = state.maxArrayLength < output.length;
  const length = hasRest ? output.length - 1 : output.length;
  const lengths = [];
  for (let i = 0; i < length; i++) {
    lengths[i] = measureText(output[i]);
    totalLength += lengths[i] + 2;
    maxLength = Math.max(maxLength, lengths[i]);
  }
  const actualMax = maxLength + 2;
  const fits = actualMax * 3 + state.indentation < state.breakLength;
  if (!fits || !(totalLength / actualMax > 5 || maxLength <= 6)) return output;

  const averageBias = Math.sqrt(actualMax - totalLength / output.length);
  const biasedMax = Math.max(actualMax - 3 - averageBias, 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biasedMax * length) / biasedMax),
    Math.floor((state.breakLength - state.indentation) / actualMax),
    state.compact * 4,
    MAX_COLUMNS,
  );
  if (columns <= 1) return output;
  const widths = [];
  for (let column = 0; column < columns; column++) {
    let width = 0;
    for (let i = column; i < output.length; i += columns) width = Math.max(width, lengths[i] ?? 0);
    widths.push(width + 2);
  }
  const isNumeric =
    value?.slice && Array.from({ length: output.length }, (_, i) => typeof value[i]).every(isNumberType);
  const lines = [];
  for (let start = 0; start < length; start += columns) {
    const end = Math.min(start + columns, length);
    let line = '';
    for (let i = start; i < end; i++) {
      const isLast = i === end - 1;
      const text = isLast ? output[i] : `${output[i]}, `;
      const width = widths[i - start] + output[i].length - lengths[i] - (isLast ? 2 : 0);
      if (isNumeric) line += text.padStart(width, ' ');
      else line += isLast ? text : text.padEnd(width, ' ');
    }
    lines.push(line);
  }
  if (hasRest) lines.push(output[length]);
  return lines;
}

function isNumberType(type) {
  return type === 'number' || type === 'bigint';
}

function fitsOnLine(state, output, start, base) {
  let length = output.length + start;
  if (length + output.length > state.breakLength) return false;
  for (const entry of output) {
    length += entry.length;
    if (length > state.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

/** One text of all entries: on one line if they are few and short, otherwise one line each. */
export function joinEntries(state, { output, base, braces, isArray, depth, value }) {
  let entries = output;
  const prefix = base ? `${base} ` : '';
  if (isArray && output.length > GROUPED_FROM) entries = groupEntries(state, output, value);
  if (state.currentDepth - depth < state.compact && entries.length === output.length) {
    const start = entries.length + state.indentation + braces[0].length + base.length + 10;
    if (fitsOnLine(state, entries, start, base)) {
      const joined = entries.join(', ');
      if (!joined.includes('\n')) return `${prefix}${braces[0]} ${joined} ${braces[1]}`;
    }
  }
  const line = `\n${' '.repeat(state.indentation)}`;
  return `${prefix}${braces[0]}${line}  ${entries.join(`,${line}  `)}${line}${braces[1]}`;
}
