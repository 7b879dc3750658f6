// The file system a program sees: a tree in memory with a quota, made anew for every run.
// In: paths as the program writes them, taken from the root; `..` stops there. Out: nodes, or a thrown FileSystemError.
// Knows neither WASI nor Python. There are no links, so a path has one meaning.

export type FileSystemErrorCode =
  | 'bad-descriptor'
  | 'exist'
  | 'file-too-large'
  | 'insufficient-space'
  | 'invalid'
  | 'is-directory'
  | 'name-too-long'
  | 'no-entry'
  | 'not-directory'
  | 'not-empty'
  | 'not-permitted'
  | 'unsupported';

export class FileSystemError extends Error {
  override readonly name = 'FileSystemError';
  constructor(readonly code: FileSystemErrorCode) {
    super(code);
  }
}

/** Takes and gives bytes where a path stands for something that is no stored file, as /dev/null does. */
export interface Device {
  read(offset: number, length: number): Uint8Array;
  write(bytes: Uint8Array): void;
}

/** What every node of one file system takes from it. */
interface Origin {
  nowMs(): number;
  /** Counts from 1 in every file system: an inode number must not tell of earlier runs. */
  nextIdentity(): bigint;
}

abstract class Node {
  readonly identity: bigint;
  modifiedMs: number;
  accessedMs: number;
  constructor(readonly origin: Origin) {
    this.identity = origin.nextIdentity();
    this.modifiedMs = origin.nowMs();
    this.accessedMs = this.modifiedMs;
  }
}

export class DirectoryNode extends Node {
  readonly kind = 'directory';
  readonly entries = new Map<string, FileSystemNode>();
}

export class DeviceNode extends Node {
  readonly kind = 'device';
  constructor(
    readonly device: Device,
    origin: Origin,
  ) {
    super(origin);
  }
}

export class FileNode extends Node {
  readonly kind = 'file';
  #storage: Uint8Array;
  #length: number;
  #openCount = 0;
  #linked = true;
  readonly #reserve: (bytes: number) => void;

  constructor(content: Uint8Array, reserve: (bytes: number) => void, origin: Origin) {
    super(origin);
    this.#reserve = reserve;
    reserve(content.length);
    this.#storage = content;
    this.#length = content.length;
  }

  get length(): number {
    return this.#length;
  }

  /** The content; it is a view, valid until the next write. */
  get content(): Uint8Array {
    return this.#storage.subarray(0, this.#length);
  }

  read(offset: number, length: number): Uint8Array {
    return this.content.subarray(offset, offset + length);
  }

  write(bytes: Uint8Array, offset: number): void {
    const end = offset + bytes.length;
    if (end > this.#length) this.resize(end);
    this.#storage.set(bytes, offset);
    this.modifiedMs = this.origin.nowMs();
  }

  resize(length: number): void {
    if (!Number.isSafeInteger(length)) throw new FileSystemError('file-too-large');
    this.#reserve(length - this.#length);
    if (length > this.#storage.length) {
      const storage = new Uint8Array(
        Math.max(length, Math.min(this.#storage.length * 2, length + (4 << 20))),
      );
      storage.set(this.content);
      this.#storage = storage;
    } else if (length > this.#length) {
      this.#storage.fill(0, this.#length, length);
    }
    this.#length = length;
    this.modifiedMs = this.origin.nowMs();
  }

  /** Keeps the content while somebody has the file open, even without a path. */
  open(): void {
    this.#openCount++;
  }

  close(): void {
    this.#openCount--;
    this.#discardUnreachable();
  }

  unlink(): void {
    this.#linked = false;
    this.#discardUnreachable();
  }

  #discardUnreachable(): void {
    if (this.#linked || this.#openCount > 0) return;
    this.#reserve(-this.#length);
    this.#length = 0;
    this.#storage = new Uint8Array(0);
  }
}

export type FileSystemNode = DirectoryNode | FileNode | DeviceNode;

const MAX_NAME_LENGTH = 255;
/** What a directory entry costs of the quota, so that a million empty files are not free. */
const ENTRY_BYTES = 256;

export class FileSystem {
  readonly root: DirectoryNode;
  readonly #maxBytes: number;
  readonly #origin: Origin;
  #usedBytes = 0;

  constructor({ maxBytes, nowMs }: { maxBytes: number; nowMs: () => number }) {
    let identity = 0n;
    this.#maxBytes = maxBytes;
    this.#origin = { nowMs, nextIdentity: () => ++identity };
    this.root = new DirectoryNode(this.#origin);
  }

  readonly #reserve = (bytes: number): void => {
    if (bytes > 0 && this.#usedBytes + bytes > this.#maxBytes)
      throw new FileSystemError('insufficient-space');
    this.#usedBytes += bytes;
  };

  /** The names on the way from the root, beginning at the names `base`. */
  resolve(base: readonly string[], path: string): string[] {
    const names = path.startsWith('/') ? [] : [...base];
    for (const name of path.split('/')) {
      if (name === '' || name === '.') continue;
      if (name === '..') names.pop();
      else if (name.length > MAX_NAME_LENGTH) throw new FileSystemError('name-too-long');
      else names.push(name);
    }
    return names;
  }

  find(names: readonly string[]): FileSystemNode | undefined {
    let node: FileSystemNode | undefined = this.root;
    for (const name of names) {
      if (node === undefined) return undefined;
      if (node.kind !== 'directory') throw new FileSystemError('not-directory');
      node = node.entries.get(name);
    }
    return node;
  }

  get(names: readonly string[]): FileSystemNode {
    const node = this.find(names);
    if (!node) throw new FileSystemError('no-entry');
    return node;
  }

  #getParent(names: readonly string[]): [DirectoryNode, string] {
    const name = names.at(-1);
    if (name === undefined) throw new FileSystemError('not-permitted');
    const parent = this.get(names.slice(0, -1));
    if (parent.kind !== 'directory') throw new FileSystemError('not-directory');
    return [parent, name];
  }

  #insert(names: readonly string[], node: FileSystemNode): void {
    const [parent, name] = this.#getParent(names);
    if (parent.entries.has(name)) throw new FileSystemError('exist');
    this.#reserve(ENTRY_BYTES);
    parent.entries.set(name, node);
    parent.modifiedMs = this.#origin.nowMs();
  }

  #detach(names: readonly string[]): void {
    const [parent, name] = this.#getParent(names);
    parent.entries.delete(name);
    parent.modifiedMs = this.#origin.nowMs();
    this.#reserve(-ENTRY_BYTES);
  }

  createFile(names: readonly string[], content: Uint8Array = new Uint8Array(0)): FileNode {
    const node = new FileNode(content, this.#reserve, this.#origin);
    this.#insert(names, node);
    return node;
  }

  createDirectory(names: readonly string[]): void {
    this.#insert(names, new DirectoryNode(this.#origin));
  }

  createDevice(names: readonly string[], device: Device): void {
    this.#insert(names, new DeviceNode(device, this.#origin));
  }

  /** Makes the directories that are missing. */
  ensureDirectory(names: readonly string[]): void {
    for (let length = 1; length <= names.length; length++) {
      if (!this.find(names.slice(0, length))) this.createDirectory(names.slice(0, length));
    }
  }

  /** Puts a file where it belongs, with the directories above it; replaces what is there. */
  putFile(names: readonly string[], content: Uint8Array): void {
    this.ensureDirectory(names.slice(0, -1));
    if (this.find(names)) this.removeFile(names);
    this.createFile(names, content);
  }

  removeFile(names: readonly string[]): void {
    const node = this.get(names);
    if (node.kind === 'directory') throw new FileSystemError('is-directory');
    this.#detach(names);
    if (node.kind === 'file') node.unlink();
  }

  removeDirectory(names: readonly string[]): void {
    const node = this.get(names);
    if (node.kind !== 'directory') throw new FileSystemError('not-directory');
    if (node.entries.size > 0) throw new FileSystemError('not-empty');
    this.#detach(names);
  }

  rename(from: readonly string[], to: readonly string[]): void {
    const node = this.get(from);
    const target = this.find(to);
    if (target === node) return;
    if (node.kind === 'directory' && from.every((name, index) => to[index] === name))
      throw new FileSystemError('invalid');
    if (target) {
      if (target.kind === 'directory') {
        if (node.kind !== 'directory') throw new FileSystemError('is-directory');
        this.removeDirectory(to);
      } else {
        if (node.kind === 'directory') throw new FileSystemError('not-directory');
        this.removeFile(to);
      }
    }
    this.#insert(to, node);
    this.#detach(from);
  }

  /** The bytes of a file, or undefined where no file is. */
  readFile(names: readonly string[]): Uint8Array | undefined {
    try {
      const node = this.find(names);
      return node?.kind === 'file' ? node.content : undefined;
    } catch {
      return undefined;
    }
  }
}
