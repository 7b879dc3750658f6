// Everything the host keeps for one run: handles, streams, files, clock. Made anew for every run and then forgotten, so
// that nothing of a run, not even a handle number, can reach the next.
//
// The interfaces are written here against the core values of the canonical ABI instead of taken from
// @bytecodealliance/preview2-shim: its Node build opens host files and starts a thread, its browser build polls with
// promises, which a synchronous guest cannot wait for, and both keep their state in module variables.

import type { FileSystem } from '../../filesystem.js';
import type { HostFunction } from '../linker.js';
import type { GuestMemory } from '../memory.js';

/** The guest misused the interface in a way no compiled libc does; the run cannot go on. */
export class GuestTrap extends Error {
  override readonly name = 'GuestTrap';
}

/** The program ended its process. */
export class GuestExit extends Error {
  override readonly name = 'GuestExit';
  constructor(readonly returnCode: number) {
    super(`exit ${returnCode}`);
  }
}

/** Handle numbers and what they stand for. */
export class HandleTable {
  readonly #resources = new Map<number, object>();
  #next = 1;

  add(resource: object): number {
    const handle = this.#next++;
    this.#resources.set(handle, resource);
    return handle;
  }

  get<T extends object>(handle: number, kind: abstract new (...values: never[]) => T): T {
    const resource = this.#resources.get(handle);
    if (!(resource instanceof kind)) throw new GuestTrap(`handle ${handle} is no ${kind.name}`);
    return resource;
  }

  remove<T extends object>(handle: number, kind: abstract new (...values: never[]) => T): T {
    const resource = this.get(handle, kind);
    this.#resources.delete(handle);
    return resource;
  }
}

export interface RunState {
  readonly handles: HandleTable;
  readonly fileSystem: FileSystem;
  readonly stdin: Uint8Array;
  /** How far the program has read its stdin. */
  stdinPosition: number;
  writeOutput(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** The cell that runs next; empty where a program runs. */
  readonly cell: Uint8Array;
  /** Takes what a cell displays or failed with: JSON. */
  show(message: string): void;
  /** Called before the program waits, so that what it wrote is seen. */
  flushOutput(): void;
}

/** What host functions work on: the memory of their instance and the run that is under way. */
export interface HostContext {
  readonly memory: GuestMemory;
  readonly run: RunState;
}

export type HostFunctions = Record<string, HostFunction>;

/** The `stdin` bytes that come next, at most `length`. */
export function takeStdin(run: RunState, length: number): Uint8Array {
  const bytes = run.stdin.subarray(run.stdinPosition, run.stdinPosition + length);
  run.stdinPosition += bytes.length;
  return bytes;
}
