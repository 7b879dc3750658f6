// Values as text, as Node's util.inspect and console.log show them. In: a value and options. Out: text.
// Not shown as Node shows them: the target of a proxy and the rest of an iterator, which a program cannot look into.

import { describeStack } from './errors.js';
import * as kinds from './kinds.js';
import { escapeKey, joinEntries, quoteText } from './layout.js';

export const customInspect = Symbol.for('nodejs.util.inspect.custom');
const PLAIN_KEY = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const CLASS_SOURCE = /^class\b/;
const SHORT_TEXT = 16;
const DEFAULTS = {
  depth: 2,
  breakLength: 80,
  compact: 3,
  maxArrayLength: 100,
  maxStringLength: 10000,
  showHidden: false,
  sorted: false,
};

let readPromise = () => ['pending'];
/** The host tells the state of a promise; a program cannot see it. */
export function setPromiseReader(reader) {
  readPromise = reader;
}

export function inspect(value, options = {}) {
  const settings =
    typeof options === 'object' && options !== null ? options : { showHidden: Boolean(options) };
  const state = { ...DEFAULTS, ...settings, indentation: 0, currentDepth: 0, seen: [], circular: new Map() };
  if (state.depth === null) state.depth = Infinity;
  if (state.compact === true) state.compact = 3;
  else if (state.compact === false) state.compact = 0;
  return formatValue(state, value, 0);
}
inspect.custom = customInspect;

export function formatNumber(value) {
  return Object.is(value, -0) ? '-0' : `${value}`;
}

function formatPrimitive(state, value) {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return value.toString();
  if (typeof value !== 'string') return String(value);
  const text = value.slice(0, state.maxStringLength);
  const rest = value.length - text.length;
  const trailer = rest > 0 ? `... ${rest} more character${rest > 1 ? 's' : ''}` : '';
  if (text.length <= SHORT_TEXT || text.length <= state.breakLength - state.indentation - 4)
    return quoteText(text) + trailer;
  const lines = text.split(/(?<=\n)/);
  return lines.map(quoteText).join(` +\n${' '.repeat(state.indentation + 2)}`) + trailer;
}

function formatValue(state, value, depth, inTypedArray) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
    return formatPrimitive(state, value);
  const custom = value[customInspect];
  if (typeof custom === 'function' && custom !== inspect && value.constructor?.prototype !== value) {
    const shown = custom.call(
      value,
      state.depth - depth,
      { ...DEFAULTS, depth: state.depth - depth },
      inspect,
    );
    if (shown !== value) {
      if (typeof shown !== 'string') return formatValue(state, shown, depth);
      return shown.replaceAll('\n', `\n${' '.repeat(state.indentation)}`);
    }
  }
  if (state.seen.includes(value)) {
    if (!state.circular.has(value)) state.circular.set(value, state.circular.size + 1);
    return `[Circular *${state.circular.get(value)}]`;
  }
  return formatObject(state, value, depth, inTypedArray);
}

function findClassName(value) {
  for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
    const made = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
    if (typeof made !== 'function' || made.name === '') continue;
    if (Function.prototype[Symbol.hasInstance].call(made, value)) return String(made.name);
  }
  return null;
}

function buildPrefix(className, tag, fallback, size = '') {
  if (className === null) {
    const own = `[${fallback}${size}: null prototype] `;
    return tag !== '' && fallback !== tag ? `${own}[${tag}] ` : own;
  }
  return tag !== '' && className !== tag ? `${className}${size} [${tag}] ` : `${className}${size} `;
}

function readKeys(state, value) {
  const names = state.showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
  const symbols = Object.getOwnPropertySymbols(value);
  return [
    ...names,
    ...symbols.filter((key) => state.showHidden || Object.prototype.propertyIsEnumerable.call(value, key)),
  ];
}

const isIndex = (key) => typeof key === 'string' && /^(?:0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1;

function describeFunction(value, className, tag) {
  const source = Function.prototype.toString.call(value);
  if (CLASS_SOURCE.test(source)) {
    const name = (Object.hasOwn(value, 'name') && value.name) || '(anonymous)';
    const parent = Object.getPrototypeOf(value)?.name;
    return `[class ${name}${parent ? ` extends ${parent}` : ''}]`;
  }
  const type = Object.prototype.toString.call(value).slice(8, -1);
  const kind = /^(?:Async)?(?:Generator)?Function$/.test(type) ? type : 'Function';
  const name = value.name === '' ? ' (anonymous)' : `: ${value.name}`;
  const suffix = className !== kind && className !== null ? ` ${className}` : '';
  return `[${kind}${name}]${suffix}${tag !== '' && className !== tag ? ` [${tag}]` : ''}`;
}

/** What a value is shown as before its properties: a base text, braces, and how its own entries are formatted. */
function describeShape(state, value, className, tag, inTypedArray) {
  const size = (count, fallback) => buildPrefix(className, tag, fallback, `(${count})`);
  const own = (fallback) => buildPrefix(className, tag, fallback);
  if (Array.isArray(value)) {
    const prefix = className !== 'Array' || tag !== '' ? size(value.length, 'Array') : '';
    return { braces: [`${prefix}[`, ']'], format: formatArray, isArray: true, isEmpty: value.length === 0 };
  }
  if (kinds.isTypedArray(value)) {
    const prefix = size(value.length, className ?? 'TypedArray');
    return {
      braces: [`${prefix}[`, ']'],
      format: formatTypedArray,
      isArray: true,
      isEmpty: value.length === 0,
    };
  }
  if (kinds.isSet(value))
    return { braces: [`${size(value.size, 'Set')}{`, '}'], format: formatSet, isEmpty: value.size === 0 };
  if (kinds.isMap(value))
    return { braces: [`${size(value.size, 'Map')}{`, '}'], format: formatMap, isEmpty: value.size === 0 };
  if (kinds.isArguments(value)) return { braces: ['[Arguments] {', '}'] };
  if (typeof value === 'function') return { base: describeFunction(value, className, tag) };
  if (kinds.isRegExp(value)) return { base: RegExp.prototype.toString.call(value) };
  if (kinds.isDate(value)) {
    return {
      base: Number.isNaN(Date.prototype.getTime.call(value))
        ? 'Invalid Date'
        : Date.prototype.toISOString.call(value),
    };
  }
  if (kinds.isError(value)) return { base: describeStack(value, state.indentation), isError: true };
  if (kinds.isArrayBuffer(value)) {
    const format = inTypedArray ? () => [] : formatArrayBuffer;
    return { braces: [`${own('ArrayBuffer')}{`, '}'], format, extraKeys: ['byteLength'] };
  }
  if (kinds.isDataView(value)) {
    return { braces: [`${own('DataView')}{`, '}'], extraKeys: ['byteLength', 'byteOffset', 'buffer'] };
  }
  if (kinds.isPromise(value)) return { braces: [`${own('Promise')}{`, '}'], format: formatPromise };
  if (kinds.isWeakSet(value))
    return { braces: [`${own('WeakSet')}{`, '}'], format: () => ['<items unknown>'] };
  if (kinds.isWeakMap(value))
    return { braces: [`${own('WeakMap')}{`, '}'], format: () => ['<items unknown>'] };
  if (kinds.isMapIterator(value) || kinds.isSetIterator(value)) {
    return { braces: [`[${tag}] {`, '}'], format: () => ['<items unknown>'] };
  }
  const boxed = kinds.unboxPrimitive(value);
  if (boxed)
    return {
      base: `[${boxed.name}: ${formatPrimitive({ ...state, breakLength: Infinity }, boxed.value)}]`,
      boxed,
    };
  const plain = className === 'Object' && tag === '';
  return { braces: [`${plain ? '' : own('Object')}{`, '}'] };
}

function pickKeys(state, value, shape) {
  let keys = readKeys(state, value);
  if (shape.isArray || shape.boxed?.name === 'String') keys = keys.filter((key) => !isIndex(key));
  if (shape.isError) {
    // A name or message that the stack shows already is not shown again.
    keys = keys.filter(
      (key) => !(['name', 'message', 'stack'].includes(key) && shape.base.includes(String(value[key]))),
    );
    for (const key of ['cause', 'errors']) {
      if (Object.hasOwn(value, key) && !keys.includes(key)) keys.push(key);
    }
  }
  return [...(shape.extraKeys ?? []), ...keys];
}

function formatObject(state, value, depth, inTypedArray) {
  const className = findClassName(value);
  let tag = value[Symbol.toStringTag];
  if (
    typeof tag !== 'string' ||
    (tag !== '' && Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag))
  )
    tag = '';
  const shape = describeShape(state, value, className, tag, inTypedArray);
  const { braces = ['{', '}'], format = () => [], isArray = false } = shape;
  let base = shape.base ?? '';
  const keys = pickKeys(state, value, shape);
  const isBare = keys.length === 0 && (shape.isEmpty ?? shape.format === undefined);
  if (isBare) return base || `${braces[0]}${braces[1]}`;
  if (depth > state.depth) {
    if (kinds.isRegExp(value) || kinds.isError(value)) return base;
    if (Array.isArray(value)) return '[Array]';
    const name = buildPrefix(className, tag, 'Object').slice(0, -1);
    return className === null ? name : `[${name}]`;
  }
  const inner = depth + 1;
  state.seen.push(value);
  state.currentDepth = inner;
  const output = format(state, value, inner);
  for (const key of keys) output.push(formatProperty(state, value, inner, key, isArray));
  state.seen.pop();
  if (state.circular.has(value)) {
    const reference = `<ref *${state.circular.get(value)}>`;
    base = base === '' ? reference : `${reference} ${base}`;
  }
  if (state.sorted) output.sort(typeof state.sorted === 'function' ? state.sorted : undefined);
  return joinEntries(state, { output, base, braces, isArray, depth: inner, value });
}

function formatNested(state, value, depth, inTypedArray) {
  state.indentation += 2;
  const text = formatValue(state, value, depth, inTypedArray);
  state.indentation -= 2;
  return text;
}

function formatProperty(state, value, depth, key, isArray) {
  const property = Object.getOwnPropertyDescriptor(value, key) ?? { value: value[key], enumerable: true };
  let text;
  if (property.get) text = property.set ? '[Getter/Setter]' : '[Getter]';
  else if (property.set) text = '[Setter]';
  else text = formatNested(state, property.value, depth, kinds.isTypedArray(value));
  if (isArray && isIndex(key)) return text;
  return `${formatKey(key, property.enumerable)}: ${text}`;
}

function formatKey(key, enumerable) {
  if (typeof key === 'symbol') return `[${escapeKey(key.toString())}]`;
  if (key === '__proto__') return "['__proto__']";
  if (!enumerable) return `[${escapeKey(key)}]`;
  return PLAIN_KEY.test(key) ? key : quoteText(key);
}

const describeRest = (rest) => `... ${rest} more item${rest > 1 ? 's' : ''}`;

function formatArray(state, value, depth) {
  const output = [];
  let index = 0;
  for (; index < value.length && output.length < state.maxArrayLength; index++) {
    if (Object.hasOwn(value, index)) {
      output.push(formatProperty(state, value, depth, String(index), true));
      continue;
    }
    const start = index;
    while (index + 1 < value.length && !Object.hasOwn(value, index + 1)) index++;
    const count = index - start + 1;
    output.push(`<${count} empty item${count > 1 ? 's' : ''}>`);
  }
  if (index < value.length) output.push(describeRest(value.length - index));
  return output;
}

function formatTypedArray(state, value) {
  const shown = Array.from(value.slice(0, state.maxArrayLength), (item) => formatPrimitive(state, item));
  if (value.length > shown.length) shown.push(describeRest(value.length - shown.length));
  return shown;
}

function formatItems(state, items, format) {
  const shown = items.slice(0, state.maxArrayLength).map(format);
  if (items.length > shown.length) shown.push(describeRest(items.length - shown.length));
  return shown;
}

function formatSet(state, value, depth) {
  return formatItems(state, [...Set.prototype.values.call(value)], (item) =>
    formatNested(state, item, depth),
  );
}

function formatMap(state, value, depth) {
  return formatItems(
    state,
    [...Map.prototype.entries.call(value)],
    ([key, item]) => `${formatNested(state, key, depth)} => ${formatNested(state, item, depth)}`,
  );
}

function formatArrayBuffer(_state, value) {
  const bytes = [...new Uint8Array(value).subarray(0, 50)].map((byte) => byte.toString(16).padStart(2, '0'));
  const rest = value.byteLength - bytes.length;
  const trailer = rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : '';
  return [`[Uint8Contents]: <${bytes.join(' ')}${trailer}>`];
}

function formatPromise(state, value, depth) {
  const [status, result] = readPromise(value);
  if (status === 'pending') return ['<pending>'];
  const text = formatNested(state, result, depth);
  return [status === 'rejected' ? `<rejected> ${text}` : text];
}
