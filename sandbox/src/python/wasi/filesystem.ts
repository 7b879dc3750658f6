// wasi:filesystem over the in-memory file system.
// Results are written as the canonical ABI lays them out: a discriminant byte, then the payload at its own alignment.

import {
  type DirectoryNode,
  FileSystemError,
  type FileSystemErrorCode,
  type FileSystemNode,
} from '../../filesystem.js';
import { InputStream, OutputStream } from './io.js';
import { GuestTrap, type HostContext, type HostFunctions } from './run-state.js';

/** `error-code`, by its place in the enum. */
const ERROR_CODES: Record<FileSystemErrorCode, number> = {
  'bad-descriptor': 3,
  exist: 7,
  'file-too-large': 8,
  invalid: 12,
  'is-directory': 14,
  'name-too-long': 18,
  'no-entry': 20,
  'insufficient-space': 23,
  'not-directory': 24,
  'not-empty': 25,
  unsupported: 27,
  'not-permitted': 31,
};
const NODE_TYPES: Record<FileSystemNode['kind'], number> = { device: 2, directory: 3, file: 6 };
const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 };
const ACCESS = { read: 1, write: 2, mutateDirectory: 32 };
const CHUNK_BYTES = 1 << 20;

class Descriptor {
  constructor(
    readonly names: readonly string[],
    readonly node: FileSystemNode,
    readonly access: number,
  ) {
    if (node.kind === 'file') node.open();
  }

  read(offset: number, length: number): Uint8Array {
    const { node } = this;
    if (node.kind === 'directory') throw new FileSystemError('is-directory');
    if (!(this.access & ACCESS.read)) throw new FileSystemError('bad-descriptor');
    return node.kind === 'file' ? node.read(offset, length) : node.device.read(offset, length);
  }

  write(bytes: Uint8Array, offset: number): void {
    const { node } = this;
    if (node.kind === 'directory') throw new FileSystemError('is-directory');
    if (!(this.access & ACCESS.write)) throw new FileSystemError('bad-descriptor');
    if (node.kind === 'file') node.write(bytes, offset);
    else node.device.write(bytes);
  }

  /** Refuses at once what a stream would refuse at its first byte, where the reason is lost. */
  require(access: number): this {
    if (!(this.access & access)) throw new FileSystemError('bad-descriptor');
    if (this.node.kind === 'directory') throw new FileSystemError('is-directory');
    return this;
  }

  get length(): number {
    return this.node.kind === 'file' ? this.node.length : 0;
  }

  resize(length: number): void {
    if (this.node.kind === 'directory') throw new FileSystemError('is-directory');
    if (!(this.access & ACCESS.write)) throw new FileSystemError('invalid');
    if (this.node.kind === 'file') this.node.resize(length);
  }

  close(): void {
    if (this.node.kind === 'file') this.node.close();
  }
}

class DirectoryEntryStream {
  position = 0;
  constructor(readonly entries: [string, FileSystemNode][]) {}
}

function toNumber(value: bigint): number {
  return Number(BigInt.asUintN(64, value));
}

function toOffset(value: bigint): number {
  const offset = toNumber(value);
  if (offset > Number.MAX_SAFE_INTEGER) throw new FileSystemError('invalid');
  return offset;
}

/** Does `operation`, which writes its own payload, and writes the discriminant; a refusal becomes an `error-code`. */
function answer({ memory }: HostContext, target: number, payload: number, operation: () => void): void {
  try {
    operation();
    memory.writeU8(target, 0);
  } catch (error) {
    if (!(error instanceof FileSystemError)) throw error;
    memory.writeU8(target, 1);
    memory.writeU8(target + payload, ERROR_CODES[error.code]);
  }
}

function writeStat({ memory }: HostContext, target: number, node: FileSystemNode): void {
  memory.writeU8(target, NODE_TYPES[node.kind]);
  memory.writeU64(target + 8, 1n);
  memory.writeU64(target + 16, BigInt(node.kind === 'file' ? node.length : 0));
  for (const [offset, milliseconds] of [
    [24, node.accessedMs],
    [48, node.modifiedMs],
    [72, node.modifiedMs],
  ] as const) {
    memory.writeU8(target + offset, 1);
    memory.writeU64(target + offset + 8, BigInt(Math.floor(milliseconds / 1000)));
    memory.writeU32(target + offset + 16, Math.floor((milliseconds % 1000) * 1e6));
  }
}

function writeMetadataHash({ memory }: HostContext, target: number, node: FileSystemNode): void {
  memory.writeU64(target, node.identity);
  memory.writeU64(target + 8, 0n);
}

/** A `new-timestamp`: leave it, now, or a time. */
function readTimestamp(current: number, kind: number, seconds: bigint, nanoseconds: number): number {
  if (kind === 0) return current;
  return kind === 1 ? Date.now() : toNumber(seconds) * 1000 + (nanoseconds >>> 0) / 1e6;
}

/** When a file was read and changed, as the guest gives it, and where the answer goes. */
type TimesAndTarget = [
  accessKind: number,
  accessSeconds: bigint,
  accessNanoseconds: number,
  modifyKind: number,
  modifySeconds: bigint,
  modifyNanoseconds: number,
  target: number,
];

function setTimes(node: FileSystemNode, times: TimesAndTarget): void {
  node.accessedMs = readTimestamp(node.accessedMs, times[0], times[1], times[2]);
  node.modifiedMs = readTimestamp(node.modifiedMs, times[3], times[4], times[5]);
}

function openAt(
  context: HostContext,
  base: Descriptor,
  path: string,
  open: number,
  access: number,
): Descriptor {
  const { fileSystem } = context.run;
  const names = fileSystem.resolve(base.names, path);
  const found = fileSystem.find(names);
  if (found && open & OPEN.create && open & OPEN.exclusive) throw new FileSystemError('exist');
  if (!found && !(open & OPEN.create)) throw new FileSystemError('no-entry');
  if (path.endsWith('/') && !found) throw new FileSystemError('is-directory');
  const node = found ?? fileSystem.createFile(names);
  if (node.kind !== 'directory' && (open & OPEN.directory || path.endsWith('/')))
    throw new FileSystemError('not-directory');
  if (node.kind === 'directory' && access & ACCESS.write) throw new FileSystemError('is-directory');
  if (open & OPEN.truncate && node.kind === 'file') node.resize(0);
  return new Descriptor(names, node, access);
}

function listDirectory(node: FileSystemNode): DirectoryEntryStream {
  if (node.kind !== 'directory') throw new FileSystemError('not-directory');
  return new DirectoryEntryStream([...(node as DirectoryNode).entries]);
}

/** What works on a path below an open directory. */
function paths(context: HostContext): HostFunctions {
  const { memory } = context;
  const resolve = (handle: number, pointer: number, length: number) =>
    context.run.fileSystem.resolve(
      context.run.handles.get(handle, Descriptor).names,
      memory.readText(pointer, length),
    );
  const find = (handle: number, pointer: number, length: number) =>
    context.run.fileSystem.get(resolve(handle, pointer, length));
  const change =
    (operation: (names: string[]) => void) =>
    (handle: number, pointer: number, length: number, target: number) =>
      answer(context, target, 1, () => operation(resolve(handle, pointer, length)));
  const refuse =
    (code: FileSystemErrorCode, payload: number) =>
    (...values: number[]) =>
      answer(context, values.at(-1) as number, payload, () => {
        throw new FileSystemError(code);
      });
  const method = (name: string) => `wasi:filesystem/types#[method]descriptor.${name}`;
  return {
    [method('open-at')]: (
      handle: number,
      _pathFlags: number,
      pointer: number,
      length: number,
      open: number,
      access: number,
      target: number,
    ) =>
      answer(context, target, 4, () => {
        const base = context.run.handles.get(handle, Descriptor);
        const opened = openAt(context, base, memory.readText(pointer, length), open, access);
        memory.writeU32(target + 4, context.run.handles.add(opened));
      }),
    [method('stat-at')]: (handle: number, _flags: number, pointer: number, length: number, target: number) =>
      answer(context, target, 8, () => writeStat(context, target + 8, find(handle, pointer, length))),
    [method('metadata-hash-at')]: (
      handle: number,
      _flags: number,
      pointer: number,
      length: number,
      target: number,
    ) =>
      answer(context, target, 8, () => writeMetadataHash(context, target + 8, find(handle, pointer, length))),
    [method('set-times-at')]: (
      handle: number,
      _flags: number,
      pointer: number,
      length: number,
      ...times: TimesAndTarget
    ) => answer(context, times[6], 1, () => setTimes(find(handle, pointer, length), times)),
    [method('create-directory-at')]: change((names) => context.run.fileSystem.createDirectory(names)),
    [method('remove-directory-at')]: change((names) => context.run.fileSystem.removeDirectory(names)),
    [method('unlink-file-at')]: change((names) => context.run.fileSystem.removeFile(names)),
    [method('rename-at')]: (
      handle: number,
      pointer: number,
      length: number,
      toHandle: number,
      toPointer: number,
      toLength: number,
      target: number,
    ) =>
      answer(context, target, 1, () =>
        context.run.fileSystem.rename(
          resolve(handle, pointer, length),
          resolve(toHandle, toPointer, toLength),
        ),
      ),
    [method('link-at')]: refuse('unsupported', 1),
    [method('symlink-at')]: refuse('unsupported', 1),
    [method('readlink-at')]: refuse('invalid', 4),
  };
}

/** What works on an open file or directory. */
function descriptors(context: HostContext): HostFunctions {
  const { memory } = context;
  const get = (handle: number) => context.run.handles.get(handle, Descriptor);
  const accept = (...values: (number | bigint)[]) => answer(context, values.at(-1) as number, 1, () => {});
  const addStream = (target: number, make: () => object) =>
    answer(context, target, 4, () => memory.writeU32(target + 4, context.run.handles.add(make())));
  const addWriter = (descriptor: Descriptor, start: number) => {
    let offset = start;
    return new OutputStream((bytes) => {
      descriptor.write(bytes, offset);
      offset += bytes.length;
    });
  };
  const method = (name: string) => `wasi:filesystem/types#[method]descriptor.${name}`;
  return {
    [method('read')]: (handle: number, length: bigint, offset: bigint, target: number) =>
      answer(context, target, 4, () => {
        const wanted = Math.min(toNumber(length), CHUNK_BYTES);
        const bytes = get(handle).read(toOffset(offset), wanted);
        memory.writeList(target + 4, bytes);
        memory.writeU8(target + 12, bytes.length < wanted ? 1 : 0);
      }),
    [method('write')]: (handle: number, pointer: number, length: number, offset: bigint, target: number) =>
      answer(context, target, 8, () => {
        get(handle).write(memory.readBytes(pointer, length), toOffset(offset));
        memory.writeU64(target + 8, BigInt(length >>> 0));
      }),
    [method('read-via-stream')]: (handle: number, start: bigint, target: number) =>
      addStream(target, () => {
        const descriptor = get(handle).require(ACCESS.read);
        let offset = toOffset(start);
        return new InputStream((length) => {
          const bytes = descriptor.read(offset, length);
          offset += bytes.length;
          return bytes;
        });
      }),
    [method('write-via-stream')]: (handle: number, offset: bigint, target: number) =>
      addStream(target, () => addWriter(get(handle).require(ACCESS.write), toOffset(offset))),
    [method('append-via-stream')]: (handle: number, target: number) =>
      addStream(target, () => {
        const descriptor = get(handle).require(ACCESS.write);
        return new OutputStream((bytes) => descriptor.write(bytes, descriptor.length));
      }),
    [method('get-flags')]: (handle: number, target: number) =>
      answer(context, target, 1, () => memory.writeU8(target + 1, get(handle).access)),
    [method('stat')]: (handle: number, target: number) =>
      answer(context, target, 8, () => writeStat(context, target + 8, get(handle).node)),
    [method('metadata-hash')]: (handle: number, target: number) =>
      answer(context, target, 8, () => writeMetadataHash(context, target + 8, get(handle).node)),
    [method('set-size')]: (handle: number, length: bigint, target: number) =>
      answer(context, target, 1, () => get(handle).resize(toOffset(length))),
    [method('set-times')]: (handle: number, ...times: TimesAndTarget) =>
      answer(context, times[6], 1, () => setTimes(get(handle).node, times)),
    [method('advise')]: accept,
    [method('sync')]: accept,
    [method('sync-data')]: accept,
    [method('read-directory')]: (handle: number, target: number) =>
      addStream(target, () => listDirectory(get(handle).node)),
  };
}

function readDirectoryEntry({ memory, run }: HostContext, handle: number, target: number): void {
  const stream = run.handles.get(handle, DirectoryEntryStream);
  const entry = stream.entries[stream.position++];
  memory.writeU8(target, 0);
  memory.writeU8(target + 4, entry ? 1 : 0);
  if (!entry) return;
  memory.writeU8(target + 8, NODE_TYPES[entry[1].kind]);
  memory.writeText(target + 12, entry[0]);
}

export function filesystem(context: HostContext): HostFunctions {
  const { memory } = context;
  return {
    ...paths(context),
    ...descriptors(context),
    'wasi:filesystem/types#[method]directory-entry-stream.read-directory-entry': (
      handle: number,
      target: number,
    ) => readDirectoryEntry(context, handle, target),
    'wasi:filesystem/types#[resource-drop]descriptor': (handle: number) =>
      context.run.handles.remove(handle, Descriptor).close(),
    'wasi:filesystem/types#[resource-drop]directory-entry-stream': (handle: number) => {
      context.run.handles.remove(handle, DirectoryEntryStream);
    },
    'wasi:filesystem/preopens#get-directories': (target: number) => {
      const { fileSystem, handles } = context.run;
      if (!fileSystem) throw new GuestTrap('there is no run');
      const list = memory.allocate(4, 12);
      const access = ACCESS.read | ACCESS.mutateDirectory;
      memory.writeU32(list, handles.add(new Descriptor([], fileSystem.root, access)));
      memory.writeText(list + 4, '/');
      memory.writeU32(target, list);
      memory.writeU32(target + 4, 1);
    },
  };
}
