// console. In: a function that writes text to stdout or stderr. Out: the console object.

import { format } from './format.js';
import { inspect } from './inspect.js';

const INDENT = 2;

function renderTable(columns, rows) {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i].length)) + 2);
  const line = (cells) => `│${cells.map((cell, i) => ` ${cell}`.padEnd(widths[i])).join('│')}│`;
  const rule = (left, middle, right) => left + widths.map((width) => '─'.repeat(width)).join(middle) + right;
  return [
    rule('┌', '┬', '┐'),
    line(columns),
    rule('├', '┼', '┤'),
    ...rows.map(line),
    rule('└', '┴', '┘'),
  ].join('\n');
}

const show = (value) => inspect(value, { depth: 1, maxArrayLength: 3, breakLength: Infinity });

function buildTable(data, only) {
  const isMap = data instanceof Map;
  const isSet = data instanceof Set;
  const iterated = isMap || isSet;
  const entries = isMap
    ? [...data.entries()]
    : isSet
      ? [...data.values()].map((value, i) => [i, value])
      : Object.entries(data);
  const keys = [];
  let hasValues = false;
  for (const [, value] of entries) {
    if (typeof value !== 'object' || value === null) hasValues = true;
    else for (const key of only ?? Object.keys(value)) if (!keys.includes(key)) keys.push(key);
  }
  const rows = entries.map(([index, value], i) => {
    const isObject = typeof value === 'object' && value !== null;
    const cells = keys.map((key) => (isObject && Object.hasOwn(value, key) ? show(value[key]) : ''));
    const own = hasValues ? [isObject ? '' : show(value)] : [];
    return [iterated ? String(i) : String(index), ...(isMap ? [show(index)] : []), ...cells, ...own];
  });
  const first = iterated ? '(iteration index)' : '(index)';
  return renderTable([first, ...(isMap ? ['Key'] : []), ...keys, ...(hasValues ? ['Values'] : [])], rows);
}

export function makeConsole(write, now) {
  let indentation = '';
  const counts = new Map();
  const timers = new Map();
  const print = (stream, text) => {
    const indented = indentation === '' ? text : indentation + text.replaceAll('\n', `\n${indentation}`);
    write(stream, `${indented}\n`);
  };
  const log = (...values) => print('stdout', format(...values));
  const error = (...values) => print('stderr', format(...values));
  const readTimer = (label) => {
    const milliseconds = now() - timers.get(label);
    return milliseconds >= 1000
      ? `${(milliseconds / 1000).toFixed(3)}s`
      : `${Number(milliseconds.toFixed(3))}ms`;
  };
  const console = {
    log,
    info: log,
    debug: log,
    error,
    warn: error,
    trace(...values) {
      const heading = values.length > 0 ? `Trace: ${format(...values)}` : 'Trace';
      error([heading, ...new Error().stack.split('\n').slice(1)].join('\n'));
    },
    dir: (value, options) => print('stdout', inspect(value, { customInspect: false, ...options })),
    dirxml: log,
    table(data, only) {
      if (typeof data !== 'object' || data === null) log(data);
      else print('stdout', buildTable(data, only));
    },
    group(...values) {
      if (values.length > 0) log(...values);
      indentation += ' '.repeat(INDENT);
    },
    groupEnd() {
      indentation = indentation.slice(INDENT);
    },
    assert(condition, ...values) {
      if (condition) return;
      if (typeof values[0] === 'string') error(`Assertion failed: ${values[0]}`, ...values.slice(1));
      else error(...(values.length > 0 ? ['Assertion failed:', ...values] : ['Assertion failed']));
    },
    count(label = 'default') {
      counts.set(`${label}`, (counts.get(`${label}`) ?? 0) + 1);
      log(`${label}: ${counts.get(`${label}`)}`);
    },
    countReset: (label = 'default') => void counts.delete(`${label}`),
    time: (label = 'default') => void timers.set(`${label}`, now()),
    timeLog(label = 'default', ...values) {
      if (timers.has(`${label}`)) log(`${label}: ${readTimer(`${label}`)}`, ...values);
    },
    timeEnd(label = 'default') {
      if (!timers.has(`${label}`)) return;
      log(`${label}: ${readTimer(`${label}`)}`);
      timers.delete(`${label}`);
    },
  };
  console.groupCollapsed = console.group;
  return console;
}
