import type { BigIntStats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lets a file go again. */
export type Release = () => void;

/**
 * Holds a file for this process alone; `undefined` when another process of this machine holds it. The hold is a name at
 * which this process listens, so the system takes it back however the process ends.
 */
export async function holdFile({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): Promise<Release | undefined> {
  const name = `fencerun-${dev.toString(36)}-${ino.toString(36)}`;
  // Names of Linux and Windows end with their process.
  if (process.platform === 'linux') return listenAt(`\0${name}`);
  if (process.platform === 'win32') return listenAt(`\\\\.\\pipe\\${name}`);
  const path = join(tmpdir(), name);
  const release = await listenAt(path);
  if (release || (await isAnswered(path))) return release;
  // Its process was killed.
  await rm(path, { force: true });
  return listenAt(path);
}

function listenAt(path: string): Promise<Release | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(() => void server.close()));
    server.unref();
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
