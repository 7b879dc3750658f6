// What a program finds in its global scope beside the language, and how it is started and stepped.
// In: the functions of the host. Out: the functions the host calls. Runs inside QuickJS, once for every run.

import { makeConsole } from './console.js';
import { describeUncaught, installErrors, setProgram } from './errors.js';
import { inspect, setPromiseReader } from './inspect.js';
import { EventEmitter, makeRequire, Stdin } from './modules.js';
import { makeTasks } from './tasks.js';

function define(scope, values) {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(scope, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

/**
 * @param {object} host write, exit, now, readStdin, readFile, writeFile, readPromise
 * @param {{ path: string, code: string, columns: number }} program
 */
export function install(host, program) {
  const scope = globalThis;
  setProgram(program);
  setPromiseReader(host.readPromise);
  installErrors(scope);
  const tasks = makeTasks(host.now);
  const write = (stream, text) => host.write(stream, text);

  let stdin;
  const readStdin = () => {
    const text = stdin ?? host.readStdin();
    stdin = '';
    return text;
  };

  class Process extends EventEmitter {
    argv = ['/usr/local/bin/node', program.path];
    env = {};
    exitCode = undefined;
    platform = 'linux';
    pid = 1;
    version = '';
    versions = {};
    stdin = new Stdin(readStdin, tasks.functions.setImmediate);
    stdout = makeStream('stdout', 1);
    stderr = makeStream('stderr', 2);
    cwd = () => '/sandbox';
    uptime = () => host.now() / 1000;
    nextTick = (callback, ...values) => void tasks.addTick(callback, values);
    hrtime = Object.assign(
      (earlier = [0, 0]) => {
        const now = host.now() * 1e6 - (earlier[0] * 1e9 + earlier[1]);
        return [Math.floor(now / 1e9), Math.floor(now % 1e9)];
      },
      { bigint: () => BigInt(Math.floor(host.now() * 1e6)) },
    );
    memoryUsage = () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 });
    exit = (code = this.exitCode ?? 0) => {
      this.exitCode = code;
      finish();
      host.exit(Number(code) & 0xff);
      for (;;);
    };
  }

  function makeStream(name, fd) {
    const stream = new EventEmitter();
    const put = (chunk, encoding, done) => {
      write(name, String(chunk));
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback) tasks.addTick(callback, []);
      return true;
    };
    return Object.assign(stream, {
      fd,
      isTTY: false,
      columns: undefined,
      write: put,
      end: (chunk) => chunk && put(chunk),
    });
  }

  const process = new Process();
  let finished = false;
  /** Tells the program once that it ends; gives its exit code. */
  function finish() {
    if (!finished) {
      finished = true;
      process.emit('exit', process.exitCode ?? 0);
    }
    return Number(process.exitCode ?? 0) & 0xff;
  }

  function fail(error, options) {
    if (process.listenerCount('uncaughtException') > 0) {
      process.emit('uncaughtException', error, 'uncaughtException');
      return;
    }
    write('stderr', describeUncaught(error, inspect, options));
    process.exitCode = 1;
    finish();
    host.exit(1);
    for (;;);
  }

  const attempt = (action) => {
    try {
      return action();
    } catch (error) {
      fail(error);
      return 0;
    }
  };

  const performance = { now: host.now, timeOrigin: Date.now() - host.now(), mark() {}, measure() {} };
  const require = makeRequire({ host, tasks, process, performance, readStdin, write });
  const { then } = Promise.prototype;
  define(scope, {
    ...tasks.functions,
    console: makeConsole(write, host.now),
    global: scope,
    performance,
    process,
    queueMicrotask: (callback) => void then.call(Promise.resolve(), () => attempt(callback)),
  });

  return {
    /** Calls the program, which is wrapped in a function as CommonJS wraps it. */
    runMain(main) {
      const module = { exports: {}, filename: program.path, id: '.', loaded: false, children: [], paths: [] };
      require.main = module;
      attempt(() => main.call(module.exports, module.exports, require, module, program.path, '/sandbox'));
    },
    fail: (error) => fail(error),
    failRejection(reason) {
      if (process.listenerCount('unhandledRejection') > 0) {
        process.emit('unhandledRejection', reason);
        return;
      }
      if (reason instanceof Error) return fail(reason, { isRejection: true });
      const text = typeof reason === 'string' ? reason : inspect(reason);
      const error = new Error(
        'This error originated either by throwing inside of an async function without a catch block, or by rejecting a ' +
          `promise which was not handled with .catch(). The promise rejected with the reason "${text}".`,
      );
      error.name = 'UnhandledPromiseRejection';
      error.stack = `${error.name}: ${error.message}`;
      error.code = 'ERR_UNHANDLED_REJECTION';
      return fail(error);
    },
    runTick: () => attempt(tasks.runTick),
    runTask: () => attempt(tasks.runTask),
    finish: () => attempt(finish),
  };
}
