import { cannotStart, isModule, isStarted, partNames, startModule } from './core.js';
import { RunError } from './error.js';
import { type ModuleName, providedSource, type WasmSource } from './source.js';

/** What {@link init} makes the core from; an address is fetched. */
export type InitInput = WasmSource | Response | URL | string;

/** What {@link init} makes the modules besides the core from. */
export interface FurtherModules<Input = InitInput | PromiseLike<InitInput>> {
  /** That of `readRollouts`, `writeRollout` and all others that know the logs of rollouts: `fencerun/wasm/rollouts`. */
  rollouts?: Input;
}

let starting: Promise<void> | undefined;

/**
 * Makes the core ready without keeping the thread from other work. Only `fencerun/slim` needs it, and needs an
 * input; everywhere else the first call of any function makes the core ready at once.
 *
 * Called again it gives the same promise, and does nothing where the core runs; after a failure it tries again.
 *
 * @param input the module, its bytes, the response or the address that has it, or a promise of one of these. Default:
 *   the module of the package.
 * @param further modules to start besides. Default: none; where the package has them, the first call that needs one does.
 * @throws {RunError} rejects with `network` or `http` when it cannot be fetched, with `invalid_options` when it is no
 *   module of this package; with its own reason for a promise of the caller's that rejects.
 */
export function init(
  input?: InitInput | PromiseLike<InitInput>,
  further: FurtherModules = {},
): Promise<void> {
  const whole = initCore(input);
  const given = listGiven(further);
  if (given.length === 0) return whole;
  // All are fetched at the same time.
  const compiled = given.map(async ([name, source]) => [name, await compile(name, source)] as const);
  return Promise.all([whole, ...compiled]).then(([, ...modules]) => {
    for (const [name, module] of modules) startModule(name, module);
  });
}

/**
 * Makes the core ready at once; does nothing where it runs.
 *
 * @param source the module or its bytes. Default: the module of the package.
 * @param further modules to start besides, as {@link init} has them.
 * @throws {RunError} with `invalid_options` when it is no module of this package.
 */
export function initSync(source?: WasmSource, further: FurtherModules<WasmSource> = {}): void {
  if (!isStarted('core')) startModule('core', source ?? providedSource());
  for (const [name, given] of listGiven(further)) startModule(name, given);
}

/** The modules to start. */
function listGiven<Input>(further: FurtherModules<Input>): [ModuleName, Input][] {
  const given = new Map<ModuleName, Input | undefined>(Object.entries(further));
  return partNames().flatMap((name): [ModuleName, Input][] => {
    const input = given.get(name);
    return input === undefined || isStarted(name) ? [] : [[name, input]];
  });
}

function initCore(input: InitInput | PromiseLike<InitInput> | undefined): Promise<void> {
  if (isStarted('core')) return Promise.resolve();
  starting ??= startCore(input).finally(() => {
    starting = undefined;
  });
  return starting;
}

async function startCore(input: InitInput | PromiseLike<InitInput> = providedSource()): Promise<void> {
  startModule('core', await compile('core', input));
}

async function compile(
  name: ModuleName,
  given: InitInput | PromiseLike<InitInput>,
): Promise<WebAssembly.Module> {
  const input = await given;
  if (isModule(input)) return input;
  const source: unknown = typeof input === 'string' || isURL(input) ? await request(input) : input;
  try {
    if (!isResponse(source)) return await WebAssembly.compile(source as BufferSource);
    if (!source.ok) {
      const { status } = source;
      throw new RunError('http', `the module could not be fetched: status ${status}`, { status });
    }
    // A server that does not know the type of the file would make the streaming way fail.
    const isTyped = source.headers.get('content-type') === 'application/wasm';
    if (isTyped && WebAssembly.compileStreaming) return await WebAssembly.compileStreaming(source);
    return await WebAssembly.compile(await source.arrayBuffer());
  } catch (cause) {
    throw cause instanceof RunError ? cause : cannotStart(cause, name);
  }
}

async function request(url: URL | string): Promise<Response> {
  try {
    return await fetch(url);
  } catch (cause) {
    throw new RunError('network', `the module could not be fetched from ${url}`, { cause });
  }
}

// Asked by their tags, things of another realm are known too.

function isURL(value: unknown): value is URL {
  return Object.prototype.toString.call(value) === '[object URL]';
}

function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]';
}
