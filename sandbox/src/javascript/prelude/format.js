// The % formats of console.log and util.format. In: arguments. Out: text.

import { formatNumber, inspect } from './inspect.js';

/** Whether turning the object into a string would tell nothing of it. */
function hasBuiltInToString(value) {
  if (value instanceof Error || value instanceof Date) return false;
  const convert = value.toString;
  return [undefined, Object.prototype.toString, Array.prototype.toString].includes(convert);
}

function stringify(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (/circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

function formatDecimal(value, convert) {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'symbol' ? 'NaN' : formatNumber(convert(value));
}

function formatString(value) {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null || !hasBuiltInToString(value)) return String(value);
  return inspect(value, { depth: 0 });
}

const DIRECTIVES = {
  s: formatString,
  j: stringify,
  d: (value) => formatDecimal(value, Number),
  i: (value) => formatDecimal(value, Number.parseInt),
  f: (value) => (typeof value === 'symbol' ? 'NaN' : formatNumber(Number.parseFloat(value))),
  o: (value) => inspect(value, { showHidden: true, depth: 4 }),
  O: (value) => inspect(value),
  c: () => '',
};

export function format(...values) {
  if (values.length === 1 && typeof values[0] === 'string') return values[0];
  let text = '';
  let rest = values;
  if (typeof values[0] === 'string') {
    rest = values.slice(1);
    text = values[0].replace(/%([sjdifoOc%])/g, (directive, letter) => {
      if (letter === '%') return '%';
      return rest.length > 0 ? DIRECTIVES[letter](rest.shift()) : directive;
    });
  }
  const shown = rest.map((value) => (typeof value === 'string' ? value : inspect(value)));
  return [...(typeof values[0] === 'string' ? [text] : []), ...shown].join(' ');
}
