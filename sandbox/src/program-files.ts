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

export function buildFileSystem(job: Job, mainName: string, devices: Devices): FileSystem {
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
  for (const [path, content] of job.files) {
    try {
      fileSystem.putFile(fileSystem.resolve(WORKING_DIRECTORY, path), content);
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error;
      // A path that names no file, "." or one below another file, is passed over; too much is not.
      if (error.code === 'insufficient-space')
        throw new Error('the files of the request do not fit the file system');
    }
  }
  fileSystem.putFile([...WORKING_DIRECTORY, mainName], new TextEncoder().encode(job.code));
  return fileSystem;
}

/** Copies of the files of `job.fetchFiles` that exist. */
export function fetchFiles(fileSystem: FileSystem, job: Job): [string, Uint8Array<ArrayBuffer>][] {
  return [...new Set(job.fetchFiles)].flatMap((path): [string, Uint8Array<ArrayBuffer>][] => {
    try {
      const content = fileSystem.readFile(fileSystem.resolve(WORKING_DIRECTORY, path));
      return content ? [[path, content.slice()]] : [];
    } catch {
      return [];
    }
  });
}
