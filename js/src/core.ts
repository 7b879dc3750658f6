import { RunError } from './error.js';
import * as glue from './generated/fencerun.js';
import { type ModuleName, providedSource, type WasmSource } from './source.js';

/** What the modules that run export. */
let exports: WebAssembly.Exports = {};
let memory: WebAssembly.Memory | undefined;
const started = new Set<ModuleName>();

/**
 * The WebAssembly core, instantiated by the first call; with the functions of another module besides, where one is named.
 * Which functions those are is said in `scripts/build/core.mjs`.
 */
export function core(name: ModuleName = 'core'): typeof glue {
  if (!memory) startModule('core', providedSource());
  if (name !== 'core' && !started.has(name)) startModule(name, providedSource(name));
  return glue;
}

/** The memory of the core; its buffer changes when it grows. */
export function coreMemory(): WebAssembly.Memory {
  if (!memory) core();
  return memory as WebAssembly.Memory;
}

/** Whether a module runs. */
export function isStarted(name: ModuleName): boolean {
  return started.has(name);
}

/**
 * Instantiates a module, at once; does nothing when it runs already. Others than the core share its memory, and need it.
 *
 * @throws {RunError} with `invalid_options` where the module is none of ours, or the page forbids to compile any.
 */
export function startModule(name: ModuleName, source: WasmSource): void {
  if (started.has(name)) return;
  try {
    const module = isModule(source) ? source : new WebAssembly.Module(source as BufferSource);
    const further = instantiate(module, name);
    // One object as the core alone has it: every call looks into it.
    exports = name === 'core' ? further : { ...exports, ...further };
    glue.__wbg_set_wasm(exports);
    if (name === 'core') {
      (exports.__wbindgen_start as () => void)();
      memory = exports.memory as WebAssembly.Memory;
    }
    started.add(name);
  } catch (cause) {
    throw cannotStart(cause, name);
  }
}

function instantiate(module: WebAssembly.Module, name: ModuleName): WebAssembly.Exports {
  const imports = { './fencerun_bg.js': { ...glue }, ...(name !== 'core' && { main: exports }) };
  const instance = new WebAssembly.Instance(module, imports);
  if (name !== 'core' && 'memory' in instance.exports) throw new TypeError('it is the core');
  return instance.exports;
}

/** Why a module does not run, told the same way whoever found out. */
export function cannotStart(cause: unknown, name: ModuleName): RunError {
  const what = name === 'core' ? 'fencerun' : `fencerun for ${name}`;
  return new RunError('invalid_options', `the WebAssembly module of ${what} could not be started`, { cause });
}

/** By its tag: a module of another realm, as a test runner or an edge runtime has them, is no `instanceof` of ours. */
export function isModule(source: unknown): source is WebAssembly.Module {
  return Object.prototype.toString.call(source) === '[object WebAssembly.Module]';
}
