// The list of files of `fencerun view` in, sources that may change out.

import type { SourceSpec } from '../work/protocol.js';

interface ServedFile {
  name: string;
  url: string;
  bytes: number;
  /** When it was written the last time, in milliseconds since 1970. */
  changedMs: number;
}

export interface FileListener {
  /** There is one file more. */
  onNew(source: SourceSpec): void;
  /** The file at a place is another one than before; `hasGrown` when it is longer. */
  onChanged(place: number, hasGrown: boolean): void;
}

const LOOK_AGAIN_MS = 1000;

export async function listServedFiles(url: URL): Promise<ServedFile[]> {
  const response = await fetch(url, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.json();
}

export function fromServedFiles(list: readonly ServedFile[], base: URL): SourceSpec[] {
  return list.map(({ name, url }) => ({ kind: 'url', name, url: new URL(url, base).href, isLive: true }));
}

/** Looks at the list again and again, and tells what has changed since `list`; new files take the places behind it. */
export function watchServedFiles(url: URL, list: readonly ServedFile[], listener: FileListener): void {
  const known = new Map(list.map((file, place) => [file.url, { ...file, place }]));
  setTimeout(async function look() {
    // The server may have been stopped; what has been read stays.
    for (const file of await listServedFiles(url).catch(() => [])) {
      const before = known.get(file.url);
      const place = before?.place ?? known.size;
      known.set(file.url, { ...file, place });
      if (!before) fromServedFiles([file], url).forEach(listener.onNew);
      else if (file.bytes !== before.bytes || file.changedMs !== before.changedMs)
        listener.onChanged(place, file.bytes > before.bytes);
    }
    setTimeout(look, LOOK_AGAIN_MS);
  }, LOOK_AGAIN_MS);
}
