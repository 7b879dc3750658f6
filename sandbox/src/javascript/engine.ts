// Runs JavaScript programs in a worker. In: the compiled QuickJS, the prelude, jobs. Out: outcomes.
// Every run gets a WebAssembly instance of its own; the prelude inside it makes the little of Node that there is.

import quickJsVariant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { type FileSystem, FileSystemError } from '../filesystem.js';
import type { Job, Outcome, QuickJsAssets, Stream } from '../job.js';
import type { Output } from '../output.js';
import { buildFileSystem, fetchFiles, WORKING_DIRECTORY } from '../program-files.js';
import { PAGE_BYTES } from '../python/memory.js';
import { waitMs } from '../python/wasi/clocks.js';
import { type QuickJsInstance, type RejectionWatch, watchRejections } from './rejections.js';

const MAIN_NAME = 'main.js';
const MAIN_PATH = `/${WORKING_DIRECTORY.join('/')}/${MAIN_NAME}`;
/** As CommonJS wraps a module; on the program's first line, so that line numbers stay. */
const WRAPPER = '(function (exports, require, module, __filename, __dirname) { ';
/** What QuickJS starts with. */
const INITIAL_PAGES = 256;
const STACK_OVERFLOW = 'RangeError: Maximum call stack size exceeded\n';

/** The functions of prelude/index.js. */
type PreludeFunction = 'runMain' | 'fail' | 'failRejection' | 'runTick' | 'runTask' | 'finish';

/** An interpreter that has read the prelude and waits for its program. */
interface Interpreter {
  memoryBytes: number;
  runtime: QuickJSRuntime;
  context: QuickJSContext;
  /** The function that the prelude is. */
  install: QuickJSHandle;
  rejections: RejectionWatch;
  /** Once it has a return code, the program is interrupted; no handler of the program can catch that. */
  end: { returnCode: number | undefined };
}

/** QuickJS's own limit counts nothing in this build, so the limit is the memory's. */
async function instantiateQuickJs(module: WebAssembly.Module, memoryBytes: number) {
  let instance: QuickJsInstance | undefined;
  const maximum = Math.max(INITIAL_PAGES, Math.floor(memoryBytes / PAGE_BYTES));
  const wasmMemory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum });
  const emscriptenModule = {
    instantiateWasm(imports: { a: { a: WebAssembly.Memory } }, onDone: (made: WebAssembly.Instance) => void) {
      const made = new WebAssembly.Instance(module, imports as unknown as WebAssembly.Imports);
      instance = { memory: imports.a.a, table: made.exports.table as WebAssembly.Table };
      onDone(made);
      return made.exports;
    },
  };
  // The package's types describe its CommonJS form, where the variant is one level deeper.
  const variant = quickJsVariant as unknown as QuickJSSyncVariant;
  const quickJs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { emscriptenModule, wasmMemory } as never),
  );
  if (!instance) throw new Error('QuickJS was not instantiated by us');
  return { quickJs, instance };
}

async function makeInterpreter(
  { module, prelude }: QuickJsAssets,
  memoryBytes: number,
  stackBytes: number,
): Promise<Interpreter> {
  const { quickJs, instance } = await instantiateQuickJs(module, memoryBytes);
  const runtime = quickJs.newRuntime();
  runtime.setMaxStackSize(stackBytes);
  const context = runtime.newContext();
  const end: Interpreter['end'] = { returnCode: undefined };
  const rejections = watchRejections(instance, runtime, context, () => end.returnCode !== undefined);
  const install = context.unwrapResult(context.evalCode(prelude, 'prelude.js'));
  return { memoryBytes, runtime, context, install, rejections, end };
}

export class JavaScriptEngine {
  readonly #stackBytes: number;
  #assets: QuickJsAssets | undefined;
  #memoryBytes = 0;
  #next: Promise<Interpreter> | undefined;

  /** @param stackBytes what QuickJS may use; the thread's own stack must hold several times as much */
  constructor(stackBytes: number) {
    this.#stackBytes = stackBytes;
  }

  setAssets(assets: QuickJsAssets): void {
    this.#assets = assets;
  }

  /** Makes the interpreter of the next run ready, with the memory limit of the last one. */
  prepare(): void {
    if (!this.#assets || this.#memoryBytes === 0) return;
    this.#next ??= makeInterpreter(this.#assets, this.#memoryBytes, this.#stackBytes);
  }

  async run(job: Job, output: Output, onStart: () => void): Promise<Omit<Outcome, 'truncated'>> {
    if (!this.#assets) throw new Error('QuickJS was never sent');
    const { memoryBytes } = job;
    let interpreter = await this.#next;
    if (interpreter?.memoryBytes !== memoryBytes) {
      interpreter = await makeInterpreter(this.#assets, memoryBytes, this.#stackBytes);
    }
    this.#memoryBytes = memoryBytes;
    this.#next = undefined;
    return new Program(interpreter, job, output).run(onStart);
  }
}

class Program {
  readonly #interpreter: Interpreter;
  readonly #context: QuickJSContext;
  readonly #job: Job;
  readonly #output: Output;
  readonly #fileSystem: FileSystem;
  readonly #encoder = new TextEncoder();
  #stdin: Uint8Array;
  #startMs = 0;

  constructor(interpreter: Interpreter, job: Job, output: Output) {
    this.#interpreter = interpreter;
    this.#context = interpreter.context;
    this.#job = job;
    this.#output = output;
    this.#stdin = job.stdin;
    this.#fileSystem = buildFileSystem(job, MAIN_NAME, {
      readStdin: (length) => this.#takeStdin(length),
      writeOutput: (stream, bytes) => output.write(stream, bytes),
    });
  }

  get #returnCode(): number | undefined {
    return this.#interpreter.end.returnCode;
  }

  set #returnCode(returnCode: number) {
    this.#interpreter.end.returnCode = returnCode;
  }

  run(onStart: () => void): Omit<Outcome, 'truncated'> {
    let returnCode: number;
    try {
      const functions = this.#install();
      onStart();
      this.#startMs = performance.now();
      returnCode = this.#execute(functions);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#write('stderr', STACK_OVERFLOW);
      returnCode = 1;
    }
    const seconds = (performance.now() - this.#startMs) / 1000;
    return { returnCode, seconds, files: fetchFiles(this.#fileSystem, this.#job.fetchFiles) };
  }

  #takeStdin(length: number): Uint8Array {
    const bytes = this.#stdin.subarray(0, length);
    this.#stdin = this.#stdin.subarray(bytes.length);
    return bytes;
  }

  #write(stream: Stream, text: string): void {
    this.#output.write(stream, this.#encoder.encode(text));
  }

  /** Gives the prelude its host and the program, and gets its functions. */
  #install(): Record<PreludeFunction, QuickJSHandle> {
    const context = this.#context;
    const host = context.newObject();
    for (const [name, implement] of Object.entries(this.#hostFunctions())) {
      context.setProp(host, name, context.newFunction(name, implement));
    }
    const program = context.newObject();
    context.setProp(program, 'path', context.newString(MAIN_PATH));
    context.setProp(program, 'code', context.newString(this.#job.code));
    context.setProp(program, 'columns', context.newNumber(WRAPPER.length));
    const { install } = this.#interpreter;
    const functions = context.unwrapResult(context.callFunction(install, context.undefined, host, program));
    const names: PreludeFunction[] = ['runMain', 'fail', 'failRejection', 'runTick', 'runTask', 'finish'];
    return Object.fromEntries(names.map((name) => [name, context.getProp(functions, name)])) as Record<
      PreludeFunction,
      QuickJSHandle
    >;
  }

  #hostFunctions(): Record<string, (...values: QuickJSHandle[]) => QuickJSHandle | undefined> {
    const context = this.#context;
    const resolve = (handle: QuickJSHandle | undefined) =>
      this.#fileSystem.resolve(WORKING_DIRECTORY, handle ? context.getString(handle) : '');
    return {
      write: (stream, text) => {
        if (stream && text) this.#write(context.getString(stream) as Stream, context.getString(text));
        return undefined;
      },
      exit: (code) => {
        this.#returnCode = code ? context.getNumber(code) : 0;
        return undefined;
      },
      now: () => context.newNumber(performance.now() - this.#startMs),
      readStdin: () => context.newString(new TextDecoder().decode(this.#takeStdin(this.#stdin.length))),
      readFile: (path) => {
        const content = this.#fileSystem.readFile(resolve(path));
        return content ? context.newString(new TextDecoder().decode(content)) : context.undefined;
      },
      writeFile: (path, text) => {
        try {
          const content = text ? this.#encoder.encode(context.getString(text)) : new Uint8Array(0);
          this.#fileSystem.putFile(resolve(path), content);
          return context.undefined;
        } catch (error) {
          if (!(error instanceof FileSystemError)) throw error;
          return context.newString(error.code === 'insufficient-space' ? 'ENOSPC' : 'ENOENT');
        }
      },
      readPromise: (promise) => {
        const answer = context.newArray();
        const state = promise ? context.getPromiseState(promise) : undefined;
        context.setProp(answer, 0, context.newString(state?.type ?? 'pending'));
        if (state?.type === 'fulfilled') context.setProp(answer, 1, state.value);
        if (state?.type === 'rejected') context.setProp(answer, 1, state.error);
        return answer;
      },
    };
  }

  /** The program, its tasks and its jobs, until nothing is left or it ends itself. */
  #execute(functions: Record<PreludeFunction, QuickJSHandle>): number {
    const context = this.#context;
    const call = (name: PreludeFunction, ...values: QuickJSHandle[]): number => {
      const result = context.callFunction(functions[name], context.undefined, ...values);
      if (result.error) {
        this.#end(result.error);
        return -1;
      }
      return context.typeof(result.value) === 'number'
        ? context.getNumber(result.value)
        : context.dump(result.value)
          ? 1
          : 0;
    };
    const settle = () => {
      do {
        while (this.#returnCode === undefined && call('runTick') === 1);
        const jobs = this.#interpreter.runtime.executePendingJobs();
        if (jobs.error) call('fail', jobs.error);
      } while (
        this.#returnCode === undefined &&
        (call('runTick') === 1 || this.#interpreter.runtime.hasPendingJob())
      );
      const reason = this.#interpreter.rejections.takeFirst();
      if (this.#returnCode === undefined && reason) call('failRejection', reason);
    };

    const main = context.evalCode(`${WRAPPER}${this.#job.code.replace(/^#!/, '//')}\n})`, MAIN_PATH);
    if (main.error) call('fail', main.error);
    else call('runMain', main.value);
    settle();
    while (this.#returnCode === undefined) {
      const delayMs = call('runTask');
      if (delayMs < 0) break;
      if (delayMs > 0) {
        this.#output.flush();
        waitMs(delayMs);
      } else settle();
    }
    if (this.#returnCode === undefined) {
      const code = call('finish');
      return this.#returnCode ?? code;
    }
    return this.#returnCode;
  }

  /** The prelude itself failed: the interpreter was interrupted, or it is out of memory. */
  #end(error: QuickJSHandle): void {
    if (this.#returnCode !== undefined) return;
    const { name = 'Error', message = '' } = this.#context.dump(error) ?? {};
    this.#write('stderr', `${name}: ${message}\n`);
    this.#returnCode = 1;
  }
}
