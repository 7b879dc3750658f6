// Errors in Node's shape. In: errors with QuickJS's stacks. Out: errors and texts with Node's.
// QuickJS keeps frames without a heading in `stack`, and shows its own and our frames.

/** The program is wrapped in a function on its first line; positions there are this many columns too far. */
let wrapperColumns = 0;
let mainPath = '';
let mainLines = [];
const OWN_FRAME = /prelude\.js|<eval>|<input>|at (?:construct|apply|call) \(native\)/;
const MAX_FRAMES = 10;
const FRAME = /^ {4}at (?:(.*) \()?(.*?)(?::(\d+):(\d+)|:(\d+))?\)?$/;

export function setProgram({ path, code, columns }) {
  mainPath = path;
  mainLines = code.split('\n');
  wrapperColumns = columns;
}

/** QuickJS points at the parenthesis of a call and at the dot of a property, V8 at the name or at `new`. */
function moveColumn(row, column) {
  const line = mainLines[row - 1] ?? '';
  if (line[column - 1] === '.') return column + 1;
  if (line[column - 1] !== '(') return column;
  const before = line.slice(0, column - 1);
  const name = /(?:\bnew\s+[\w$.]+|[\w$]+)$/.exec(before);
  return name ? name.index + 1 : column;
}

function rewriteFrame(line) {
  const match = FRAME.exec(line);
  if (!match) return line;
  const [, name = '', file, row, column] = match;
  if (file === 'native') return `    at ${name} (<anonymous>)`;
  if (file !== mainPath) return line;
  const written = row === '1' ? Math.max(1, Number(column) - wrapperColumns) : Number(column);
  const position = `${row}:${moveColumn(Number(row), written)}`;
  return `    at ${name === '<anonymous>' || name === '' ? 'Object.<anonymous>' : name} (${file}:${position})`;
}

/** @param {string} [className] the class that is made: its constructors are no part of the stack */
function cleanFrames(stack, className) {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at ') && !OWN_FRAME.test(line));
  const made = className ? frames.findIndex((line) => line.startsWith(`    at ${className} (`)) : -1;
  return frames.slice(made + 1, made + 1 + MAX_FRAMES).map(rewriteFrame);
}

function describeHeading(error) {
  if (isStackOverflow(error)) return 'RangeError: Maximum call stack size exceeded';
  const name = error.name === undefined ? 'Error' : String(error.name);
  const message = error.message === undefined ? '' : String(error.message);
  if (message === '') return name;
  return name === '' ? message : `${name}: ${message}`;
}

const isStackOverflow = (error) => error.name === 'InternalError' && error.message === 'stack overflow';

/** Whether the stack is as QuickJS made it. */
const isRaw = (stack) => stack === '' || stack.startsWith('    at ');

export function readStack(error) {
  const { stack } = error;
  if (typeof stack !== 'string') return describeHeading(error);
  return isRaw(stack) ? [describeHeading(error), ...cleanFrames(stack)].join('\n') : stack;
}

/** The stack as console.log shows it: with the class of the error in its heading. */
export function describeStack(error, indentation) {
  let stack = readStack(error);
  const name = error.constructor?.name;
  const heading = stack.split('\n    at ')[0];
  if (typeof name === 'string' && name !== 'Error' && stack.startsWith('Error') && !heading.includes(name)) {
    stack = name + stack.slice('Error'.length);
  }
  if (!stack.includes('\n    at ')) stack = `[${stack}]`;
  return indentation === 0 ? stack : stack.replaceAll('\n', `\n${' '.repeat(indentation)}`);
}

/** Makes `new Error().stack` start with its heading, and adds captureStackTrace. */
export function installErrors(scope) {
  const names = [
    'Error',
    'EvalError',
    'RangeError',
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
    'AggregateError',
  ];
  const setStack = (error, raw, className) => {
    const value = [describeHeading(error), ...cleanFrames(raw, className)].join('\n');
    Object.defineProperty(error, 'stack', { value, writable: true, configurable: true, enumerable: false });
    return error;
  };
  const build = (target, values, newTarget) => {
    const error = Reflect.construct(target, values, newTarget);
    return typeof error.stack === 'string' && isRaw(error.stack)
      ? setStack(error, error.stack, names.includes(newTarget.name) ? undefined : newTarget.name)
      : error;
  };
  for (const name of names) {
    const native = scope[name];
    const wrapped = new Proxy(native, {
      construct: build,
      apply: (target, _receiver, values) => build(target, values, target),
    });
    Object.defineProperty(native.prototype, 'constructor', {
      value: wrapped,
      writable: true,
      configurable: true,
    });
    Object.defineProperty(scope, name, { value: wrapped, writable: true, configurable: true });
  }
  // What QuickJS calls an internal error is a full stack or a full memory, which in V8 is a RangeError.
  if (scope.InternalError) Object.setPrototypeOf(scope.InternalError.prototype, scope.RangeError.prototype);
  const { Error: base } = scope;
  Object.defineProperty(base, 'captureStackTrace', {
    value: (object) => {
      setStack(object, new base().stack.split('\n').slice(1).join('\n'));
    },
    writable: true,
    configurable: true,
  });
  base.stackTraceLimit = 10;
}

/** Where the error comes from: path and line, the line itself and a mark under the place. */
function quoteSource(stack, isRejection) {
  const match = stack.match(/\((\/[^\n()]*):(\d+):(\d+)\)/);
  if (match?.[1] !== mainPath) return '';
  const line = mainLines[Number(match[2]) - 1];
  if (line === undefined) return '';
  const column = Number(match[3]) - 1;
  const thrown = isRejection ? -1 : line.slice(0, column).lastIndexOf('throw ');
  const indent = line.slice(0, thrown >= 0 ? thrown : column).replace(/[^\t]/g, ' ');
  return `${mainPath}:${match[2]}\n${line}\n${indent}^\n\n`;
}

/** What Node prints when nobody catches the value, without its version. */
export function describeUncaught(value, inspect, { isRejection = false } = {}) {
  if (typeof value === 'object' && value !== null && value instanceof Error) {
    return `${quoteSource(readStack(value), isRejection)}${inspect(value)}\n`;
  }
  return `Uncaught:\n${typeof value === 'string' ? value : inspect(value)}\n`;
}
