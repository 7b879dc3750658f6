// The memory of a guest instance, as the host reads and writes it.
// In: the instance's memory and allocator. Out: typed reads and writes at guest addresses.
// A grown memory has a new buffer, so views are made anew when the buffer changed.

export const PAGE_BYTES = 65_536;

/** Allocates in the guest: `cabi_realloc(0, 0, align, size)`. */
export type Allocate = (oldPointer: number, oldSize: number, align: number, size: number) => number;

export class GuestMemory {
  #memory: WebAssembly.Memory | undefined;
  #allocate: Allocate | undefined;
  #view = new DataView(new ArrayBuffer(0));
  #bytes = new Uint8Array(0);
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();

  /** Host functions are made before the memory they write to exists. */
  attach(memory: WebAssembly.Memory, allocate: Allocate): void {
    this.#memory = memory;
    this.#allocate = allocate;
  }

  get view(): DataView {
    this.#refresh();
    return this.#view;
  }

  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  #refresh(): void {
    if (!this.#memory) throw new Error('the guest has no memory yet');
    if (this.#view.buffer === this.#memory.buffer) return;
    this.#view = new DataView(this.#memory.buffer);
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  /** A copy of guest bytes. */
  readBytes(pointer: number, length: number): Uint8Array {
    return this.bytes.slice(pointer >>> 0, (pointer >>> 0) + (length >>> 0));
  }

  readText(pointer: number, length: number): string {
    return this.#decoder.decode(this.bytes.subarray(pointer >>> 0, (pointer >>> 0) + (length >>> 0)));
  }

  writeU8(pointer: number, value: number): void {
    this.view.setUint8(pointer >>> 0, value);
  }

  writeU32(pointer: number, value: number): void {
    this.view.setUint32(pointer >>> 0, value, true);
  }

  writeU64(pointer: number, value: bigint): void {
    this.view.setBigUint64(pointer >>> 0, value, true);
  }

  /** Hands bytes to the guest, which owns and frees them; writes pointer and length at `target`. */
  writeList(target: number, bytes: Uint8Array): void {
    const pointer = this.allocate(1, bytes.length);
    this.bytes.set(bytes, pointer);
    this.writeU32(target, pointer);
    this.writeU32(target + 4, bytes.length);
  }

  writeText(target: number, text: string): void {
    this.writeList(target, this.#encoder.encode(text));
  }

  allocate(align: number, size: number): number {
    if (!this.#allocate) throw new Error('the guest has no allocator yet');
    return size === 0 ? align : this.#allocate(0, 0, align, size) >>> 0;
  }
}
