// Finds promises that were rejected and never handled. In: the WebAssembly instance of a QuickJS. Out: their reasons.
// QuickJS tells its host through a function pointer in JSRuntime that quickjs-emscripten has no setter for. The pointer
// is next to that of the interrupt handler, which has one; the build left a free slot in the table to point to.

import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten-core';

/** The parts of an instance that quickjs-emscripten keeps to itself. */
export interface QuickJsInstance {
  memory: WebAssembly.Memory;
  table: WebAssembly.Table;
}

/** What quickjs-emscripten 0.32.0 has inside; the version is pinned for this. */
interface Internals {
  rt: { value: number };
  ctx: { value: number };
  module: { _malloc(bytes: number): number };
  ffi: { QTS_DupValuePointer(context: number, value: number): number };
  memory: { heapValueHandle(pointer: number): QuickJSHandle };
}

/** (import "e" "t" (func (param i32 i64 i64 i32 i32))) (export "t" (func 0)): gives a host function a type. */
const TRAMPOLINE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 9, 1, 0x60, 5, 0x7f, 0x7e, 0x7e, 0x7f, 0x7f, 0],
  ...[2, 7, 1, 1, 0x65, 1, 0x74, 0, 0],
  ...[7, 5, 1, 1, 0x74, 0, 0],
);
const RUNTIME_WORDS = 256;

/** Sets the interrupt handler and gives the address of the pointer to the rejection tracker, two words after it. */
function locateTracker(
  memory: WebAssembly.Memory,
  runtime: QuickJSRuntime,
  onInterrupt: () => boolean,
): number {
  const address = (runtime as unknown as Internals).rt.value;
  const readWords = () => [...new Int32Array(memory.buffer, address, RUNTIME_WORDS)];
  const before = readWords();
  runtime.setInterruptHandler(onInterrupt);
  const changed = readWords().flatMap((word, index) => (word !== before[index] ? [index] : []));
  const [first] = changed;
  if (first === undefined || changed.length !== 1 || before[first] !== 0) {
    throw new Error('the interrupt handler of QuickJS is not where it was');
  }
  return address + (first + 2) * Int32Array.BYTES_PER_ELEMENT;
}

export interface RejectionWatch {
  /** The reason of the first rejected promise that nobody handled until now; all are forgotten. */
  takeFirst(): QuickJSHandle | undefined;
}

/** Watches the promises of a runtime, and sets its interrupt handler. */
export function watchRejections(
  { memory, table }: QuickJsInstance,
  runtime: QuickJSRuntime,
  context: QuickJSContext,
  onInterrupt: () => boolean,
): RejectionWatch {
  const tracker = locateTracker(memory, runtime, onInterrupt);
  const internals = context as unknown as Internals;
  const scratch = internals.module._malloc(BigInt64Array.BYTES_PER_ELEMENT);
  const reasons = new Map<bigint, QuickJSHandle>();
  const track = (_context: number, promise: bigint, reason: bigint, isHandled: number) => {
    if (isHandled) {
      reasons.delete(promise);
      return;
    }
    new DataView(memory.buffer).setBigInt64(scratch, reason, true);
    const pointer = internals.ffi.QTS_DupValuePointer(internals.ctx.value, scratch);
    reasons.set(promise, internals.memory.heapValueHandle(pointer));
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAMPOLINE), { e: { t: track } });
  const slot = table.length - 1;
  table.set(slot, exports.t);
  new DataView(memory.buffer).setInt32(tracker, slot, true);
  return {
    takeFirst() {
      const [first] = reasons.values();
      reasons.clear();
      return first;
    },
  };
}
