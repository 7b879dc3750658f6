// The list of files of `fencerun view` in, sources that may grow out.

import type { SourceSpec } from '../work/protocol.js';

interface ServedFile {
  name: string;
  url: string;
  bytes: number;
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

/** Looks at the list again and again, and tells the places in `list` of files that have grown. */
export function watchServedFiles(
  url: URL,
  list: readonly ServedFile[],
  onGrown: (place: number) => void,
): void {
  const known = new Map(list.map(({ url: file, bytes }, place) => [file, { place, bytes }]));
  setTimeout(async function look() {
    // The server may have been stopped; what has been read stays.
    for (const { url: file, bytes } of await listServedFiles(url).catch(() => [])) {
      const before = known.get(file);
      if (!before || bytes <= before.bytes) continue;
      before.bytes = bytes;
      onGrown(before.place);
    }
    setTimeout(look, LOOK_AGAIN_MS);
  }, LOOK_AGAIN_MS);
}
