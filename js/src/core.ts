import { RunError } from './error.js';
import type * as Glue from './generated/fencerun.js';
import { __wbg_set_wasm, glue, parts } from './generated/fencerun.js';
import { type ModuleName, providedSource, type WasmSource } from './source.js';

/** What the modules that run export. */
let exports: WebAssembly.Exports = {};
let memory: WebAssembly.Memory | undefined;
let functions: typeof Glue | undefined;
const started = new Set<ModuleName>();

/** The WebAssembly core, instantiated by the first call; what needs another module starts that when it is looked up. */
export function core(): typeof Glue {
  if (!memory) startModule('core', providedSource());
  functions ??= describeFunctions();
  return functions;
}

function describeFunctions(): typeof Glue {
  const all: Record<string, unknown> = { ...glue };
  for (const [part, members] of Object.entries(parts)) {
    for (const member of members) {
      const found = all[member];
      const get = () => {
        if (!started.has(part)) startModule(part, providedSource(part));
        return found;
      };
      Object.defineProperty(all, member, { get });
    }
  }
  return all as unknown as typeof Glue;
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

/** The modules besides the core. */
export function partNames(): ModuleName[] {
  return Object.keys(parts);
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
    if (name === 'core') {
      exports = instantiate(module, {});
      __wbg_set_wasm(exports);
      (exports.__wbindgen_start as () => void)();
      memory = exports.memory as WebAssembly.Memory;
    } else {
      const further = instantiate(module, { main: exports });
      if ('memory' in further) throw new TypeError('it is the core');
      // One object as the core alone has it: every call looks into it.
      exports = { ...exports, ...further };
      __wbg_set_wasm(exports);
    }
    started.add(name);
  } catch (cause) {
    throw cannotStart(cause, name);
  }
}

function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Exports {
  return new WebAssembly.Instance(module, { './fencerun_bg.js': { ...glue }, ...imports }).exports;
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
