// The files of a run. In: a job. Out: the file system its program sees, and afterwards the files that were asked for.

import { FileSystem, FileSystemError } from './filesystem.js';
import type { Job, Stream } from './job.js';

export const WORKING_DIRECTORY = ['sandbox'];

const NOTHING = new Uint8Array(0);

/** What the devices of a run are connected to. */
export interface Devices {
  readStdin(length: number): Uint8Array;
  writeOutput(stream: Stream, bytes: Uint8Array): void;
}

/** @param mainName where the program goes; undefined where cells run, which are no file */
export function buildFileSystem(
  job: Pick<Job, 'code' | 'files' | 'maxFileSystemBytes'>,
  mainName: string | undefined,
  devices: Devices,
): FileSystem {
  const fileSystem = new FileSystem({
    maxBytes: job.maxFileSystemBytes + job.code.length * 3,
    nowMs: Date.now,
  });
  for (const name of ['dev', 'tmp']) fileSystem.createDirectory([name]);
  fileSystem.createDirectory(WORKING_DIRECTORY);
  const ignore = () => {};
  fileSystem.createDevice(['dev', 'null'], { read: () => NOTHING, write: ignore });
  fileSystem.createDevice(['dev', 'stdin'], {
    read: (_offset, length) => devices.readStdin(length),
    write: ignore,
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    const write = (bytes: Uint8Array) => devices.writeOutput(stream, bytes);
    fileSystem.createDevice(['dev', stream], { read: () => NOTHING, write });
  }
  putFiles(fileSystem, job.files);
  if (mainName !== undefined)
    fileSystem.putFile([...WORKING_DIRECTORY, mainName], new TextEncoder().encode(job.code));
  return fileSystem;
}

/** Stores files of a request. */
export function putFiles(fileSystem: FileSystem, files: Job['files']): void {
  for (const [path, content] of files) {
    try {
      fileSystem.putFile(fileSystem.resolve(WORKING_DIRECTORY, path), content);
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      // A path that names no file, "." or one below another file, is passed over; too much is not.
      if (error.code === 'insufficient-space')
        throw new Error('the files of the request do not fit the file system');
    }
  }
}

/** Copies of the files among `paths` that exist. */
export function fetchFiles(
  fileSystem: FileSystem,
  paths: readonly string[],
): [string, Uint8Array<ArrayBuffer>][] {
  return [...new Set(paths)].flatMap((path): [string, Uint8Array<ArrayBuffer>][] => {
    try {
      const content = fileSystem.readFile(fileSystem.resolve(WORKING_DIRECTORY, path));
      return content ? [[path, content.slice()]] : [];
    } catch {
      return [];
    }
  });
}
