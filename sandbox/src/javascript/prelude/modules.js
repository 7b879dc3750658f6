// What `require` gives: the few parts of Node that exist here. In: the host's functions. Out: modules by name.

import { format } from './format.js';
import { inspect } from './inspect.js';

export class EventEmitter {
  #listeners = new Map();
  on(name, listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return this;
  }
  once(name, listener) {
    const once = (...values) => {
      this.off(name, once);
      listener.apply(this, values);
    };
    return this.on(name, once);
  }
  off(name, listener) {
    this.#listeners.set(
      name,
      (this.#listeners.get(name) ?? []).filter((other) => other !== listener),
    );
    return this;
  }
  emit(name, ...values) {
    const listeners = this.#listeners.get(name) ?? [];
    if (name === 'error' && listeners.length === 0) throw values[0];
    for (const listener of listeners) listener.apply(this, values);
    return listeners.length > 0;
  }
  listenerCount(name) {
    return (this.#listeners.get(name) ?? []).length;
  }
  removeAllListeners(name) {
    if (name === undefined) this.#listeners.clear();
    else this.#listeners.delete(name);
    return this;
  }
}
EventEmitter.prototype.addListener = EventEmitter.prototype.on;
EventEmitter.prototype.removeListener = EventEmitter.prototype.off;
EventEmitter.EventEmitter = EventEmitter;

/** Standard input: its whole text comes as one piece. */
export class Stdin extends EventEmitter {
  #started = false;
  #read;
  #defer;
  fd = 0;
  constructor(read, defer) {
    super();
    this.#read = read;
    this.#defer = defer;
  }
  on(name, listener) {
    super.on(name, listener);
    if (name === 'data' || name === 'end' || name === 'readable') this.resume();
    return this;
  }
  resume() {
    if (this.#started) return this;
    this.#started = true;
    this.#defer(() => {
      if (this.listenerCount('readable') > 0) this.emit('readable');
      const text = this.#read();
      if (text !== '') this.emit('data', text);
      if (this.listenerCount('readable') > 0) this.emit('readable');
      this.emit('end');
      this.emit('close');
    });
    return this;
  }
  read() {
    return this.#read() || null;
  }
  setEncoding() {
    return this;
  }
  pause() {
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  async *[Symbol.asyncIterator]() {
    const text = this.#read();
    if (text !== '') yield text;
  }
}

class Interface extends EventEmitter {
  #read;
  #lines;
  #questions = [];
  #closed = false;
  #defer;
  #write;
  #started = false;
  constructor({ read, defer, write }) {
    super();
    this.#read = read;
    this.#defer = defer;
    this.#write = write;
    this.#start();
  }
  #takeLine() {
    if (this.#lines === undefined) {
      const text = this.#read();
      this.#lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
    }
    return this.#lines.shift();
  }
  #start() {
    if (this.#started) return;
    this.#started = true;
    this.#defer(() => this.#step());
  }
  #step() {
    if (this.#closed) return;
    if (this.#questions.length === 0 && this.listenerCount('line') === 0) {
      this.#started = false;
      if (this.#lines?.length === 0) this.close();
      return;
    }
    const line = this.#takeLine();
    if (line === undefined) return this.close();
    const question = this.#questions.shift();
    if (question) question(line);
    else this.emit('line', line);
    this.#defer(() => this.#step());
  }
  on(name, listener) {
    super.on(name, listener);
    if (name === 'line') this.#start();
    return this;
  }
  question(prompt, options, callback) {
    this.#write('stdout', prompt);
    this.#questions.push(typeof options === 'function' ? options : callback);
    this.#start();
  }
  setPrompt(prompt) {
    this.promptText = prompt;
  }
  prompt() {
    this.#write('stdout', this.promptText ?? '> ');
  }
  write() {}
  pause() {
    return this;
  }
  resume() {
    return this;
  }
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }
  async *[Symbol.asyncIterator]() {
    for (let line = this.#takeLine(); line !== undefined; line = this.#takeLine()) yield line;
    this.close();
  }
}

function makeFileError(code, call, path) {
  const reasons = {
    ENOENT: 'no such file or directory',
    EISDIR: 'illegal operation on a directory',
    ENOSPC: 'no space left on device',
  };
  const error = new Error(`${code}: ${reasons[code] ?? 'not permitted'}, ${call} '${path}'`);
  return Object.assign(error, { code, syscall: call, path });
}

function makeFileSystem(host, readStdin) {
  const isStdin = (path) => path === 0 || path === '/dev/stdin';
  const readFileSync = (path) => {
    if (isStdin(path)) return readStdin();
    const text = host.readFile(String(path));
    if (text === undefined) throw makeFileError('ENOENT', 'open', path);
    return text;
  };
  const put = (path, text) => {
    const code = host.writeFile(String(path), text);
    if (code) throw makeFileError(code, 'open', path);
  };
  return {
    readFileSync,
    writeFileSync: (path, data) => put(path, String(data)),
    appendFileSync: (path, data) => put(path, (host.readFile(String(path)) ?? '') + String(data)),
    existsSync: (path) => isStdin(path) || host.readFile(String(path)) !== undefined,
    promises: {
      readFile: async (path) => readFileSync(path),
      writeFile: async (path, data) => put(path, String(data)),
    },
  };
}

const promisify =
  (callee) =>
  (...values) =>
    new Promise((resolve, reject) => {
      callee(...values, (error, value) => (error ? reject(error) : resolve(value)));
    });

/** @returns {(name: string) => unknown} `require` */
export function makeRequire({ host, tasks, process, performance, readStdin, write }) {
  const { setTimeout, setImmediate } = tasks.functions;
  const fs = makeFileSystem(host, readStdin);
  const createInterface = () => new Interface({ read: readStdin, defer: setImmediate, write });
  const modules = {
    events: EventEmitter,
    fs,
    'fs/promises': fs.promises,
    perf_hooks: { performance },
    process,
    readline: { createInterface },
    'readline/promises': {
      createInterface: () => {
        const lines = createInterface();
        const ask = lines.question.bind(lines);
        lines.question = (prompt) => new Promise((resolve) => ask(prompt, resolve));
        return lines;
      },
    },
    timers: tasks.functions,
    'timers/promises': {
      setTimeout: (delay, value) => new Promise((resolve) => setTimeout(resolve, delay, value)),
      setImmediate: (value) => new Promise((resolve) => setImmediate(resolve, value)),
    },
    util: { inspect, format, promisify },
  };
  return function require(name) {
    const known = String(name).replace(/^node:/, '');
    if (Object.hasOwn(modules, known)) return modules[known];
    const error = new Error(`'${name}' is not available: this is QuickJS in the embedded sandbox, not Node`);
    throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
  };
}
