// What Node and a browser do differently. In: nothing. Out: types only.

import type { FromWorker, ToWorker } from './job.js';

/** A worker as the pool sees it. */
export interface WorkerHandle {
  post(message: ToWorker): void;
  terminate(): void;
  /** Keeps the process alive, or lets it end. */
  hold(held: boolean): void;
}

export interface WorkerListeners {
  onMessage(message: FromWorker): void;
  /** The thread ended or failed without being told to. */
  onFailure(reason: string): void;
}

export interface Platform {
  defaultWorkers: number;
  /** Reads a built file, named from where the built files are. */
  readAsset(name: string): Promise<Uint8Array<ArrayBuffer>>;
  spawnWorker(listeners: WorkerListeners): WorkerHandle;
}
