// wasi:io: streams of bytes, their errors, and waiting for something.
// Results are written as the canonical ABI lays them out: a discriminant byte, then the payload at its own alignment.

import { FileSystemError } from '../../filesystem.js';
import { GuestTrap, type HostContext, type HostFunctions } from './run-state.js';

const CHUNK_BYTES = 1 << 20;
const STREAM_ERROR = { failed: 0, closed: 1 };

/** What a stream operation failed with. */
class IoError {
  constructor(readonly cause: unknown) {}
}

/** Something to wait for; files and captured streams are always ready. */
export class Pollable {
  ready(): boolean {
    return true;
  }
  block(): void {}
}

/** Gives at most `length` bytes, none at the end. */
export class InputStream {
  constructor(readonly take: (length: number) => Uint8Array) {}
}

export class OutputStream {
  constructor(readonly put: (bytes: Uint8Array) => void) {}
}

/** Runs a stream operation and turns what a file system refuses into the stream's own error. */
function answerStream(
  { memory, run }: HostContext,
  target: number,
  payload: number,
  operation: () => 'closed' | undefined,
): void {
  try {
    if (operation() !== 'closed') {
      memory.writeU8(target, 0);
      return;
    }
    memory.writeU8(target, 1);
    memory.writeU8(target + payload, STREAM_ERROR.closed);
  } catch (error) {
    if (!(error instanceof FileSystemError)) throw error;
    memory.writeU8(target, 1);
    memory.writeU8(target + payload, STREAM_ERROR.failed);
    memory.writeU32(target + payload + 4, run.handles.add(new IoError(error)));
  }
}

function readStream(context: HostContext, handle: number, length: bigint, target: number): void {
  answerStream(context, target, 4, () => {
    const wanted = Number(BigInt.asUintN(64, length));
    const bytes = context.run.handles.get(handle, InputStream).take(Math.min(wanted, CHUNK_BYTES));
    if (bytes.length === 0 && wanted > 0) return 'closed';
    context.memory.writeList(target + 4, bytes);
    return undefined;
  });
}

function writeStream(
  context: HostContext,
  handle: number,
  pointer: number,
  length: number,
  target: number,
): void {
  answerStream(context, target, 4, () => {
    context.run.handles.get(handle, OutputStream).put(context.memory.readBytes(pointer, length));
    return undefined;
  });
}

function poll(context: HostContext, list: number, length: number, target: number): void {
  const pollables = Array.from({ length }, (_, index) =>
    context.run.handles.get(context.memory.view.getUint32((list >>> 0) + index * 4, true), Pollable),
  );
  if (pollables.length === 0) throw new GuestTrap('poll got an empty list');
  let ready: number[] = [];
  for (;;) {
    ready = pollables.flatMap((pollable, index) => (pollable.ready() ? [index] : []));
    if (ready.length > 0) break;
    // Only timers can be unready, and the earliest decides.
    pollables[0]?.block();
  }
  const pointer = context.memory.allocate(4, ready.length * 4);
  ready.forEach((index, position) => {
    context.memory.writeU32(pointer + position * 4, index);
  });
  context.memory.writeU32(target, pointer);
  context.memory.writeU32(target + 4, ready.length);
}

export function io(context: HostContext): HostFunctions {
  const drop = (kind: abstract new (...values: never[]) => object) => (handle: number) => {
    context.run.handles.remove(handle, kind);
  };
  const subscribe = (kind: abstract new (...values: never[]) => object) => (handle: number) => {
    context.run.handles.get(handle, kind);
    return context.run.handles.add(new Pollable());
  };
  return {
    'wasi:io/error#[resource-drop]error': drop(IoError),
    'wasi:io/poll#[resource-drop]pollable': drop(Pollable),
    'wasi:io/poll#[method]pollable.block': (handle: number) =>
      context.run.handles.get(handle, Pollable).block(),
    'wasi:io/poll#poll': (list: number, length: number, target: number) =>
      poll(context, list, length, target),
    'wasi:io/streams#[resource-drop]input-stream': drop(InputStream),
    'wasi:io/streams#[resource-drop]output-stream': drop(OutputStream),
    'wasi:io/streams#[method]input-stream.read': (handle: number, length: bigint, target: number) =>
      readStream(context, handle, length, target),
    'wasi:io/streams#[method]input-stream.subscribe': subscribe(InputStream),
    'wasi:io/streams#[method]output-stream.check-write': (handle: number, target: number) => {
      context.run.handles.get(handle, OutputStream);
      context.memory.writeU8(target, 0);
      context.memory.writeU64(target + 8, BigInt(CHUNK_BYTES));
    },
    'wasi:io/streams#[method]output-stream.write': (
      handle: number,
      pointer: number,
      length: number,
      target: number,
    ) => writeStream(context, handle, pointer, length, target),
    'wasi:io/streams#[method]output-stream.blocking-write-and-flush': (
      handle: number,
      pointer: number,
      length: number,
      target: number,
    ) => writeStream(context, handle, pointer, length, target),
    'wasi:io/streams#[method]output-stream.blocking-flush': (handle: number, target: number) => {
      context.run.handles.get(handle, OutputStream);
      context.memory.writeU8(target, 0);
    },
    'wasi:io/streams#[method]output-stream.subscribe': subscribe(OutputStream),
  };
}
