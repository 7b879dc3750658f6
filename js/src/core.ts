import { RunError } from './error.js';
import * as glue from './generated/fencerun.js';
import { providedSource, type WasmSource } from './source.js';

let memory: WebAssembly.Memory | undefined;

/** The WebAssembly core, instantiated by the first call. */
export function core(): typeof glue {
  if (!memory) startCore(providedSource());
  return glue;
}

/** The memory of the core; its buffer changes when it grows. */
export function coreMemory(): WebAssembly.Memory {
  if (!memory) core();
  return memory as WebAssembly.Memory;
}

/** Whether the core runs. */
export function isStarted(): boolean {
  return memory !== undefined;
}

/**
 * Instantiates the core, at once; does nothing when it runs already.
 *
 * @throws {RunError} with `invalid_options` where the module is none of ours, or the page forbids to compile any.
 */
export function startCore(source: WasmSource): void {
  if (memory) return;
  try {
    const module = isModule(source) ? source : new WebAssembly.Module(source as BufferSource);
    const { exports } = new WebAssembly.Instance(module, { './fencerun_bg.js': { ...glue } });
    glue.__wbg_set_wasm(exports);
    (exports.__wbindgen_start as () => void)();
    memory = exports.memory as WebAssembly.Memory;
  } catch (cause) {
    throw cannotStart(cause);
  }
}

/** Why the core does not run, told the same way whoever found out. */
export function cannotStart(cause: unknown): RunError {
  return new RunError('invalid_options', 'the WebAssembly module of fencerun could not be started', {
    cause,
  });
}

/** By its tag: a module of another realm, as a test runner or an edge runtime has them, is no `instanceof` of ours. */
export function isModule(source: unknown): source is WebAssembly.Module {
  return Object.prototype.toString.call(source) === '[object WebAssembly.Module]';
}
