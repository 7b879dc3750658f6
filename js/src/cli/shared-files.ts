// Paths of the command line in, the files that a page may see out: nothing else on the disk can be named.

import { type Dirent, realpathSync, type Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { describeFileError } from './failure.js';

/** What may hold rollouts, in a folder. */
const ROLLOUT_FILE = /\.(?:jsonl|ndjson|json|txt|md)$/i;
/** So many files of a folder are listed at most. */
const MAX_FILES = 10_000;

/** A file that is shown. */
export interface SharedFile {
  /** Its name below the path that was given. */
  name: string;
  /** Which path that is, and where the file is below it; empty for the path itself. */
  root: number;
  inside: string;
  bytes: number;
  /** When it was written the last time, in milliseconds since 1970. */
  changedMs: number;
}

export class SharedFiles {
  readonly #roots: readonly { name: string; path: string }[];

  /** @throws {Failure} for a path that there is not. */
  constructor(paths: readonly string[]) {
    this.#roots = paths.map((path) => {
      try {
        return { name: basename(resolve(path)), path: realpathSync(path) };
      } catch (thrown) {
        throw describeFileError(path, thrown);
      }
    });
  }

  /** The files as they are now, `9.jsonl` before `10.jsonl`. */
  async list(): Promise<SharedFile[]> {
    const files: SharedFile[] = [];
    for (const [root, { name, path }] of this.#roots.entries()) {
      const status = await stat(path).catch(() => undefined);
      if (status?.isFile()) files.push(describe(name, root, '', status));
      else if (status) files.push(...(await listFolder(root, path)));
    }
    return files.slice(0, MAX_FILES);
  }

  /** Where the file is and how long; `undefined` when it is not below its root, however it is named or linked. */
  async find(root: number, inside: string): Promise<{ path: string; bytes: number } | undefined> {
    const base = this.#roots[root]?.path;
    if (base === undefined || inside.includes('\0')) return undefined;
    try {
      const path = await realpath(join(base, inside));
      if (path !== base && !path.startsWith(base.endsWith(sep) ? base : base + sep)) return undefined;
      const status = await stat(path);
      return status.isFile() ? { path, bytes: status.size } : undefined;
    } catch {
      return undefined;
    }
  }
}

async function listFolder(root: number, path: string): Promise<SharedFile[]> {
  const entries: Dirent[] = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile() && ROLLOUT_FILE.test(entry.name))
    .map(({ parentPath, path: folder, name }) => join(parentPath ?? folder, name).slice(path.length + 1))
    .map((name) => name.split(sep).join('/'))
    .sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
    .slice(0, MAX_FILES);
  const files = await Promise.all(
    names.map(async (name) => {
      const status = await stat(join(path, name)).catch(() => undefined);
      return status && describe(name, root, name, status);
    }),
  );
  // Some may be gone by now, as those are that are written elsewhere and then moved.
  return files.filter((file) => file !== undefined);
}

function describe(name: string, root: number, inside: string, { size, mtimeMs }: Stats): SharedFile {
  return { name, root, inside, bytes: size, changedMs: mtimeMs };
}
