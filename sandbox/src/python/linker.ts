// Links the core modules of a guest. In: compiled modules, the plan the build made, host functions.
// Out: an instance whose whole state is known: one memory, the mutable globals, one table that nothing writes to.
// jco's own linking code is not used at run time: it takes 60 ms an instance, and its handle tables would outlive a run.

import type { GuestMemory } from './memory.js';

/** An import: its name, the instance it comes from, the name there if different; or the host function it is. */
type PlannedImport = [name: string, from: number, exportName?: string] | [name: string, hostFunction: string];

export interface LinkPlan {
  instances: {
    imports: Record<string, PlannedImport[]>;
    mutableGlobals: number;
    memory?: { minimum: number; maximumOffset: number };
  }[];
  host: string[];
  /** The address of the number of bytes by which malloc grows the memory. */
  granularity: number;
  /** The instance that exports `run` and `run-cell`. */
  entry: number;
  /** The instance whose `cabi_realloc` allocates what the host hands over. */
  allocator: number;
}

/** A function the guest calls with core values. */
export type HostFunction = (...values: never[]) => unknown;

export interface LinkedGuest {
  run(): number;
  runCell(number: number): void;
  memory: WebAssembly.Memory;
  mutableGlobals: WebAssembly.Global[];
  table: WebAssembly.Table;
}

/** Growing is slow however little it is, so it is rare. */
const GROWTH_BYTES = 4 << 20;

type CoreExports = Record<string, WebAssembly.ExportValue>;

function resolveImport(
  [name, from, exportName]: PlannedImport,
  instances: CoreExports[],
  host: ReadonlyMap<string, HostFunction>,
): WebAssembly.ImportValue {
  if (typeof from === 'string') {
    const hostFunction = host.get(from);
    if (!hostFunction) throw new Error(`the host has no function ${from}`);
    return hostFunction as WebAssembly.ImportValue;
  }
  const source = instances[from];
  if (!source) {
    return (...values: unknown[]) => {
      const exported = instances[from]?.[exportName ?? name] as CallableFunction;
      return exported(...values);
    };
  }
  return source[exportName ?? name] as WebAssembly.ImportValue;
}

/** Instantiates every module of the plan and gives the guest's entry point and state. */
export function linkGuest(
  modules: readonly WebAssembly.Module[],
  plan: LinkPlan,
  host: ReadonlyMap<string, HostFunction>,
  memory: GuestMemory,
): LinkedGuest {
  const instances: CoreExports[] = [];
  const mutableGlobals: WebAssembly.Global[] = [];
  plan.instances.forEach((planned, index) => {
    const imports: WebAssembly.Imports = {};
    for (const [module, entries] of Object.entries(planned.imports)) {
      const namespace: WebAssembly.ModuleImports = {};
      for (const entry of entries) namespace[entry[0]] = resolveImport(entry, instances, host);
      imports[module] = namespace;
    }
    const { exports } = new WebAssembly.Instance(modules[index] as WebAssembly.Module, imports);
    instances.push(exports as CoreExports);
    for (let position = 0; position < planned.mutableGlobals; position++) {
      mutableGlobals.push(exports[`restore:${position}`] as WebAssembly.Global);
    }
  });
  const main = instances[0] as CoreExports;
  const entry = instances[plan.entry] as CoreExports;
  const guestMemory = main.memory as WebAssembly.Memory;
  new DataView(guestMemory.buffer).setUint32(plan.granularity, GROWTH_BYTES, true);
  memory.attach(guestMemory, instances[plan.allocator]?.cabi_realloc as never);
  return {
    run: entry.run as () => number,
    runCell: (number) => {
      (entry['run-cell'] as (number: number) => void)(number);
      (entry['cabi_post_run-cell'] as () => void)();
    },
    memory: guestMemory,
    mutableGlobals,
    table: main.__indirect_function_table as WebAssembly.Table,
  };
}
