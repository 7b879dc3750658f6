// Loads and compiles what the workers run. In: the files the build wrote. Out: compiled modules, ready to be sent.
// Compiling happens once; every worker gets the same modules.

import type { Guest, QuickJsAssets } from './job.js';
import type { Platform } from './platform.js';
import type { LinkPlan } from './python/linker.js';
import { PAGE_BYTES } from './python/memory.js';

export type Snapshot = 'python' | 'python-sympy';

interface Manifest {
  snapshots: Record<Snapshot, { modules: string[]; plan: LinkPlan }>;
  quickjs: string;
}

/** Memory limits of which compiled modules are kept. */
const KEPT_LIMITS = 4;

export class Guests {
  readonly #readAsset: Platform['readAsset'];
  readonly #compiled = new Map<string, Promise<WebAssembly.Module>>();
  readonly #guests = new Map<string, Promise<Guest>>();
  #manifest: Promise<Manifest> | undefined;
  #prelude: Promise<string> | undefined;

  constructor(platform: Platform) {
    this.#readAsset = (name) => platform.readAsset(name);
  }

  #readManifest(): Promise<Manifest> {
    this.#manifest ??= this.#readAsset('guest/manifest.json').then((bytes) =>
      JSON.parse(new TextDecoder().decode(bytes)),
    );
    return this.#manifest;
  }

  #compile(name: string): Promise<WebAssembly.Module> {
    return remember(this.#compiled, name, async () =>
      WebAssembly.compile(await this.#readAsset(`guest/${name}`)),
    );
  }

  /** A snapshot whose memory cannot grow beyond `memoryBytes`, or beyond what it needs to start. */
  load(snapshot: Snapshot, memoryBytes: number): Promise<Guest> {
    const key = `${snapshot}@${memoryBytes}`;
    const guest = remember(this.#guests, key, () => this.#build(key, snapshot, memoryBytes));
    this.#forgetOldGuests(key);
    return guest;
  }

  #forgetOldGuests(newest: string): void {
    const guest = this.#guests.get(newest);
    this.#guests.delete(newest);
    if (guest) this.#guests.set(newest, guest);
    for (const key of [...this.#guests.keys()].slice(0, -KEPT_LIMITS)) this.#guests.delete(key);
  }

  async #build(key: string, snapshot: Snapshot, memoryBytes: number): Promise<Guest> {
    const { modules, plan } = (await this.#readManifest()).snapshots[snapshot];
    const compiled = await Promise.all(
      modules.map(async (name, index) => {
        const memory = plan.instances[index]?.memory;
        if (!memory) return this.#compile(name);
        const pages = Math.max(memory.minimum, Math.floor(memoryBytes / PAGE_BYTES));
        return WebAssembly.compile(
          capMemory(await this.#readAsset(`guest/${name}`), memory.maximumOffset, pages),
        );
      }),
    );
    return { key, modules: compiled, plan };
  }

  async loadQuickJs(): Promise<QuickJsAssets> {
    this.#prelude ??= this.#readAsset('prelude.js').then((bytes) => new TextDecoder().decode(bytes));
    const compile = async () => this.#compile((await this.#readManifest()).quickjs);
    const [module, prelude] = await Promise.all([compile(), this.#prelude]);
    return { module, prelude };
  }
}

/** The cached promise of `key`; a failure is not cached. */
function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const cached = cache.get(key);
  if (cached) return cached;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

/** The build left five bytes for the maximum; they are a padded LEB128 number. */
function capMemory(
  bytes: Uint8Array<ArrayBuffer>,
  maximumOffset: number,
  pages: number,
): Uint8Array<ArrayBuffer> {
  for (let index = 0; index < 5; index++) {
    bytes[maximumOffset + index] = ((pages >>> (7 * index)) & 0x7f) | (index < 4 ? 0x80 : 0);
  }
  return bytes;
}
