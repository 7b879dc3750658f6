import { type FileHandle, open, stat } from 'node:fs/promises';
import { Failure } from './failure.js';
import { holdFile, type Release } from './file-hold.js';

/** How much may wait to be written, in bytes: 8 MiB. */
const MAX_WAITING_BYTES = 8 << 20;

/**
 * A file that only grows, by whole lines. What was added is on the disk in the order in which it came, and nothing is
 * written before what came earlier is on the disk: whatever ends this process, the file is a front part of what it would
 * have become.
 */
export class LineFile {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #release: Release;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;

  private constructor(file: FileHandle, path: string, release: Release) {
    this.#file = file;
    this.#path = path;
    this.#release = release;
  }

  /**
   * Opens a file to append to.
   *
   * @throws {Failure} when it is there and not to be `resumed`, when another process writes it, and when it cannot be opened.
   */
  static async open(path: string, { resumed }: { resumed: boolean }): Promise<LineFile> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, resumed ? 'a' : 'ax');
      const release = await holdFile(await file.stat({ bigint: true }));
      if (release) return new LineFile(file, path, release);
    } catch (thrown) {
      await file?.close();
      const isThere = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
      if (isThere) throw new Failure(`${path} is there already: --resume goes on with it`);
      throw describeWriteError(path, thrown);
    }
    await file.close();
    throw new Failure(`${path} is being written by another replay`);
  }

  /** Cuts off everything from `bytes` on. */
  async cut(bytes: number): Promise<void> {
    await this.#try(async () => {
      await this.#file.truncate(bytes);
      await this.#file.datasync();
    });
  }

  /** Adds lines. Resolves when more may be added, which is before they are on the disk. */
  async add(lines: Uint8Array): Promise<void> {
    this.#waiting.push(lines);
    this.#waitingBytes += lines.length;
    this.#writing ??= this.#write();
    if (this.#waitingBytes > MAX_WAITING_BYTES) await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when everything is on the disk, and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
    this.#release();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Writes what waits, and what came meanwhile, until nothing does. */
  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const lines = Buffer.concat(this.#waiting);
        this.#waiting = [];
        await this.#try(async () => {
          await this.#file.appendFile(lines);
          await this.#file.datasync();
        });
        this.#waitingBytes -= lines.length;
      }
    } catch (thrown) {
      this.#failure ??= thrown;
    }
    this.#writing = undefined;
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      throw describeWriteError(this.#path, thrown);
    }
  }
}

function describeWriteError(path: string, thrown: unknown): Failure {
  return new Failure(`cannot write ${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}

/** Whether two paths are one file. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const read = async (path: string): Promise<string | undefined> => {
    const facts = await stat(path).catch(() => undefined);
    return facts === undefined ? undefined : `${facts.dev}:${facts.ino}`;
  };
  const [first, second] = await Promise.all([read(one), read(other)]);
  return first !== undefined && first === second;
}
